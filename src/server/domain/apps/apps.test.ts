import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { allow, appsOf, askingApp, createAccessToken, deny, exchange, forgetUnusedApps, giveBack, makeOwnToken, outOfBand, readAsk, refusalOf, registerApp, revokeApps, viewerFromToken } from './index.ts'

const verifier = 'a-verifier-that-is-long-enough-for-the-standard-0123'
const challenge = createHash('sha256').update(verifier).digest('base64url')
const address = '192.0.2.7'
const back = 'https://app.example/callback'
const day = 86_400_000

let world: World
let ada: Account
beforeAll(async () => {
  world = await openWorld({ PUBLIC_URL: 'https://town.example' })
  ada = await person(world.app, 'ada')
})
afterAll(() => world.close())

const register = (more: Partial<Parameters<typeof registerApp>[1]> = {}) => registerApp(world.app, { name: 'Lighthouse', redirectUris: [back, 'lighthouse://signed-in', outOfBand], scopes: 'read write', address, ...more })
type Registered = Awaited<ReturnType<typeof register>>
const question = (client: Registered, more: Record<string, string> = {}) => new URLSearchParams({ response_type: 'code', client_id: client.clientId, redirect_uri: back, scope: 'read write:statuses', state: 'xyz', ...more })
const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
const codeFor = async (client: Registered, more: Record<string, string> = pkce, member = ada) => (await allow(world.app, member, await readAsk(world.app, question(client, more)))).code
const change = (client: Registered, code: string, more: Partial<Parameters<typeof exchange>[1]> = {}) =>
  exchange(world.app, { grantType: 'authorization_code', clientId: client.clientId, clientSecret: client.clientSecret, code, redirectUri: back, verifier, address, ...more })
const again = (client: Registered, refreshToken: string, more: Partial<Parameters<typeof exchange>[1]> = {}) => exchange(world.app, { grantType: 'refresh_token', clientId: client.clientId, clientSecret: client.clientSecret, refreshToken, address, ...more })
const wordOf = (promise: Promise<unknown>) => promise.then(() => 'fine', (error: unknown) => { if (!isHearthError(error)) throw error; return refusalOf(error)?.word ?? error.problems[0]?.message ?? error.code })

describe('an app registers', () => {
  test('with several addresses in one text or a list, and asks to read where it says nothing', async () => {
    const one = await register({ redirectUris: `${back}  ${outOfBand}\n${back}`, scopes: '' })
    expect(one).toMatchObject({ redirectUris: [back, outOfBand], scopes: ['read'], confidential: true, refreshes: false })
    expect(one.clientSecret).toHaveLength(43)
  })

  test.each(['javascript:alert(1)', 'JavaScript://x/%0aalert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', 'blob:https://x/y', 'intent://scan/#Intent;end', 'view-source:https://x', 'http://evil.example/cb', 'https://user:pw@evil.example/', 'https://app.example/#part', '//evil.example', '/here', 'nonsense', 'https://', 'https:\\\\evil.example', 'http://localhost.evil.example/', `https://app.example/${'x'.repeat(2000)}`])('but codes are never sent to %s', async (uri) => {
    expect(await wordOf(register({ redirectUris: [uri] }))).toBe('error.badRedirect')
  })

  test.each(['http://localhost:8080/cb', 'http://127.0.0.1/cb', 'http://[::1]:9/', 'icecubesapp://', 'com.tapbots.Ivory.22959:/request_token', 'oauth2redirect://com.keylesspalace.tusky/'])('and may be reached by %s', async (uri) => {
    expect((await register({ redirectUris: [uri] })).redirectUris).toEqual([uri])
  })

  test('and what makes no sense is said by its field', async () => {
    expect(await wordOf(register({ name: ' \u0000 ' }))).toBe('error.required')
    expect(await wordOf(register({ name: 'x'.repeat(61) }))).toBe('error.tooLong')
    expect(await wordOf(register({ website: 'javascript:alert(1)' }))).toBe('error.badWebsite')
    expect(await wordOf(register({ redirectUris: [] }))).toBe('error.required')
    expect(await wordOf(register({ scopes: 'read everything' }))).toBe('error.badScopes')
    expect(await wordOf(register({ redirectUris: Array.from({ length: 21 }, (_, at) => `https://a${at}.example/`) }))).toBe('error.badRedirect')
  })
})

