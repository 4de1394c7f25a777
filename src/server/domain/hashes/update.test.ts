import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { connectList, createList, updateHashList, updateHashLists, updateListNow } from './index.ts'
import { selectImports, selectList } from './queries-lists.ts'

type Answer = { status?: number; body: string }
let world: World
let mara: Account
let server: Server
let base: string
let answer: (url: URL, request: IncomingMessage, body: string) => Answer
const asked: URL[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const url = new URL(request.url ?? '/', base)
      asked.push(url)
      const { status = 200, body: words } = answer(url, request, body)
      response.writeHead(status, { 'content-type': 'application/json' }).end(words)
    })
  })
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  const { port } = server.address() as AddressInfo
  base = `http://127.0.0.1:${port}`
  world = await openWorld({ HEARTH_FETCH_ALLOW: `127.0.0.1:${port}` })
  mara = await person(world.app, 'mara', { role: 'owner' })
})
afterEach(() => { asked.length = 0 })
afterAll(async () => { await world?.close(); await new Promise((done) => { server.close(done) }) })

const hex = (bytes = 32) => randomBytes(bytes).toString('hex')
const live = async (id: string) => (await world.app.database.pool.query<{ value: string }>(`select encode(key, 'hex') as value from hash_entries where list_id = $1 and withdrawn_at is null`, [id])).rows.map((row) => row.value).sort()
const fetched = async (id: string) => { await updateHashList(world.app, id); const row = (await selectList(world.app.database.queries, id))!; return { error: row.last_error, checkpoint: row.checkpoint, live: await live(id) } }
async function connected(source: string, fields: Record<string, string>): Promise<string> {
  const id = await createList(world.app, mara, { name: source, category: 'other', source })
  await connectList(world.app, mara, id, fields)
  return id
}
const needs = (right: boolean): Answer | undefined => right ? undefined : { status: 401, body: '{}' }

test('NCMEC: all pages of a span, then only what came later; tombstones take away; a wrong password is told', async () => {
  const [one, two, three] = [hex(), hex(), hex(16)]
  const entry = (id: string, kind: string, prints: string) => `<${kind}><member id="42">E</member><id>${id}</id><timestamp>2026-01-01T00:00:00Z</timestamp>${prints}</${kind}>`
  const page = (images: string, next = '') => ({ body: `<queryResult xmlns="x"><images count="1" maxTimestamp="2026-01-01T00:00:00Z">${images}</images>${next && `<paging><next>${next}</next></paging>`}</queryResult>` })
  let round = 1
  answer = (url, request) => needs(request.headers.authorization === `Basic ${Buffer.from('hearth:lantern').toString('base64')}`) ?? (() => {
    if (url.searchParams.get('start')) return page(entry('b', 'image', `<fingerprints><pdq>${two}</pdq></fingerprints>`))
    const newest = Date.parse(url.searchParams.get('to')!) > world.app.now().getTime() - 60_000
    if (!newest) return page('')
    return round === 1 ? page(entry('a', 'image', `<fingerprints><pdq>${one}</pdq><pdna>x</pdna></fingerprints>`), '/v2/entries?from=x&amp;start=2001&amp;size=1000')
      : page(entry('a', 'deletedImage', '') + entry('c', 'image', `<fingerprints><md5>${three}</md5></fingerprints>`))
  })()
  const id = await connected('ncmec', { address: `${base}/hashsharing`, username: 'hearth', password: 'wrong' })
  expect(await fetched(id)).toMatchObject({ error: 'refused', live: [] })
  await connectList(world.app, mara, id, { address: `${base}/hashsharing`, username: 'hearth', password: 'lantern' })
  const first = await fetched(id)
  expect(first).toMatchObject({ error: null, live: [one, two].sort() })
  expect(asked.every((url) => url.pathname === '/hashsharing/v2/entries')).toBe(true)
  asked.length = 0
  round = 2
  world.later(10_000)
  expect(await fetched(id)).toMatchObject({ error: null, live: [two, three].sort() })
  expect(asked.map((url) => url.searchParams.get('from'))).toEqual([first.checkpoint])
})

test('StopNCII: what is withdrawn goes; who was away for a month reads all anew and forgets what is not named', async () => {
  const [one, two, three] = [hex(), hex(), hex()]
  const record = (hashValue: string, hashStatus: string) => ({ lastModtimestamp: 1, signalType: 'ImagePDQ', hashValue, hashStatus, caseNumbers: {}, CSPFeedbacks: [] })
  let records = [record(one, 'Active'), record(two, 'Active')]
  answer = (url, request) => needs(request.headers['x-functions-key'] === 'f' && request.headers['ocp-apim-subscription-key'] === 's') ?? (() => {
    const second = url.searchParams.get('nextPageToken') === 'p2'
    const time = Math.floor(world.app.now().getTime() / 1000)
    return { body: JSON.stringify({ count: 1, nextPageToken: second ? '' : 'p2', nextSetTimestamp: time, hasMoreRecords: !second, hashRecords: second ? records.slice(1) : records.slice(0, 1) }) }
  })()
  const id = await connected('stopncii', { address: `${base}/v1`, functionKey: 'f', subscriptionKey: 's' })
  expect((await fetched(id)).live).toEqual([one, two].sort())
  records = [record(one, 'Withdrawn'), record(three, 'Active')]
  expect((await fetched(id)).live).toEqual([two, three].sort())
  world.later(31 * 86_400_000)
  records = [record(three, 'Active'), record(one, 'Deleted')]
  expect((await fetched(id)).live).toEqual([three])
})

