import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Upload } from 'tus-js-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bomb } from '../../../../tests/media/samples.ts'
import { person } from '../../../../tests/people.ts'
import sharp from 'sharp'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { changeSettings } from '#server/domain/instance/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { sweepUploads, uploadsFolder } from '#server/domain/media/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { block, unblock } from '#server/domain/relationships/index.ts'
import { mediaDoor } from './index.ts'

let world: World
let url: string
let close: () => void
let ada: Account, ben: Account, carl: Account
let pixels: Buffer
beforeAll(async () => {
  world = await openWorld()
  ;[ada, ben, carl] = [await person(world.app, 'ada'), await person(world.app, 'ben'), await person(world.app, 'carl')]
  pixels = await sharp({ create: { width: 600, height: 400, channels: 3, background: '#c2410c', noise: { type: 'gaussian', mean: 128, sigma: 40 } } }).jpeg({ quality: 80 }).toBuffer()
  await listen()
})
afterAll(async () => { close(); await world.close() })

/** A new door on the same data, as after a restart. */
async function listen(): Promise<void> {
  const door = mediaDoor(world.app)
  const server = createServer((request, response) => {
    void door(request, response, async () => ({ ada, ben, carl })[String(request.headers['x-who'])] ?? null)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = () => { server.close(); server.closeAllConnections() }
}
const base64 = (text: string) => Buffer.from(text).toString('base64')
const tus = (method: string, path: string, headers: Record<string, string> = {}, body?: Buffer, who = 'ada') =>
  fetch(url + path, { method, headers: { 'tus-resumable': '1.0.0', 'x-who': who, ...headers }, body: body && new Uint8Array(body) })
async function begin(bytes: number, who = 'ada', metadata = `filename ${base64('photo.jpg')},filetype ${base64('image/jpeg')}`): Promise<Response> {
  return tus('POST', '/media/uploads/resumable', { 'upload-length': String(bytes), 'upload-metadata': metadata }, undefined, who)
}
const piece = (path: string, offset: number, body: Buffer, who = 'ada') => tus('PATCH', path, { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, body, who)
const where = (response: Response) => new URL(response.headers.get('location') ?? '', url).pathname
const mediaCount = async () => Number((await world.app.database.pool.query('select count(*) from media')).rows[0].count)

test('a file comes in pieces, goes on after a break and a restart, and becomes one item', async () => {
  const path = where(await begin(pixels.length))
  expect((await piece(path, 0, pixels.subarray(0, 5000))).headers.get('upload-offset')).toBe('5000')
  close()
  await listen()
  const known = await tus('HEAD', path)
  expect(known.headers.get('upload-offset')).toBe('5000')
  expect(known.headers.get('upload-length')).toBe(String(pixels.length))
  expect((await piece(path, 4000, pixels.subarray(4000))).status).toBe(409)
  const before = await mediaCount()
  expect((await piece(path, 5000, pixels.subarray(5000))).status).toBe(204)
  const answers = await Promise.all([1, 2, 3].map(async () => (await tus('POST', `${path}/media`)).json() as Promise<{ id: string }>))
  expect(new Set(answers.map((one) => one.id)).size).toBe(1)
  expect(await mediaCount()).toBe(before + 1)
  // A sender that never heard the last answer asks where to go on, and hears: nowhere.
  const asked = await tus('HEAD', path)
  expect([asked.status, asked.headers.get('upload-offset'), asked.headers.get('upload-media')]).toEqual([200, String(pixels.length), answers[0]!.id])
})

test('asking too early what it has become harms nothing', async () => {
  const path = where(await begin(pixels.length))
  expect((await tus('POST', `${path}/media`)).status).toBe(409)
  await piece(path, 0, pixels.subarray(0, 9000))
  expect(await (await tus('POST', `${path}/media`)).json()).toMatchObject({ error: 'uploadUnfinished' })
  expect((await piece(path, 9000, pixels.subarray(9000))).status).toBe(204)
  expect((await tus('POST', `${path}/media`)).status).toBe(201)
})

test('a form with a file is held to the same room, before its bytes are read and after', async () => {
  await changeSettings(world.app, 'command', { memberQuotaMegabytes: 1 })
  const send = async (bytes: Buffer) => {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(bytes)]), 'a.jpg')
    const answer = await fetch(`${url}/media/uploads`, { method: 'POST', headers: { 'x-who': 'carl' }, body: form })
    return [answer.status, ((await answer.json()) as { error?: string }).error]
  }
  const padded = Buffer.concat([pixels, Buffer.alloc(400_000)])
  expect(await send(Buffer.concat([pixels, Buffer.alloc(2_000_000)]))).toEqual([413, 'quotaFull'])
  // Each would fit alone; of three that come at once there is room for two.
  const answers = await Promise.all([send(padded), send(padded), send(padded)])
  expect(answers.map(([status]) => status).sort()).toEqual([201, 201, 413])
  await changeSettings(world.app, 'command', { memberQuotaMegabytes: 0 })
})

