import { createRestAPIClient, createStreamingAPIClient } from 'masto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAccessToken } from '../../src/server/domain/apps/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { photo } from '../media/samples.ts'
import { openTown } from './town.ts'
import type { Town } from './town.ts'

let town: Town
beforeAll(async () => { town = await openTown() }, 60_000)
afterAll(() => town.closeTown())

const tokenOf = async (member: Account) => (await createAccessToken(town.app, member, 'read write follow push')).accessToken
const rest = async (member: Account) => createRestAPIClient({ url: town.url, accessToken: await tokenOf(member) })

test('masto.js signs up an app, trades a code with a proof, and gives its token back', async () => {
  const visitor = createRestAPIClient({ url: town.url })
  const app = await visitor.v1.apps.create({ clientName: 'journey', redirectUris: 'urn:ietf:wg:oauth:2.0:oob', scopes: 'read write' })
  const address = `${town.url}/oauth/authorize?${new URLSearchParams({ client_id: app.clientId!, redirect_uri: 'urn:ietf:wg:oauth:2.0:oob', response_type: 'code', scope: 'read write' })}`
  const code = await town.approve(address, town.ada)
  const answer = await fetch(`${town.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', code, client_id: app.clientId!, client_secret: app.clientSecret!, redirect_uri: 'urn:ietf:wg:oauth:2.0:oob' }) })
  const { access_token: accessToken } = await answer.json() as { access_token: string }
  const mine = createRestAPIClient({ url: town.url, accessToken })
  expect(await mine.v1.accounts.verifyCredentials()).toMatchObject({ username: 'ada' })
  expect(await mine.v1.apps.verifyCredentials()).toMatchObject({ name: 'journey' })
})

test('masto.js posts a picture, pages home, answers, filters, lists, and is told', async () => {
  const [ada, ben] = [await rest(town.ada), await rest(town.ben)]
  await ben.v1.accounts.$select(town.ada.id).follow()
  const media = await ada.v2.media.create({ file: new Blob([new Uint8Array(await photo())]), description: 'a wall' })
  expect(media).toMatchObject({ type: 'image', description: 'a wall' })
  const posts: string[] = []
  for (let at = 0; at < 5; at++) posts.unshift((await ada.v1.statuses.create({ status: `number ${at} @ben`, visibility: 'public', mediaIds: at === 4 ? [media.id] : undefined })).id)
  const seen: string[] = []
  for await (const page of ben.v1.timelines.home.list({ limit: 2 })) seen.push(...page.map((one) => one.id))
  expect(seen).toEqual(posts)
  const reply = await ben.v1.statuses.create({ status: 'I see', inReplyToId: posts[0] })
  expect((await ada.v1.statuses.$select(posts[0]!).context.fetch()).descendants).toMatchObject([{ id: reply.id, inReplyToId: posts[0] }])
  expect(await ben.v1.statuses.$select(posts[0]!).favourite()).toMatchObject({ favourited: true, favouritesCount: 1 })
  await expect.poll(async () => (await ada.v1.notifications.list()).map((one) => one.type).sort(), { timeout: 10_000 }).toEqual(['favourite', 'follow', 'mention'])
  expect((await ada.v2.notifications.list()).notificationGroups.length).toBe(3)
  const filter = await ben.v2.filters.create({ title: 'numbers', context: ['home'], filterAction: 'warn', keywordsAttributes: [{ keyword: 'number', wholeWord: true }] })
  expect((await ben.v1.timelines.home.list()).find((one) => one.id === posts[0])?.filtered).toMatchObject([{ filter: { id: filter.id }, keywordMatches: ['number'] }])
  const list = await ben.v1.lists.create({ title: 'Town' })
  await ben.v1.lists.$select(list.id).accounts.create({ accountIds: [town.ada.id] })
  expect(await ben.v1.timelines.list.$select(list.id).list({ limit: 1 })).toMatchObject([{ id: posts[0] }])
  await expect(ben.v1.statuses.$select('garbage').fetch()).rejects.toMatchObject({ statusCode: 404 })
  await expect(createRestAPIClient({ url: town.url, accessToken: 'nonsense' }).v1.timelines.home.list()).rejects.toMatchObject({ statusCode: 401 })
})

test('masto.js hears by WebSocket what its member may hear, and nothing else', async () => {
  const [ada, ben] = [await rest(town.ada), await rest(town.ben)]
  const streams = createStreamingAPIClient({ streamingApiUrl: town.url.replace('http', 'ws'), accessToken: await tokenOf(town.ben), implementation: WebSocket })
  const events: { event: string; payload: unknown }[] = []
  const mine = streams.user.subscribe()
  const reading = (async () => { for await (const one of mine) events.push(one as { event: string; payload: unknown }) })()
  await expect.poll(async () => {
    // The subscription takes a moment: what is written once it stands, is heard.
    const probe = await ada.v1.statuses.create({ status: 'can you hear me?', visibility: 'public' })
    await new Promise((done) => setTimeout(done, 100))
    return events.some(({ event, payload }) => event === 'update' && (payload as { id: string }).id === probe.id)
  }, { timeout: 10_000 }).toBe(true)
  const secret = await ada.v1.statuses.create({ status: 'to myself', visibility: 'direct' })
  const open = await ada.v1.statuses.create({ status: 'to all @ben', visibility: 'public' })
  await expect.poll(() => events.some(({ event, payload }) => event === 'notification' && (payload as { status?: { id: string } }).status?.id === open.id), { timeout: 10_000 }).toBe(true)
  await ada.v1.statuses.$select(open.id).update({ status: 'to all, again @ben' })
  await expect.poll(() => events.some(({ event, payload }) => event === 'status.update' && (payload as { id: string }).id === open.id), { timeout: 10_000 }).toBe(true)
  await ada.v1.statuses.$select(open.id).remove()
  await expect.poll(() => events.some(({ event, payload }) => event === 'delete' && payload === open.id), { timeout: 10_000 }).toBe(true)
  expect(events.some(({ payload }) => (payload as { id?: string }).id === secret.id)).toBe(false)
  mine.unsubscribe()
  streams.close()
  await reading
  expect(ben).toBeTruthy()
}, 60_000)