describe('an app asks a member', () => {
  test('and only registered addresses are ever answered, letter for letter', async () => {
    const client = await register()
    for (const uri of [`${back}/`, `${back}?x=1`, 'https://app.example/Callback', 'https://evil.example/', '']) expect(await wordOf(askingApp(world.app, question(client, { redirect_uri: uri }))), uri).toBe('invalid_redirect_uri')
    for (const id of ['', 'nobody', 'x'.repeat(300), '\0']) expect(await wordOf(askingApp(world.app, question(client, { client_id: id })))).toBe('invalid_client')
    expect(await askingApp(world.app, question(client, { redirect_uri: 'lighthouse://signed-in' }))).toMatchObject({ redirectUri: 'lighthouse://signed-in', state: 'xyz' })
  })

  test('for no more than it registered, a part of a broad right is fine', async () => {
    const client = await register({ scopes: 'read follow' })
    expect((await readAsk(world.app, question(client, { scope: 'read:statuses write:mutes,profile' }))).scopes).toEqual(['profile', 'read:statuses', 'write:mutes'])
    for (const scope of ['write', 'write:statuses', 'admin:read', 'admin:read:accounts', 'push', 'everything', 'read\u0000']) expect(await wordOf(readAsk(world.app, question(client, { scope }))), scope).toBe('invalid_scope')
  })

  test('with a challenge by S256, never plain, and without fail where it has no secret', async () => {
    const [client, open] = [await register(), await register({ authMethod: 'none' })]
    expect(await wordOf(readAsk(world.app, question(client, { code_challenge: challenge, code_challenge_method: 'plain' })))).toBe('invalid_request')
    expect(await wordOf(readAsk(world.app, question(client, { code_challenge: challenge })))).toBe('invalid_request')
    expect(await wordOf(readAsk(world.app, question(client, { ...pkce, code_challenge: 'short' })))).toBe('invalid_request')
    expect(await wordOf(readAsk(world.app, question(open)))).toBe('invalid_request')
    expect(await wordOf(readAsk(world.app, question(client, { response_type: 'token' })))).toBe('unsupported_response_type')
  })

  test('and is told yes with the code, no with access_denied, both with its state; out of band nothing is sent', async () => {
    const client = await register()
    const yes = await allow(world.app, ada, await readAsk(world.app, question(client, { ...pkce, redirect_uri: 'lighthouse://signed-in' })))
    // Some apps read everything after 'code='.
    expect(yes.redirect).toBe(`lighthouse://signed-in?iss=${encodeURIComponent(world.app.config.publicUrl)}&code=${yes.code}&state=xyz`)
    expect(deny(world.app, await askingApp(world.app, question(client, { state: 'a b&c=d' })))).toMatch(/^https:\/\/app\.example\/callback\?error=access_denied&error_description=[^&]+&state=a\+b%26c%3Dd&iss=http[^&]+$/)
    const shown = await askingApp(world.app, question(client, { redirect_uri: outOfBand }))
    expect([deny(world.app, shown), (await allow(world.app, ada, await readAsk(world.app, question(client, { redirect_uri: outOfBand })))).redirect]).toEqual([null, null])
  })
})

