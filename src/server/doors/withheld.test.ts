import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { photo } from '../../../tests/media/samples.ts'
import { person } from '../../../tests/people.ts'
import { openWorld } from '../../../tests/world.ts'
import type { World } from '../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { createAccessToken } from '#server/domain/apps/index.ts'
import { changeSettings } from '#server/domain/instance/index.ts'
import { decide, reverseDecision, seeMember } from '#server/domain/moderation/index.ts'
import { createPost, seePost } from '#server/domain/posts/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'
import { countryOf, openCountries } from '#server/platform/place/index.ts'
import { front } from './http.ts'

let world: World
let server: Server
let base: string
let mod: Account, ben: Account, dora: Account
let token: string
beforeAll(async () => {
  world = await openWorld({ TRUSTED_PROXIES: '127.0.0.1', HEARTH_COUNTRY_HEADER: 'CF-IPCountry' })
  ;[mod, ben, dora] = await Promise.all([person(world.app, 'mona', { role: 'admin' }), person(world.app, 'ben', { displayName: 'Ben B.' }), person(world.app, 'dora')])
  await changeSettings(world.app, 'command', { readMode: 'everyone' })
  server = createServer(await front(world.app, (_request, response) => { response.writeHead(404).end() }))
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  token = (await createAccessToken(world.app, dora, 'read write')).accessToken
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => { server.close(done) })
  await world.close()
})

type From = Record<string, string>
const germany: From = { 'cf-ipcountry': 'DE' }
const japan: From = { 'cf-ipcountry': 'JP' }
const ask = async (path: string, from: From, member = false) => fetch(base + path, { headers: { ...from, ...member ? { authorization: `Bearer ${token}` } : {} } })
const json = async (path: string, from: From, member = false) => (await ask(path, from, member)).json() as Promise<Record<string, never> & { id: string; error: string; display_name: string; note: string; statuses: unknown[]; descendants: { id: string }[] } & { id: string }[]>
const has = async (path: string, id: string, from: From, member = false) => (await json(path, from, member)).some((one) => one.id === id)
const order = { order: { quietUntil: null, authority: 'Office of Invented Orders', reference: 'AZ 7/26' } }
const withhold = (post: PostView | null, territory: string[], quietUntil: Date | null = null) => decide(world.app, mod, { accountId: ben.id }, { act: post ? 'remove_post' : 'freeze', ...post ? { postIds: [post.id] } : {}, ground: 'law', law: 'A law', reason: 'Ordered', category: 'terrorism', territory }, { order: { ...order.order, quietUntil } })
const giveBack = (id: string) => world.app.database.inTransaction((tx) => reverseDecision(world.app, tx, mod, id, { reason: 'Annulled', byAppeal: true }))
async function withPicture(text: string): Promise<PostView> {
  const body = new FormData()
  body.append('file', new Blob([new Uint8Array(await photo(300, 200))]), 'a.jpg')
  const own = (await createAccessToken(world.app, ben, 'write')).accessToken
  const { id } = await (await fetch(`${base}/api/v2/media`, { method: 'POST', body, headers: { authorization: `Bearer ${own}` } })).json() as { id: string }
  await world.work()
  return createPost(world.app, ben, { text, audience: 'public', mediaIds: [id] })
}