test('nobody may promise more than a few of the largest files at once', async () => {
  const film = `filetype ${base64('video/mp4')}`
  const answers = []
  for (let at = 0; at < 5; at++) answers.push((await begin(500 * 1024 * 1024, 'carl', film)).status)
  expect(answers).toEqual([201, 201, 201, 201, 429])
})

test('a server that dies after the last byte makes the item when it is asked again, once', async () => {
  const path = where(await begin(pixels.length))
  await piece(path, 0, pixels.subarray(0, 20))
  // The bytes are all there, but nobody has been told.
  await writeFile(join(uploadsFolder(world.app), path.split('/').at(-1)!), pixels)
  const before = await mediaCount()
  const answers = await Promise.all([1, 2, 3, 4].map(() => tus('POST', `${path}/media`)))
  expect(new Set(await Promise.all(answers.map(async (one) => (await one.json() as { id: string }).id))).size).toBe(1)
  expect(await mediaCount()).toBe(before + 1)
  expect((await world.app.files.list()[Symbol.asyncIterator]().next()).done).toBe(false)
})

test('the client of the page sends over a bad line', async () => {
  let cuts = 0
  const view = await new Promise<string>((done, fail) => {
    const upload = new Upload(pixels, {
      endpoint: `${url}/media/uploads/resumable`, chunkSize: 3000, retryDelays: [0, 10, 10, 10, 10], headers: { 'x-who': 'ada' }, metadata: { filename: 'x.jpg', filetype: 'image/jpeg' },
      onBeforeRequest: (request) => { if (request.getMethod() === 'PATCH' && cuts++ % 3 === 1) throw new Error('the line is cut') },
      onError: fail, onSuccess: () => done(upload.url ?? ''),
    })
    upload.start()
  })
  expect(cuts).toBeGreaterThan(3)
  expect((await tus('POST', `${new URL(view, url).pathname}/media`)).status).toBe(201)
})

test('what cannot be kept is refused before a byte is sent', async () => {
  const tooLarge = await begin(21 * 1024 * 1024)
  expect(tooLarge.status).toBe(413)
  expect(await tooLarge.json()).toEqual({ error: 'imageTooLarge', params: { most: 20 } })
  expect((await begin(501 * 1024 * 1024, 'ada', `filetype ${base64('video/mp4')}`)).status).toBe(413)
  expect((await begin(400 * 1024 * 1024, 'ada', `filetype ${base64('video/mp4')}`)).status).toBe(201)
  expect((await begin(0)).status).toBe(422)
  expect((await begin(-5)).status).toBeGreaterThanOrEqual(400)
  expect((await tus('POST', '/media/uploads/resumable', { 'upload-defer-length': '1' })).status).toBe(400)
  expect((await begin(100, 'nobody')).status).toBe(401)
  await changeSettings(world.app, 'command', { memberQuotaMegabytes: 1 })
  const full = await begin(900_000 + 400_000, 'ben')
  expect(full.status).toBe(413)
  expect(await full.json()).toEqual({ error: 'quotaFull', params: { most: 1 } })
  // What is under way counts, too: two together may not take more than there is.
  const both = await Promise.all([begin(700_000, 'ben'), begin(700_000, 'ben')])
  expect(both.map((one) => one.status).sort()).toEqual([201, 413])
  await changeSettings(world.app, 'command', { memberQuotaMegabytes: 0 })
})

test('a sender that tells how a file begins hears before its bytes what it would be refused for', async () => {
  const before = (await world.app.database.pool.query('select count(*)::int as n from uploads')).rows
  const told = async (head: Buffer, bytes = 3_000_000, purpose = 'post') => {
    const answer = await begin(bytes, 'ada', `filename ${base64('photo.jpg')},filetype ${base64('image/jpeg')},purpose ${base64(purpose)},head ${base64(head.subarray(0, 1024).toString('base64'))}`)
    return [answer.status, answer.status === 201 ? await tus('DELETE', where(answer)).then(() => '') : (await answer.json() as { error: string }).error]
  }
  expect(await told(Buffer.from('Dear diary, an evening as every other – '.repeat(40)))).toEqual([422, 'fileTypeUnknown'])
  expect(await told(Buffer.concat([Buffer.from('%PDF-1.7\n%âãÏÓ\n'), Buffer.alloc(2000, 7)]))).toEqual([422, 'fileTypeUnknown'])
  expect(await told(bomb(60_000, 60_000))).toEqual([413, 'tooManyPixels'])
  expect(await told(pixels)).toEqual([201, ''])
  expect(await told(Buffer.from('ID3\x04\0\0\0\0\x08\0'.padEnd(1024, '\0'), 'latin1'))).toEqual([201, ''])
  expect(await told(Buffer.from('ID3\x04\0\0\0\0\x08\0'.padEnd(1024, '\0'), 'latin1'), 3_000_000, 'avatar')).toEqual([422, 'fileTypeUnknown'])
  // A beginning that says nothing for certain is waited for: here a picture whose profile stands before all else.
  expect(await told(await sharp(pixels).withIccProfile('p3').png().toBuffer())).toEqual([201, ''])
  for (const odd of [Buffer.alloc(1024), Buffer.from('short'), Buffer.alloc(0)]) expect(await told(odd)).toEqual([201, ''])
  expect((await world.app.database.pool.query('select count(*)::int as n from uploads')).rows).toEqual(before)
})