describe('a code', () => {
  test('becomes a token that speaks for the member with what was allowed', async () => {
    const client = await register()
    const issued = await change(client, await codeFor(client))
    expect(issued).toMatchObject({ scopes: 'read write:statuses', refreshToken: null, expiresAt: null })
    expect(await viewerFromToken(world.app, issued.accessToken)).toMatchObject({ viewer: { id: ada.id }, appId: client.id, appName: 'Lighthouse', scopes: new Set(['read', 'write:statuses']) })
  })

  test('works once: when it comes again, the token made of it ends', async () => {
    const client = await register()
    const code = await codeFor(client)
    const { accessToken } = await change(client, code)
    expect(await wordOf(change(client, code))).toBe('invalid_grant')
    expect(await viewerFromToken(world.app, accessToken)).toBeNull()
  })

  test('given twice at the same moment makes one token at most', async () => {
    const client = await register()
    const code = await codeFor(client)
    const words = await Promise.all(Array.from({ length: 5 }, () => wordOf(change(client, code))))
    expect(words.filter((word) => word === 'fine')).toHaveLength(1)
  })

  test('ends after ten minutes', async () => {
    const client = await register()
    const code = await codeFor(client)
    world.later(10 * 60_000 + 1)
    expect(await wordOf(change(client, code))).toBe('invalid_grant')
  })

  test('is of no use with a wrong verifier, and not with the right one afterwards', async () => {
    const client = await register()
    for (const wrong of [undefined, `${verifier}x`, 'short', challenge]) {
      const code = await codeFor(client)
      expect(await wordOf(change(client, code, { verifier: wrong }))).toBe('invalid_grant')
      expect(await wordOf(change(client, code))).toBe('invalid_grant')
    }
    expect(await wordOf(change(client, await codeFor(client, {}), { verifier }))).toBe('invalid_grant')
    expect(await wordOf(change(client, await codeFor(client, {}), { verifier: undefined }))).toBe('fine')
  })

  test('is bound to its app, its address and its secret', async () => {
    const [client, thief] = [await register(), await register()]
    const code = await codeFor(client)
    expect(await wordOf(change(thief, code))).toBe('invalid_grant')
    expect(await wordOf(change(client, code, { clientSecret: thief.clientSecret }))).toBe('invalid_client')
    expect(await wordOf(change(client, code, { clientSecret: undefined }))).toBe('invalid_client')
    expect(await wordOf(change(client, code))).toBe('fine')
    expect(await wordOf(change(client, await codeFor(client), { redirectUri: 'lighthouse://signed-in' }))).toBe('invalid_grant')
  })

  test('of an app without a secret needs only the verifier; a wrong secret is still wrong', async () => {
    const open = await register({ authMethod: 'none' })
    expect(await wordOf(change(open, await codeFor(open), { clientSecret: 'made up' }))).toBe('invalid_client')
    expect(await wordOf(change(open, await codeFor(open), { clientSecret: undefined }))).toBe('fine')
    expect(await wordOf(exchange(world.app, { grantType: 'client_credentials', clientId: open.clientId, address }))).toBe('unauthorized_client')
  })

  test('of somebody suspended meanwhile gives nothing', async () => {
    const [client, eva] = [await register(), await person(world.app, 'eva')]
    const code = await codeFor(client, pkce, eva)
    await world.app.database.queries.updateTable('accounts').set({ state: 'suspended' }).where('id', '=', eva.id).execute()
    expect(await wordOf(change(client, code))).toBe('invalid_grant')
  })
})

test('an app may act for itself: its token is no member, and does no more than it registered for', async () => {
  const client = await register()
  const ask = (scope?: string) => exchange(world.app, { grantType: 'client_credentials', clientId: client.clientId, clientSecret: client.clientSecret, scope, address })
  const issued = await ask()
  expect(issued.scopes).toBe('read')
  expect(await viewerFromToken(world.app, issued.accessToken)).toMatchObject({ viewer: null, appId: client.id })
  expect((await ask('read write:accounts')).scopes).toBe('read write:accounts')
  expect(await wordOf(ask('push'))).toBe('invalid_scope')
  for (const grantType of ['password', 'implicit', '', 'urn:ietf:params:oauth:grant-type:device_code']) expect(await wordOf(exchange(world.app, { grantType, clientId: client.clientId, clientSecret: client.clientSecret, address }))).toBe('unsupported_grant_type')
})

describe('an app that asked for tokens that end', () => {
  test('gets a new one by its refresh token, and what hung on the old one stays', async () => {
    const client = await register({ grantTypes: ['authorization_code', 'refresh_token'] })
    const first = await change(client, await codeFor(client))
    expect(first.expiresAt!.getTime() - first.createdAt.getTime()).toBe(7_200_000)
    const { tokenId } = (await viewerFromToken(world.app, first.accessToken))!
    world.later(7_200_001)
    expect(await viewerFromToken(world.app, first.accessToken)).toBeNull()
    const second = await again(client, first.refreshToken!)
    expect((await viewerFromToken(world.app, second.accessToken))?.tokenId).toBe(tokenId)
    const narrow = await again(client, second.refreshToken!, { scope: 'read:statuses' })
    expect([...(await viewerFromToken(world.app, narrow.accessToken))!.scopes]).toEqual(['read:statuses'])
    expect(await wordOf(again(client, narrow.refreshToken!, { scope: 'read write' }))).toBe('invalid_scope')
  })

  test('loses all when a refresh token comes again, or comes from another app, or too late', async () => {
    const client = await register({ grantTypes: ['refresh_token'] })
    const first = await change(client, await codeFor(client))
    const other = await register({ grantTypes: ['refresh_token'] })
    expect(await wordOf(again(other, first.refreshToken!))).toBe('invalid_grant')
    const second = await again(client, first.refreshToken!)
    expect(await wordOf(again(client, first.refreshToken!))).toBe('invalid_grant')
    expect(await viewerFromToken(world.app, second.accessToken)).toBeNull()
    expect(await wordOf(again(client, second.refreshToken!))).toBe('invalid_grant')
    const late = await change(client, await codeFor(client))
    world.later(91 * day)
    expect(await wordOf(again(client, late.refreshToken!))).toBe('invalid_grant')
    expect(await wordOf(again(client, 'made up'))).toBe('invalid_grant')
  })
})