test('a post withheld in a country is there for everybody else, and nowhere for who reads from there: page of the app, lists, threads, search, its picture; with the reason', async () => {
  const post = await withPicture('the Grey Triangle parades')
  const answer = await createPost(world.app, dora, { text: 'an answer', audience: 'public', replyToId: post.id })
  const boost = await createPost(world.app, dora, { text: 'look', audience: 'public', quotedId: post.id }).catch(() => null)
  const picture = post.media[0]!.preview!.url
  const before = await ask(picture, germany)
  expect([before.status, before.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
  for (const from of [germany, japan]) for (const member of [false, true]) expect(await has('/api/v1/timelines/public', post.id, from, member)).toBe(true)
  const id = await withhold(post, ['DE', 'AT'])
  for (const member of [false, true]) {
    expect([await has('/api/v1/timelines/public', post.id, germany, member), await has('/api/v1/timelines/public', post.id, japan, member), await has('/api/v1/timelines/public', post.id, {}, member)]).toEqual([false, true, true])
    expect([await has(`/api/v1/accounts/${ben.id}/statuses`, post.id, germany, member), await has(`/api/v1/accounts/${ben.id}/statuses`, post.id, japan, member)]).toEqual([false, true])
    const seen = await ask(`/api/v1/statuses/${post.id}`, germany, member)
    expect(seen.status).toBe(451)
    expect((await seen.json() as { error: string }).error).toBe('Not available in your country (DE), because Office of Invented Orders ordered it there.')
    expect((await ask(`/api/v1/statuses/${post.id}`, japan, member)).status).toBe(200)
    expect([(await ask(picture, germany, member)).status, (await ask(picture, japan, member)).status]).toEqual([451, 200])
    expect(await (await ask(picture, germany, member)).json()).toMatchObject({ error: 'withheldHere', message: expect.stringContaining('Office of Invented Orders') })
  }
  // No cache on the way may keep what is another answer elsewhere.
  expect((await ask(picture, japan)).headers.get('cache-control')).toBe('private, max-age=0')
  const found = async (from: From) => (await json('/api/v2/search?q=triangle&type=statuses', from, true)).statuses.length
  expect([await found(germany), await found(japan)]).toEqual([0, 1])
  expect((await ask(`/api/v1/statuses/${answer.id}/context`, germany)).status).toBe(200)
  expect(JSON.stringify(await json(`/api/v1/statuses/${answer.id}/context`, germany))).not.toContain('parades')
  if (boost) expect(JSON.stringify(await json(`/api/v1/statuses/${boost.id}`, germany))).not.toContain('parades')
  // What reads a body knows where it was asked from as well.
  const liked = await fetch(`${base}/api/v1/statuses/${post.id}/favourite`, { method: 'POST', body: '{}', headers: { ...germany, authorization: `Bearer ${token}`, 'content-type': 'application/json' } })
  expect(liked.status).toBe(451)
  // Its author sees it wherever they are, and so does everybody when it is given back.
  const own = (await createAccessToken(world.app, ben, 'read')).accessToken
  expect((await fetch(`${base}/api/v1/statuses/${post.id}`, { headers: { ...germany, authorization: `Bearer ${own}` } })).status).toBe(200)
  await giveBack(id)
  expect([await has('/api/v1/timelines/public', post.id, germany), (await ask(picture, germany)).headers.get('cache-control')]).toEqual([true, 'public, max-age=31536000, immutable'])
})

test('a whole account can be withheld: its posts, its words and its picture aren’t there, its name stays', async () => {
  const post = await createPost(world.app, ben, { text: 'hello from Ben', audience: 'public' })
  const id = await withhold(null, ['DE'])
  expect([await has('/api/v1/timelines/public', post.id, germany), await has('/api/v1/timelines/public', post.id, japan)]).toEqual([false, true])
  expect([(await json(`/api/v1/accounts/${ben.id}`, germany)).display_name, (await json(`/api/v1/accounts/${ben.id}`, japan)).display_name]).toEqual(['ben', 'Ben B.'])
  const people = async (from: From) => (await json('/api/v2/search?q=ben&type=accounts', from, true)) as unknown as { accounts: unknown[] }
  expect([(await people(germany)).accounts.length, (await people(japan)).accounts.length]).toEqual([0, 1])
  expect((await seeMember(world.app, mod, ben.id)).account.state).toBe('active')
  await giveBack(id)
  expect((await ask(`/api/v1/statuses/${post.id}`, germany)).status).toBe(200)
})

test('while an authority wants silence, nobody is told why: it is as if it weren’t there', async () => {
  const post = await createPost(world.app, ben, { text: 'quiet now', audience: 'public' })
  const id = await withhold(post, ['DE'], new Date(Date.now() + 86_400_000))
  expect((await ask(`/api/v1/statuses/${post.id}`, germany)).status).toBe(404)
  world.later(2 * 86_400_000)
  expect((await ask(`/api/v1/statuses/${post.id}`, germany)).status).toBe(451)
  await giveBack(id)
})

test('only a trusted proxy is believed about the country; without it the address tells', async () => {
  const post = await createPost(world.app, ben, { text: 'by address', audience: 'public' })
  const id = await withhold(post, ['DE'])
  const status = async (headers: From) => (await fetch(`${base}/api/v1/statuses/${post.id}`, { headers })).status
  expect([await status({ 'x-forwarded-for': '194.25.2.129' }), await status({ 'x-forwarded-for': '8.8.8.8' }), await status({ 'x-forwarded-for': '2003:40:8000::100' }), await status({ 'cf-ipcountry': 'T1' }), await status({ 'x-hearth-country': 'DE' })]).toEqual([451, 200, 451, 200, 200])
  await giveBack(id)
  const other = await openWorld({ HEARTH_COUNTRY_HEADER: 'CF-IPCountry' })
  try {
    const request = { headers: { 'cf-ipcountry': 'DE' } as Record<string, string>, socket: { remoteAddress: '127.0.0.1' } }
    const { arrivals } = await import('./arrive.ts')
    expect((await arrivals(other.app))(request as never, () => other.app.place.country())).toBeNull()
  } finally { await other.close() }
})

test('whatever a proxy or a reader sends as country or address, it is two letters or nothing', async () => {
  const countries = await openCountries(undefined)
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.ipV4(), fc.ipV6(), fc.constantFrom('::ffff:1.2.3.4', 'XX', 't1', '', 'de')), (said) => {
    for (const found of [countryOf(said), countries.of(said)]) expect(found === null || /^[A-Z]{2}$/.test(found)).toBe(true)
  }), { numRuns: 60 })
  expect([countries.of('::ffff:8.8.8.8'), countries.of('127.0.0.1'), countryOf('de'), countryOf('XX')]).toEqual(['US', null, 'DE', null])
})

