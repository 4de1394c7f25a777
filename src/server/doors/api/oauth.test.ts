import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api, Answer } from '../../../../tests/api/door.ts'
import { openApi } from '../../../../tests/api/door.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { findAccountByUsername } from '#server/domain/accounts/index.ts'
import { allow, createAccessToken, outOfBand, readAsk } from '#server/domain/apps/index.ts'
import { changeSettings } from '#server/domain/instance/index.ts'
import { createInvitation } from '#server/domain/invitations/index.ts'
import { confirmEmail } from '#server/domain/sessions/index.ts'

type Json = Record<string, unknown>
let world: World
let api: Api
let ada: Account, owner: Account
beforeAll(async () => {
  world = await openWorld()
  api = await openApi(world)
  world.app.config.publicUrl = api.url
  ;[ada, owner] = [await person(world.app, 'ada', { displayName: 'Ada' }), await person(world.app, 'mara', { role: 'owner' })]
  await changeSettings(world.app, owner, { name: 'Lanternholm', joinMode: 'open', emailMode: 'optional' })
})
afterAll(async () => { await api.close(); await world.close() })

const back = 'https://app.example/callback'
const json = ({ json: answer }: Answer) => answer as unknown as Json
const register = async (form: Json = {}) => json(await api.visitor({ path: '/api/v1/apps', json: { client_name: 'Semaphore', redirect_uris: back, scopes: 'read write follow push', website: 'https://app.example', ...form } })) as { client_id: string; client_secret: string }
/** The member presses the button. */
const pressed = async (ask: URLSearchParams | Record<string, string>, member = ada) => allow(world.app, member, await readAsk(world.app, new URLSearchParams(ask)))
const codeFor = async (client: { client_id: string }, more: Record<string, string> = {}) => (await pressed({ response_type: 'code', client_id: client.client_id, redirect_uri: back, scope: 'read write', ...more })).code
const token = (form: Record<string, string>, headers: Record<string, string> = {}) => api.visitor({ path: '/oauth/token', form, headers })
const bearer = (accessToken: unknown) => ({ headers: { authorization: `Bearer ${String(accessToken)}` } })
const basic = (id: string, secret: string) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` })

test('a strict client finds the server, proves itself with PKCE, refreshes, asks who signed in, and gives its token back', async () => {
  const insecure = { [oauth.allowInsecureRequests]: true }
  const issuer = new URL(api.url)
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }))
  expect(server).toMatchObject({ code_challenge_methods_supported: ['S256'], authorization_response_iss_parameter_supported: true })
  const registered = await register({ grant_types: ['authorization_code', 'refresh_token'], scopes: 'profile read' })
  const client = { client_id: registered.client_id }
  for (const proof of [oauth.ClientSecretBasic(registered.client_secret), oauth.ClientSecretPost(registered.client_secret)]) {
    const verifier = oauth.generateRandomCodeVerifier()
    const state = oauth.generateRandomState()
    const { redirect } = await pressed({ response_type: 'code', client_id: client.client_id, redirect_uri: back, scope: 'profile', state, code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' })
    const callback = oauth.validateAuthResponse(server, client, new URL(redirect!), state)
    const issued = await oauth.processAuthorizationCodeResponse(server, client, await oauth.authorizationCodeGrantRequest(server, client, proof, callback, back, verifier, insecure))
    expect(issued).toMatchObject({ token_type: 'bearer', scope: 'profile', expires_in: 7200 })
    const fresh = await oauth.processRefreshTokenResponse(server, client, await oauth.refreshTokenGrantRequest(server, client, proof, issued.refresh_token!, insecure))
    expect(await (await oauth.userInfoRequest(server, client, fresh.access_token, insecure)).json()).toMatchObject({ preferred_username: 'ada', name: 'Ada', sub: `${api.url}/@ada`, iss: api.url })
    expect((await api.visitor({ path: '/api/v1/accounts/verify_credentials', ...bearer(fresh.access_token) })).json).toMatchObject({ id: ada.id })
    expect((await api.visitor({ path: '/api/v1/timelines/home', ...bearer(fresh.access_token) })).status).toBe(403)
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, proof, fresh.access_token, insecure))
    expect((await api.visitor({ path: '/oauth/userinfo', ...bearer(fresh.access_token) })).status).toBe(401)
  }
})

describe('an app registers', () => {
  test('with a list, a text with white space, a form or the query, and hears its addresses both ways', async () => {
    const asked = { client_name: 'toot', redirect_uris: `${outOfBand}\n${back}`, scopes: 'read write:statuses' }
    const expected = { name: 'toot', website: null, redirect_uri: `${outOfBand}\n${back}`, redirect_uris: [outOfBand, back], scopes: ['read', 'write:statuses'], client_secret_expires_at: 0, vapid_key: expect.stringMatching(/^[\w-]{80,}=*$/) }
    const data = new FormData()
    for (const [name, value] of Object.entries(asked)) data.set(name, value)
    const ways = [{ json: asked }, { json: { ...asked, redirect_uris: [outOfBand, back], website: '' } }, { form: asked }, { data }, { form: [['client_name', 'toot'], ['redirect_uris[]', outOfBand], ['redirect_uris[]', back], ['scopes', 'read write:statuses']] as [string, string][] }]
    for (const way of ways) expect((await api.visitor({ path: '/api/v1/apps', ...way })).json).toMatchObject(expected)
    expect((await api.visitor({ method: 'POST', path: `/api/v1/apps?${new URLSearchParams(asked)}` })).json).toMatchObject(expected)
  })

  test('and bad wishes are told by field, never a failure of ours', async () => {
    for (const [wrong, field] of [[{ redirect_uris: 'javascript:alert(1)' }, 'redirect_uris'], [{ redirect_uris: [] }, 'redirect_uris'], [{ client_name: '' }, 'client_name'], [{ scopes: 'everything' }, 'scopes'], [{ website: 'nonsense' }, 'website'], [{ client_name: { deep: 1 } }, 'client_name'], [{ redirect_uris: { a: { b: 1 } } }, 'redirect_uris']] as const) {
      const answer = await api.visitor({ path: '/api/v1/apps', json: { client_name: 'x', redirect_uris: back, ...wrong } })
      expect([answer.status, Object.keys(json(answer)['details'] as Json)], JSON.stringify(wrong)).toEqual([422, [field]])
    }
  })
})

test('a token may come in the query, in a form or as JSON, but not with files; Link headers never repeat it', async () => {
  const { accessToken } = await createAccessToken(world.app, ada, 'read write')
  for (const name of ['access_token', 'bearer_token']) {
    expect((await api.visitor(`/api/v1/accounts/verify_credentials?${name}=${accessToken}`)).json).toMatchObject({ id: ada.id })
    expect((await api.visitor({ path: '/api/v1/statuses', form: { status: 'by form', [name]: accessToken } })).json).toMatchObject({ account: { id: ada.id } })
    expect((await api.visitor({ path: '/api/v1/statuses', json: { status: 'by JSON', [name]: accessToken } })).json).toMatchObject({ account: { id: ada.id } })
  }
  const data = new FormData()
  data.set('access_token', accessToken)
  data.set('status', 'with files')
  expect((await api.visitor({ path: '/api/v1/statuses', data })).status).toBe(401)
  for (const odd of [{ access_token: ['a'] }, { access_token: { deep: 1 } }, { access_token: 7 }]) expect((await api.visitor({ path: '/api/v1/statuses', json: { status: 'x', ...odd } })).status).toBe(401)
  const listed = await api.visitor(`/api/v1/accounts/${ada.id}/statuses?limit=1&access_token=${accessToken}`)
  expect(listed.headers.get('link')).toMatch(/rel="next"/)
  expect(listed.headers.get('link')).not.toContain(accessToken)
  // The header counts where both are there.
  expect((await api.visitor({ path: `/api/v1/accounts/verify_credentials?access_token=${accessToken}`, ...bearer('nonsense') })).status).toBe(401)
})

test('an app’s own token is no member', async () => {
  const client = await register()
  const answer = await token({ grant_type: 'client_credentials', client_id: client.client_id, client_secret: client.client_secret, scope: 'read write' })
  expect(answer.json).toMatchObject({ token_type: 'Bearer', scope: 'read write', created_at: Math.floor(world.app.now().getTime() / 1000) })
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const own = bearer(json(answer)['access_token'])
  expect((await api.visitor({ path: '/api/v1/apps/verify_credentials', ...own })).json).toMatchObject({ name: 'Semaphore', website: 'https://app.example' })
  expect((await api.visitor({ path: '/api/v1/apps/verify_credentials' })).status).toBe(401)
  for (const path of ['/api/v1/accounts/verify_credentials', '/api/v1/timelines/home', '/oauth/userinfo']) expect((await api.visitor({ path, ...own })).status, path).toBe(422)
  expect((await api.visitor({ path: '/api/v1/statuses', form: { status: 'hello' }, ...own })).status).toBe(422)
})

describe('the token door', () => {
  test('takes JSON, forms, multipart and HTTP Basic', async () => {
    const client = await register()
    const fields = async () => ({ grant_type: 'authorization_code', code: await codeFor(client), redirect_uri: back, client_id: client.client_id, client_secret: client.client_secret })
    expect((await token(await fields())).json).toMatchObject({ scope: 'read write' })
    expect((await api.visitor({ path: '/oauth/token/', json: await fields() })).status).toBe(200)
    const data = new FormData()
    for (const [name, value] of Object.entries(await fields())) data.set(name, value)
    expect((await api.visitor({ path: '/oauth/token', data })).status).toBe(200)
    const { client_id: id, client_secret: secret, ...rest } = await fields()
    expect((await token(rest, basic(id, secret))).status).toBe(200)
  })

  test('says no in the protocol’s words, with CORS, and never fails', async () => {
    const client = await register()
    const good = { grant_type: 'authorization_code', client_id: client.client_id, client_secret: client.client_secret, redirect_uri: back }
    const code = await codeFor(client)
    expect((await token({ ...good, code })).status).toBe(200)
    const cases: [number, string, Record<string, string>][] = [
      [400, 'invalid_grant', { ...good, code }], [400, 'invalid_grant', { ...good, code: 'made up' }], [400, 'invalid_grant', { ...good, code: '\0' }], [400, 'invalid_request', { ...good }],
      [400, 'invalid_grant', { ...good, code: await codeFor(client), redirect_uri: 'https://evil.example/' }], [400, 'invalid_grant', { ...good, code: await codeFor(client), code_verifier: 'never-announced-verifier-0123456789-0123456789' }],
      [401, 'invalid_client', { ...good, code: 'x', client_secret: 'wrong' }], [401, 'invalid_client', { ...good, code: 'x', client_id: '\0' }], [401, 'invalid_client', { grant_type: 'client_credentials' }],
      [400, 'invalid_request', { client_id: client.client_id, client_secret: client.client_secret }], [400, 'unsupported_grant_type', { ...good, grant_type: 'password', username: 'ada', password: 'x' }],
      [400, 'invalid_scope', { ...good, grant_type: 'client_credentials', scope: 'admin:write' }], [400, 'invalid_grant', { ...good, grant_type: 'refresh_token', refresh_token: 'x' }],
    ]
    for (const [status, error, form] of cases) {
      const answer = await token(form)
      expect([answer.status, json(answer)['error'], typeof json(answer)['error_description'], answer.headers.get('access-control-allow-origin')], JSON.stringify(form)).toEqual([status, error, 'string', '*'])
    }
    const withBasic = await token({ grant_type: 'client_credentials' }, basic(client.client_id, 'wrong'))
    expect([withBasic.status, withBasic.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="oauth"'])
    for (const body of [{ grant_type: ['a'], client_id: { b: 1 } }, [], 'text', 7, null]) expect([400, 401, 422]).toContain((await api.visitor({ path: '/oauth/token', json: body })).status)
    expect((await token({ grant_type: 'client_credentials' }, { authorization: 'Basic %%%' })).status).toBe(401)
    expect((await token({ grant_type: 'client_credentials' }, { authorization: `Basic ${Buffer.from('a%zz:b').toString('base64')}` })).status).toBe(401)
    const before = await fetch(`${api.url}/oauth/token`, { method: 'OPTIONS', headers: { origin: 'https://elk.example', 'access-control-request-method': 'POST' } })
    expect([before.status, before.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
  })

  test('gives an app token for token: theirs of others stay', async () => {
    const [client, other] = [await register(), await register()]
    const { access_token: mine } = json(await token({ grant_type: 'authorization_code', code: await codeFor(client), redirect_uri: back, client_id: client.client_id, client_secret: client.client_secret }))
    const revoke = (by: { client_id: string; client_secret: string }, given: unknown) => api.visitor({ path: '/oauth/revoke', form: { client_id: by.client_id, client_secret: by.client_secret, token: String(given) } })
    expect((await revoke(other, mine)).status).toBe(403)
    expect((await revoke({ ...client, client_secret: 'wrong' }, mine)).status).toBe(401)
    expect((await revoke(client, 'unknown')).status).toBe(200)
    expect((await api.visitor({ path: '/api/v1/accounts/verify_credentials', ...bearer(mine) })).status).toBe(200)
    expect((await revoke(client, mine)).json).toEqual({})
    expect((await api.visitor({ path: '/api/v1/accounts/verify_credentials', ...bearer(mine) })).status).toBe(401)
    expect((await api.visitor({ path: '/oauth/revoke', form: { client_id: client.client_id } })).status).toBe(400)
  })

  test('is slowed for who tries too often', async () => {
    const slow = await openWorld({ HEARTH_RATE_LIMIT_SCALE: '0.01' })
    const door = await openApi(slow)
    try {
      const statuses = []
      for (let at = 0; at < 4; at++) statuses.push((await door.visitor({ path: '/api/v1/apps', json: { client_name: 'x', redirect_uris: back } })).status)
      expect(statuses).toEqual([200, 429, 429, 429])
    } finally {
      await door.close()
      await slow.close()
    }
  })
})

test('a token dies with its member: suspended, then deleted', async () => {
  const eva = await person(world.app, 'eva')
  const client = await register()
  const { access_token: given } = json(await token({ grant_type: 'authorization_code', code: (await pressed({ response_type: 'code', client_id: client.client_id, redirect_uri: back }, eva)).code, redirect_uri: back, client_id: client.client_id, client_secret: client.client_secret }))
  const see = () => api.visitor({ path: '/api/v1/accounts/verify_credentials', ...bearer(given) })
  expect((await see()).status).toBe(200)
  for (const state of ['suspended', 'deleted'] as const) {
    await world.app.database.queries.updateTable('accounts').set({ state }).where('id', '=', eva.id).execute()
    expect((await see()).status).toBe(401)
  }
})

describe('who joins from within an app', () => {
  const join = async (fields: Json, scope = 'read write') => {
    const client = await register()
    const own = json(await token({ grant_type: 'client_credentials', client_id: client.client_id, client_secret: client.client_secret, scope }))
    return api.visitor({ path: '/api/v1/accounts', json: { email: `${String(fields['username'])}@example.org`, password: 'three warm loaves of bread', agreement: true, locale: 'ar-SA', ...fields }, ...bearer(own['access_token']) })
  }
  const detail = (answer: Answer) => Object.fromEntries(Object.entries(json(answer)['details'] as Record<string, { error: string }[]>).map(([field, list]) => [field, list.map((one) => one.error)]))

  test('is in at once where the door is open, with a token that works and their language', async () => {
    const answer = await join({ username: 'tomas' })
    expect(answer.json).toMatchObject({ token_type: 'Bearer', scope: 'read write follow push' })
    expect((await api.visitor({ path: '/api/v1/accounts/verify_credentials', ...bearer(json(answer)['access_token']) })).json).toMatchObject({ username: 'tomas' })
    expect((await findAccountByUsername(world.app, 'tomas'))?.locale).toBe('ar')
    expect(await world.app.database.queries.selectFrom('sessions').select('id').execute()).toEqual([])
  })

  test('hears by field what is wrong', async () => {
    for (const [fields, expected] of [
      [{ username: 'ada', email: 'a@example.org' }, { username: ['ERR_TAKEN'] }], [{ username: 'newone', agreement: false }, { agreement: ['ERR_ACCEPTED'] }], [{ username: 'newone', agreement: undefined }, { agreement: ['ERR_ACCEPTED'] }],
      [{ username: 'newone', password: 'short' }, { password: ['ERR_TOO_SHORT'] }], [{ username: 'newone', email: 'tomas@example.org' }, { email: ['ERR_TAKEN'] }], [{ username: 'newone', email: 'nonsense' }, { email: ['ERR_INVALID'] }],
      [{ username: 'newone', invite_code: 'gone' }, { invite_code: ['ERR_INVALID'] }],
    ] as const) {
      const answer = await join(fields)
      expect([answer.status, detail(answer)], JSON.stringify(fields)).toEqual([422, expected])
    }
  })

  test('needs the app’s own token with the right to', async () => {
    expect((await join({ username: 'newone' }, 'read')).status).toBe(403)
    expect((await (await api.as(ada))({ path: '/api/v1/accounts', json: { username: 'newone', agreement: true } })).status).toBe(403)
    expect((await api.visitor({ path: '/api/v1/accounts', json: { username: 'newone', agreement: true } })).status).toBe(401)
  })

  test('finds the door as the community keeps it: closed, by invitation, or with a reason that somebody reads', async () => {
    await changeSettings(world.app, owner, { joinMode: 'closed' })
    expect((await join({ username: 'newone' })).status).toBe(403)
    await changeSettings(world.app, owner, { joinMode: 'invitation' })
    expect((await join({ username: 'newone' })).status).toBe(403)
    const { code } = await createInvitation(world.app, owner, { days: 7, maxUses: 1 })
    expect((await join({ username: 'yara', invite_code: code })).status).toBe(200)
    expect((await join({ username: 'yara2', invite_code: code })).status).toBe(422)
    await changeSettings(world.app, owner, { joinMode: 'approval' })
    expect(detail(await join({ username: 'hana' }))).toEqual({ reason: ['ERR_BLANK'] })
    const waiting = await join({ username: 'hana', reason: 'I keep bees' })
    expect(waiting.status).toBe(200)
    expect((await api.visitor({ path: '/api/v1/timelines/home', ...bearer(json(waiting)['access_token']) })).status).toBe(403)
    await changeSettings(world.app, owner, { joinMode: 'open' })
  })

  test('asks for the letter again while an address must be confirmed, and may give another', async () => {
    await changeSettings(world.app, owner, { emailMode: 'confirmed' })
    const own = bearer(json(await join({ username: 'nils' }))['access_token'])
    const again = (form: Record<string, string> = {}) => api.visitor({ path: '/api/v1/emails/confirmations', form, ...own })
    expect((await again()).json).toEqual({})
    expect((await again({ email: 'tomas@example.org' })).status).toBe(422)
    expect((await again({ email: 'nils2@example.org' })).status).toBe(200)
    const letters = await world.app.database.queries.selectFrom('outbox_mails').select('body_text').where('to_address', '=', 'nils2@example.org').execute()
    await confirmEmail(world.app, /token=([\w-]+)/.exec(letters[0]!.body_text)![1]!)
    expect((await again()).status).toBe(403)
    expect((await again({ email: 'elsewhere@example.org' })).status).toBe(403)
    expect((await api.visitor({ path: '/api/v1/accounts/verify_credentials', ...own })).json).toMatchObject({ username: 'nils' })
    await changeSettings(world.app, owner, { emailMode: 'optional' })
    expect((await api.visitor({ path: '/api/v1/emails/confirmations', form: {} })).status).toBe(401)
  })
})

describe('what others may ask of the server itself', () => {
  test('nodeinfo, host-meta in both forms, all on the public address', async () => {
    const { links } = json(await api.visitor('/.well-known/nodeinfo')) as { links: { href: string }[] }
    expect(links.map((link) => link.href)).toEqual([`${api.url}/nodeinfo/2.0`, `${api.url}/nodeinfo/2.1`])
    for (const path of ['/nodeinfo/2.0', '/nodeinfo/2.1']) expect((await api.visitor(path)).json).toMatchObject({ software: { name: 'hearth', version: /^\d+\.\d+\.\d+$/ }, metadata: { nodeName: 'Lanternholm', upstream: { name: 'mastodon' } }, usage: { users: { total: expect.any(Number) } } })
    const hostMeta = await fetch(`${api.url}/.well-known/host-meta`)
    expect([hostMeta.headers.get('content-type'), hostMeta.headers.get('access-control-allow-origin')]).toEqual(['application/xrd+xml; charset=utf-8', '*'])
    expect(await hostMeta.text()).toContain(`template="${api.url}/.well-known/webfinger?resource={uri}"`)
    expect((await api.visitor('/.well-known/host-meta.json')).status).toBe(200)
  })

  test('webfinger knows members of this place and nobody else, and nobody where only members read', async () => {
    const host = new URL(api.url).host
    const ask = async (resource: string) => api.visitor(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`)
    for (const resource of [`acct:ada@${host}`, `ADA@${host}`, `acct:@ada@${host.toUpperCase()}`, `${api.url}/@ada`]) {
      expect((await ask(resource)).json, resource).toMatchObject({ subject: `acct:ada@${host}`, aliases: [`${api.url}/@ada`], links: [{ href: `${api.url}/@ada` }, { rel: 'http://webfinger.net/rel/avatar' }] })
    }
    await person(world.app, 'gone', { state: 'suspended' })
    await person(world.app, 'wait', { state: 'pending' })
    for (const resource of [`acct:nobody@${host}`, 'acct:ada@elsewhere.example', `acct:gone@${host}`, `acct:wait@${host}`, 'ada', `${api.url}/@ada/1`, `${api.url}/@%zz`, 'acct:\0@x', `acct:${'x'.repeat(400)}@${host}`]) expect((await ask(resource)).status, resource).toBe(404)
    expect((await api.visitor('/.well-known/webfinger')).status).toBe(400)
    await changeSettings(world.app, owner, { readMode: 'members' })
    expect((await ask(`acct:ada@${host}`)).status).toBe(404)
    await changeSettings(world.app, owner, { readMode: 'everyone' })
  })
})