describe('what was allowed is taken back', () => {
  test('by the app itself, through either of its tokens, never through another app', async () => {
    const [client, other] = [await register({ grantTypes: ['refresh_token'] }), await register()]
    const { accessToken, refreshToken } = await change(client, await codeFor(client))
    const give = (from: Registered, token: string) => giveBack(world.app, { clientId: from.clientId, clientSecret: from.clientSecret, token, address })
    expect(await wordOf(give(other, accessToken))).toBe('unauthorized_client')
    expect(await wordOf(give({ ...client, clientSecret: 'wrong' }, accessToken))).toBe('invalid_client')
    expect(await wordOf(give(client, 'never seen'))).toBe('fine')
    expect(await viewerFromToken(world.app, accessToken)).not.toBeNull()
    await give(client, refreshToken!)
    expect(await viewerFromToken(world.app, accessToken)).toBeNull()
    expect(await wordOf(again(client, refreshToken!))).toBe('invalid_grant')
  })

  test('by the member, at once, with open streams told and unused codes gone; other members’ apps stay', async () => {
    const [client, ben] = [await register({ name: 'Semaphore' }), await person(world.app, 'ben')]
    const mine = await change(client, await codeFor(client, pkce, ben))
    const theirs = await change(client, await codeFor(client))
    const pending = await codeFor(client, pkce, ben)
    const told: string[] = []
    const stop = world.app.bus.subscribe((signal) => { if (signal.type === 'signedOut') told.push(signal.accountId) })
    expect(await appsOf(world.app, ben)).toMatchObject([{ id: client.id, name: 'Semaphore', scopes: ['read', 'write:statuses'], own: false, lastUsed: null }])
    await revokeApps(world.app, ben, 'garbage')
    await revokeApps(world.app, ben, client.id)
    await expect.poll(() => told).toContain(ben.id)
    stop()
    expect(await viewerFromToken(world.app, mine.accessToken)).toBeNull()
    expect(await viewerFromToken(world.app, theirs.accessToken)).not.toBeNull()
    expect(await wordOf(change(client, pending))).toBe('invalid_grant')
    expect(await appsOf(world.app, ben)).toEqual([])
  })

  test('and of a use no more than its day is kept', async () => {
    const noor = await person(world.app, 'noor')
    const { accessToken } = await createAccessToken(world.app, noor, 'read')
    await viewerFromToken(world.app, accessToken)
    expect((await appsOf(world.app, noor))[0]?.lastUsed).toBe(`${world.app.now().toISOString().slice(0, 10)}T00:00:00.000Z`)
  })
})

test('a member makes a token for a script, sees it among the apps, and nobody can ask through it', async () => {
  const sam = await person(world.app, 'sam')
  const { accessToken } = await makeOwnToken(world.app, sam, { name: '  Weather\nrobot ', scopes: ['read', 'write:statuses'] })
  expect(await viewerFromToken(world.app, accessToken)).toMatchObject({ viewer: { id: sam.id }, appName: 'Weather robot' })
  const [own] = await appsOf(world.app, sam)
  expect(own).toMatchObject({ name: 'Weather robot', own: true })
  const { client_id } = await world.app.database.queries.selectFrom('oauth_apps').select('client_id').where('id', '=', own!.id).executeTakeFirstOrThrow()
  expect(await wordOf(askingApp(world.app, new URLSearchParams({ client_id, redirect_uri: outOfBand })))).toBe('invalid_client')
  expect(await wordOf(makeOwnToken(world.app, sam, { name: 'x', scopes: [] }))).toBe('error.chooseRight')
  expect(await wordOf(makeOwnToken(world.app, sam, { name: 'x', scopes: ['everything'] }))).toBe('unknownScope')
})

test('apps that nobody uses are forgotten after a year, with their codes; those that speak for somebody stay', async () => {
  const [idle, used, asking] = [await register(), await register(), await register()]
  const { accessToken } = await change(used, await codeFor(used))
  await codeFor(asking)
  world.later(360 * day)
  await readAsk(world.app, question(asking)).then((ask) => allow(world.app, ada, ask))
  world.later(10 * day)
  await forgetUnusedApps(world.app)
  expect(await wordOf(askingApp(world.app, question(idle)))).toBe('invalid_client')
  expect(await wordOf(askingApp(world.app, question(asking)))).toBe('fine')
  expect(await viewerFromToken(world.app, accessToken)).not.toBeNull()
})