test('nobody else sees, sends or ends it', async () => {
  const path = where(await begin(pixels.length))
  for (const method of ['HEAD', 'DELETE']) await tus(method, path, {}, undefined, 'ben')
  expect((await tus('HEAD', path, {}, undefined, 'ben')).status).toBe(404)
  expect((await piece(path, 0, pixels.subarray(0, 100), 'ben')).status).toBe(404)
  expect((await tus('POST', `${path}/media`, {}, undefined, 'ben')).status).toBe(404)
  expect((await tus('HEAD', path)).headers.get('upload-offset')).toBe('0')
  expect((await tus('POST', '/media/uploads/resumable', { 'upload-length': '10', origin: 'https://evil.example' })).status).toBe(403)
  expect((await tus('DELETE', path)).status).toBe(204)
  expect((await tus('HEAD', path)).status).toBe(404)
})

test('what turns out to be something else is refused after its first piece', async () => {
  const path = where(await begin(200_000, 'ada', `filename ${base64('film.mp4')},filetype ${base64('video/mp4')}`))
  const text = Buffer.alloc(100_000, 'just words ')
  expect((await piece(path, 0, text)).status).toBe(204)
  const refused = await piece(path, 100_000, text)
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({ error: 'fileTypeUnknown' })
  expect((await tus('HEAD', path)).status).toBe(404)
})

test('two pieces for the same place do not mix', async () => {
  const path = where(await begin(pixels.length))
  const answers = await Promise.all([piece(path, 0, pixels.subarray(0, 30_000)), piece(path, 0, pixels.subarray(0, 30_000))])
  expect(answers.filter((one) => one.status === 204).length).toBeGreaterThanOrEqual(1)
  const offset = Number((await tus('HEAD', path)).headers.get('upload-offset'))
  expect((await piece(path, offset, pixels.subarray(offset))).status).toBe(204)
  expect((await tus('POST', `${path}/media`)).status).toBe(201)
})

test('what was never finished is gone after a day, with its bytes', async () => {
  const path = where(await begin(pixels.length))
  await piece(path, 0, pixels.subarray(0, 5000))
  await sweepUploads(world.app)
  expect((await tus('HEAD', path)).status).toBe(200)
  world.later(25 * 3_600_000)
  await sweepUploads(world.app)
  expect((await tus('HEAD', path)).status).toBe(404)
})

test('whoever wishes so cannot post a picture without a description', async () => {
  const path = where(await begin(pixels.length))
  await piece(path, 0, pixels)
  const { id } = await (await tus('POST', `${path}/media`)).json() as { id: string }
  const strict = { ...ada, preferences: { requireAlt: true } }
  await expect(createPost(world.app, strict, { text: 'look', audience: 'public', mediaIds: [id] })).rejects.toMatchObject({ problems: [{ field: 'media', message: 'error.altMissing' }] })
  await fetch(`${url}/media/uploads/${id}`, { method: 'PATCH', headers: { 'x-who': 'ada', 'content-type': 'application/json' }, body: JSON.stringify({ description: 'a plain orange wall' }) })
  const post = await createPost(world.app, strict, { text: 'look', audience: 'public', mediaIds: [id] })
  expect(post.media).toMatchObject([{ description: 'a plain orange wall' }])
})

test('where the owner wishes so, a post appears at once and its picture when it is ready', async () => {
  await changeSettings(world.app, 'command', { publishWhileProcessing: true })
  const path = where(await begin(pixels.length))
  await piece(path, 0, pixels)
  const { id } = await (await tus('POST', `${path}/media`)).json() as { id: string }
  const post = await createPost(world.app, ada, { text: 'soon', audience: 'public', mediaIds: [id] })
  expect(post).toMatchObject({ state: 'published', media: [{ state: 'queued' }] })
  // Who reads it sees it come; who may not see the post doesn't.
  const look = async (who: string) => {
    const answer = await fetch(`${url}/media/uploads/${id}`, { headers: { 'x-who': who } })
    return answer.status === 200 ? (await answer.json() as { state: string }).state : answer.status
  }
  expect([await look('ben'), await look('nobody')]).toEqual(['queued', 'queued'])
  await block(world.app, ada, ben.id)
  expect(await look('ben')).toBe(404)
  await unblock(world.app, ada, ben.id)
  await world.work()
  expect([await look('ben'), await look('ada')]).toEqual(['ready', 'ready'])
  await changeSettings(world.app, 'command', { publishWhileProcessing: false })
})
