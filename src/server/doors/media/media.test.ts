import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { photo } from '../../../../tests/media/samples.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { MediaView } from '#server/domain/media/index.ts'
import type { Audience } from '#server/domain/posts/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { mediaDoor } from './index.ts'
import { readRange } from './range.ts'

let world: World
let server: Server
let base: string
const people = new Map<string, Account>()
beforeAll(async () => {
  world = await openWorld()
  for (const name of ['mara', 'jun']) people.set(name, await person(world.app, name))
  const door = mediaDoor(world.app)
  server = createServer((request, response) => { void door(request, response, async () => people.get(String(request.headers['x-test-viewer'])) ?? null) })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await world.close()
})

const as = (who: string) => ({ 'x-test-viewer': who })
async function send(who: string, content: Buffer, more: { headers?: Record<string, string>; purpose?: string; name?: string } = {}): Promise<Response> {
  const body = new FormData()
  if (more.purpose) body.append('purpose', more.purpose)
  body.append('file', new Blob([new Uint8Array(content)]), more.name ?? 'a.jpg')
  return fetch(`${base}/media/uploads`, { method: 'POST', body, headers: { ...as(who), ...more.headers } })
}
async function posted(audience: Audience): Promise<string> {
  const { id } = await (await send('mara', await photo(400, 300))).json() as MediaView
  await world.work()
  const post = await createPost(world.app, people.get('mara')!, { text: '', audience, mediaIds: [id] })
  return base + post.media[0]!.preview!.url
}

/** The address without its permission: only a session opens it. */
const plain = (url: string) => url.replace(/~[^/]+\//, '')

test('a member uploads a picture, describes it, looks at it and takes it back', async () => {
  const answer = await send('mara', await photo(400, 300))
  expect(answer.status).toBe(201)
  const { id } = await answer.json() as MediaView
  const url = `${base}/media/uploads/${id}`
  const words = await fetch(url, { method: 'PATCH', headers: as('mara'), body: JSON.stringify({ description: 'Two squares' }) })
  expect(await words.json()).toMatchObject({ description: 'Two squares', state: 'queued' })
  expect((await fetch(url, { method: 'PATCH', headers: as('mara'), body: '{"description":5}' })).status).toBe(422)
  expect((await fetch(url, { headers: as('jun') })).status).toBe(404)
  expect((await fetch(url)).status).toBe(401)
  expect((await fetch(url, { method: 'DELETE', headers: as('mara') })).status).toBe(204)
  expect((await fetch(url, { headers: as('mara') })).status).toBe(404)
  await world.work()
})

test('a refused file is answered with its code and a sentence in the reader’s language', async () => {
  const answer = await send('mara', Buffer.from('only words '.repeat(100)), { headers: { 'accept-language': 'ar' } })
  expect(answer.status).toBe(422)
  expect(await answer.json()).toMatchObject({ error: 'fileTypeUnknown', message: expect.stringMatching(/JPEG/) })
  expect((await send('mara', Buffer.concat([await photo(400, 300), Buffer.alloc(22 * 1024 * 1024)]))).status).toBe(413)
  expect((await send('nobody', await photo(40, 30))).status).toBe(401)
  expect((await fetch(`${base}/media/uploads`, { method: 'POST', headers: as('mara'), body: 'x' })).status).toBe(422)
})

test('another site can not upload in a member’s name', async () => {
  expect((await send('mara', await photo(40, 30), { headers: { origin: 'https://evil.example' } })).status).toBe(403)
  expect((await send('mara', await photo(40, 30), { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
})

test('an upload that breaks off leaves nothing behind', async () => {
  const before: string[] = []
  for await (const name of world.app.files.list()) before.push(name)
  const head = Buffer.from(`POST /media/uploads HTTP/1.1\r\nhost: x\r\nx-test-viewer: mara\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 900000\r\n\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`)
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const gone = new Promise((done) => server.once('request', (request) => request.once('close', done)))
  socket.write(Buffer.concat([head, await photo(400, 300), Buffer.alloc(600_000)]), () => socket.destroy())
  await gone
  await expect.poll(async () => { const now: string[] = []; for await (const name of world.app.files.list()) now.push(name); return now }).toEqual(before)
  expect((await world.app.database.pool.query('select count(*)::int as n from media where original_bytes > 500000')).rows[0].n).toBe(0)
})

test('a public picture is anybody’s, safely: right type, no sniffing, no scripts, kept for long', async () => {
  const url = await posted('public')
  const answer = await fetch(url)
  expect(answer.status).toBe(200)
  const headers = Object.fromEntries(answer.headers)
  expect(headers).toMatchObject({ 'content-type': 'image/webp', 'x-content-type-options': 'nosniff', 'content-security-policy': expect.stringContaining('sandbox'), 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*', 'cache-control': expect.stringContaining('immutable') })
  const whole = Buffer.from(await answer.arrayBuffer())
  expect((await fetch(url, { headers: { 'if-none-match': headers['etag']! } })).status).toBe(304)
  const part = await fetch(url, { headers: { range: 'bytes=4-9' } })
  expect(part.status).toBe(206)
  expect(part.headers.get('content-range')).toBe(`bytes 4-9/${whole.length}`)
  expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(4, 10))
  expect((await fetch(url, { headers: { range: 'bytes=99999999-' } })).status).toBe(416)
  const head = await fetch(url, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(whole.length)])
})

test('the original is never served, nor anything outside the folder', async () => {
  const url = await posted('public')
  for (const name of ['original', '..%2foriginal', '%2e%2e', 'nothing.webp']) expect((await fetch(url.replace(/[^/]+$/, name), { headers: as('mara') })).status).toBe(404)
})

test('a picture of a post for few is fetched by those few only, and no shared cache keeps it', async () => {
  const members = plain(await posted('members'))
  expect((await fetch(members)).status).toBe(404)
  expect((await fetch(members, { headers: as('jun') })).headers.get('cache-control')).toMatch(/^private/)
  const followers = plain(await posted('followers'))
  expect((await fetch(followers, { headers: as('jun') })).status).toBe(404)
  expect((await fetch(followers, { headers: as('mara') })).status).toBe(200)
})

test.for([
  ['bytes=0-0', 10, { start: 0, end: 0 }], ['bytes=5-', 10, { start: 5, end: 9 }], ['bytes=-3', 10, { start: 7, end: 9 }], ['bytes=-30', 10, { start: 0, end: 9 }], ['bytes=0-99', 10, { start: 0, end: 9 }],
  ['bytes=10-', 10, 'impossible'], ['bytes=-0', 10, 'impossible'], ['bytes=5-4', 10, undefined], ['bytes=0-1,3-4', 10, undefined], ['lines=1-2', 10, undefined], ['bytes=-', 10, undefined],
] as const)('the range %s of %i bytes', ([header, size, range]) => expect(readRange(header, size)).toEqual(range))
