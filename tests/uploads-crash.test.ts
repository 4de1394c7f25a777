import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'

let data: string
const running = new Set<ChildProcess>()
beforeAll(async () => { data = await mkdtemp(join(tmpdir(), 'hearth-crash-')) })
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  // A server that was killed leaves its PostgreSQL behind; any command stops it.
  await hearth('account', 'list')
  await rm(data, { recursive: true, force: true })
})
const environment = () => ({ ...process.env, HEARTH_DATA: data, NODE_ENV: '', PUBLIC_URL: '', DATABASE_URL: '' })
const hearth = (...words: string[]) => new Promise<string>((done, fail) => execFile(process.execPath, ['bin/hearth.js', ...words], { env: environment(), timeout: 60_000 }, (error, out) => error ? fail(error) : done(out)))

async function start(): Promise<{ child: ChildProcess; url: string; ended: Promise<unknown> }> {
  const child = spawn(process.execPath, ['bin/hearth.js', 'start', '--port', '0'], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  const ended = new Promise((done) => child.once('exit', (code) => { running.delete(child); done(code) }))
  let said = ''
  await new Promise<void>((done, fail) => {
    child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); if (/ready in [\s\S]*http:\S+\n\n/.test(said)) done() })
    child.once('exit', () => fail(new Error(said)))
  })
  return { child, url: /http:\/\/localhost:\d+/.exec(said)?.[0] ?? '', ended }
}

test('an upload of an app goes on after the server was killed, and what was whole becomes one item', async () => {
  // Noise does not compress: the file is large enough to be in the middle of something.
  const picture = await sharp(randomBytes(1800 * 1200 * 3), { raw: { width: 1800, height: 1200, channels: 3 } }).png().toBuffer()
  await hearth('account', 'create', 'mara')
  const token = (await hearth('token', 'create', '--account', 'mara')).trim()
  const headers = { 'tus-resumable': '1.0.0', authorization: `Bearer ${token}` }
  const killed = await start()
  const door = '/media/uploads/resumable'
  const begun = await fetch(killed.url + door, { method: 'POST', headers: { ...headers, 'upload-length': String(picture.length), 'upload-metadata': `filetype ${btoa('image/png')}` } })
  expect(begun.status).toBe(201)
  const path = new URL(begun.headers.get('location') ?? '', killed.url).pathname
  expect((await fetch(killed.url + path, { headers: { ...headers, authorization: 'Bearer nobody' }, method: 'HEAD' })).status).toBe(401)
  // Half of a piece is under way when the process dies.
  const ending = new ReadableStream<Uint8Array>({ async pull(control) {
    control.enqueue(new Uint8Array(picture.subarray(0, 3_000_000)))
    await expect.poll(async () => (await stat(join(data, 'work', 'uploads', path.split('/').at(-1)!))).size, { timeout: 10_000 }).toBeGreaterThan(1_000_000)
    killed.child.kill('SIGKILL')
    control.error(new Error('cut'))
  } }, { highWaterMark: 0 })
  await fetch(killed.url + path, { method: 'PATCH', headers: { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }, body: ending, duplex: 'half' } as RequestInit).catch(() => null)
  await killed.ended

  const next = await start()
  const offset = Number((await fetch(next.url + path, { method: 'HEAD', headers })).headers.get('upload-offset'))
  expect(offset).toBeGreaterThan(0)
  const last = await fetch(next.url + path, { method: 'PATCH', headers: { ...headers, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, body: new Uint8Array(picture.subarray(offset)) })
  expect(last.status).toBe(204)
  const items = await Promise.all([1, 2].map(async () => (await (await fetch(`${next.url}${path}/media`, { method: 'POST', headers })).json() as { id: string }).id))
  expect(items).toEqual([last.headers.get('upload-media'), last.headers.get('upload-media')])
  // Nothing of it was mixed up: the picture can be read to its end.
  await expect.poll(async () => (await (await fetch(`${next.url}/media/uploads/${items[0]}`, { headers })).json() as { state: string }).state, { timeout: 30_000 }).toBe('ready')
  next.child.kill('SIGTERM')
  expect(await next.ended).toBe(0)
}, 120_000)