test('Tech Against Terrorism: signs in, follows pages on its own machine only, goes on from the checkpoint', async () => {
  const [one, two] = [hex(), hex(16)]
  let elsewhere = ''
  answer = (url, request, body) => {
    if (url.pathname === '/token-auth/tcap/') return body === 'username=u&password=p' ? { body: '{"token":"t"}' } : { status: 400, body: '{}' }
    if (request.headers.authorization !== 'Bearer t') return { status: 401, body: '{}' }
    const second = url.searchParams.has('page')
    return { body: JSON.stringify({ count: 2, next: elsewhere || (second ? null : `${base}/api/hash-list/v2/all?page=2`), checkpoint: second ? '20,2' : '10,1', results: [second ? { hash_digest: two, algorithm: 'MD5', file_type: 'mp4', deleted: false, id: 2 } : { hash_digest: one, algorithm: 'PDQ', deleted: false, id: 1 }] }) }
  }
  const id = await connected('tat', { address: base, username: 'u', password: 'p' })
  expect(await fetched(id)).toMatchObject({ checkpoint: '20,2', live: [one, two].sort() })
  elsewhere = 'http://elsewhere.example/steals'
  expect(await fetched(id)).toMatchObject({ error: 'notUnderstood', live: [one, two].sort() })
  expect(asked.at(-1)!.searchParams.get('after')).toBe('20,2')
})

test('ThreatExchange and other matchers: updates, tombstones, and an answer that is cut off in the middle', async () => {
  const [one, two] = [hex(), hex(16)]
  let broken = false
  answer = (url) => {
    if (url.searchParams.get('access_token') !== '1|x') return { status: 403, body: '{}' }
    if (url.searchParams.get('after') === 'c') return { body: broken ? '{"data":[{"id"' : JSON.stringify({ data: [{ id: '1', last_updated: 200, should_delete: true }] }) }
    return { body: JSON.stringify({ data: [{ id: '1', indicator: one, type: 'HASH_PDQ', last_updated: Math.floor(world.app.now().getTime() / 1000), should_delete: false, descriptors: { data: [{ status: 'MALICIOUS' }] } }, { id: '2', indicator: two, type: 'HASH_MD5', last_updated: 1, should_delete: false, descriptors: { data: [{ status: 'MALICIOUS' }] } }], paging: { next: `${base}/v21.0/77/threat_updates/?access_token=1%7Cx&after=c` } }) }
  }
  const id = await connected('threatexchange', { address: `${base}/v21.0`, group: '77', accessToken: '1|x' })
  broken = true
  // The first page is taken over; the next try goes on.
  expect(await fetched(id)).toMatchObject({ error: 'notUnderstood', live: [one, two].sort() })
  broken = false
  expect(await fetched(id)).toMatchObject({ error: null, live: [two] })

  answer = (_url, request) => needs(request.headers.authorization === 'Bearer secret') ?? { body: JSON.stringify({ signals: [{ signal_type: 'pdq', signal_val: one, bank: 'b', id: 1 }, { signal_type: 'raw_text', signal_val: 'words' }], next: null, checkpoint: 5 }) }
  const other = await connected('hma', { address: `${base}/exchange`, token: 'secret' })
  expect(await fetched(other)).toMatchObject({ error: null, checkpoint: '5', live: [one] })
})

test('lists are fetched when they are due, their secrets are sealed, and an empty secret stays what it was', async () => {
  answer = (_url, request) => needs(request.headers.authorization === 'Bearer very-secret') ?? { body: JSON.stringify({ signals: [], next: null }) }
  const id = await connected('hma', { address: `${base}/x`, token: 'very-secret' })
  // One list after the other: a run of the worker may end before the last of them.
  const idle = () => expect.poll(async () => { await world.work(); return (await selectList(world.app.database.queries, id))!.state }, { timeout: 60_000 }).toBe('idle')
  await idle()
  const row = (await selectList(world.app.database.queries, id))!
  expect([row.credentials!.includes('very-secret'), JSON.stringify(row.settings).includes('very-secret'), row.state]).toEqual([false, false, 'idle'])
  await connectList(world.app, mara, id, { address: `${base}/y`, token: '' })
  expect((await fetched(id)).error).toBeNull()
  await updateHashLists(world.app)
  expect((await selectList(world.app.database.queries, id))!.state).toBe('idle')
  world.later(7 * 3_600_000)
  await updateHashLists(world.app)
  expect((await selectList(world.app.database.queries, id))!.state).toBe('waiting')
  await updateListNow(world.app, mara, id)
  await idle()
  expect((await selectImports(world.app.database.queries, 50)).filter((one) => one.list_id === id).map((one) => one.state)).toEqual(expect.arrayContaining(['done']))
  await expect(connectList(world.app, mara, id, { address: 'nonsense' })).rejects.toMatchObject({ problems: [{ field: 'address' }] })
})