test('a stream tells nothing of what is withheld where it is heard, and everything else', async () => {
  const listen = async (from: From) => {
    const stop = new AbortController()
    const response = await fetch(`${base}/api/v1/streaming/public`, { headers: { ...from, authorization: `Bearer ${token}` }, signal: stop.signal })
    let text = ''
    const reading = (async () => { for await (const part of response.body!.pipeThrough(new TextDecoderStream())) text += part })().catch(() => {})
    return { heard: () => [...text.matchAll(/event: (\S+)/g)].map((one) => one[1]), until: (word: string) => vi.waitUntil(() => text.includes(word), { timeout: 10_000, interval: 20 }), stop: async () => { stop.abort(); await reading } }
  }
  // The others begin once the word that it was written is out.
  const first = await listen(japan)
  const post = await createPost(world.app, ben, { text: 'grey banners everywhere', audience: 'public' })
  await first.until('grey banners')
  const [there, elsewhere] = [await listen(germany), await listen(japan)]
  const id = await withhold(post, ['DE'])
  await elsewhere.until('grey banners')
  await createPost(world.app, dora, { text: 'soup for all', audience: 'public' })
  await Promise.all([there.until('soup for all'), elsewhere.until('soup for all')])
  expect([there.heard(), elsewhere.heard()]).toEqual([['update'], ['status.update', 'update']])
  await Promise.all([first.stop(), there.stop(), elsewhere.stop()])
  await giveBack(id)
})

test('an author who is withheld where they write is shown what they see when they ask for it', async () => {
  const id = await withhold(null, ['DE'])
  for (const country of ['DE', 'JP'] as const) {
    await world.app.place.from(() => country, async () => {
      const made = await createPost(world.app, ben, { text: 'written where few may read it', audience: 'public' })
      expect(made).toEqual(await seePost(world.app, ben, made.id))
      expect(made.author.lastPostAt === null).toBe(country === 'DE')
    })
  }
  await giveBack(id)
})
