// How much the web process grows while 2 GB come in: by tus in pieces, and as one multipart form.
// node bench/upload-memory.ts [megabytes]
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { tell } from './result.ts'

const megabytes = Number(process.argv[2] ?? 2048)
const mega = 1024 * 1024
const port = Number(process.env['PORT'] ?? 3971)
const url = `http://localhost:${port}`
/** Begins like a film and then goes on and on: it is only stored, never played. */
const head = Buffer.concat([Buffer.from('0000001c667479706d703432000000006d70343269736f6d61766331', 'hex'), Buffer.from('7fffffff6d646174', 'hex')])
const block = (first: boolean) => first ? Buffer.concat([head, Buffer.alloc(mega - head.length, 7)]) : Buffer.alloc(mega, 7)

const data = await mkdtemp(join(tmpdir(), 'hearth-upload-'))
const hearth = (words: string[]) => spawn(process.execPath, ['bin/hearth.js', ...words], { env: { ...process.env, HEARTH_DATA: data, PORT: String(port), HEARTH_LOG: 'error', HEARTH_RATE_LIMIT_SCALE: '100' }, stdio: ['ignore', 'ignore', 'inherit'] })
const seeded = await new Promise<number>((done) => hearth(['seed', '--members', '3', '--posts', '3', '--data', data]).once('close', (code) => done(code ?? 1)))
if (seeded !== 0) throw new Error('the community could not be made')
const server = hearth(['start'])
try {
  await until(async () => (await fetch(`${url}/health/ready`)).ok)
  const cookie = await logIn()
  await setSizes(cookie)
  await measure('tus, in pieces', () => byTus(cookie))
  await measure('one multipart form', () => byForm(cookie))
} finally {
  server.kill('SIGTERM')
  await new Promise((done) => server.once('close', done))
  await rm(data, { recursive: true, force: true })
}

async function measure(name: string, work: () => Promise<void>): Promise<void> {
  const before = await resident()
  let most = before
  const timer = setInterval(() => { void resident().then((now) => { most = Math.max(most, now) }) }, 200)
  const from = Date.now()
  await work()
  clearInterval(timer)
  const seconds = (Date.now() - from) / 1000
  console.log(`  ${name}: ${before.toFixed(0)} MB before, at most ${most.toFixed(0)} MB, ${seconds.toFixed(0)} s, ${(megabytes / seconds).toFixed(0)} MB/s`)
  tell({ name: `growth while ${megabytes} MB come in: ${name}`, value: most - before, unit: 'MB', most: 200 })
}

async function resident(): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

async function until(good: () => Promise<boolean>): Promise<void> {
  // On a machine that is busy a start may take minutes; a server that ended won't get ready.
  for (let tries = 0; tries < 3000 && server.exitCode === null; tries++) {
    if (await good().catch(() => false)) return
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('the server did not get ready')
}

async function logIn(): Promise<string> {
  const response = await fetch(`${url}/login?/enter`, { method: 'POST', redirect: 'manual', headers: { origin: url }, body: new URLSearchParams({ login: 'mara', password: 'quiet-harbour-lantern' }) })
  const cookie = response.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ')
  if (!cookie) throw new Error(`log-in failed with ${response.status}`)
  return cookie
}

async function setSizes(cookie: string): Promise<void> {
  const form = { section: 'media', mostImageMegabytes: '20', mostVideoMegabytes: '9000', mostAudioMegabytes: '100', memberQuotaMegabytes: '0' }
  const response = await fetch(`${url}/admin/settings`, { method: 'POST', redirect: 'manual', headers: { origin: url, cookie }, body: new URLSearchParams(form) })
  if (response.status >= 400) throw new Error(`the settings were refused with ${response.status}`)
}

async function byTus(cookie: string): Promise<void> {
  const headers = { cookie, origin: url, 'tus-resumable': '1.0.0' }
  const begun = await fetch(`${url}/media/uploads/resumable`, { method: 'POST', headers: { ...headers, 'upload-length': String(megabytes * mega), 'upload-metadata': `filetype ${Buffer.from('video/mp4').toString('base64')}` } })
  if (begun.status !== 201) throw new Error(`refused with ${begun.status}: ${await begun.text()}`)
  const address = new URL(begun.headers.get('location') ?? '', url)
  for (let sent = 0; sent < megabytes; sent += 4) {
    const piece = Buffer.concat(Array.from({ length: Math.min(4, megabytes - sent) }, (_, at) => block(sent + at === 0)))
    const answer = await fetch(address, { method: 'PATCH', headers: { ...headers, 'upload-offset': String(sent * mega), 'content-type': 'application/offset+octet-stream' }, body: piece })
    if (answer.status !== 204) throw new Error(`a piece was refused with ${answer.status}: ${await answer.text()}`)
  }
}

async function byForm(cookie: string): Promise<void> {
  const mark = 'x-hearth-bench'
  const body = Readable.from((function* () {
    yield Buffer.from(`--${mark}\r\ncontent-disposition: form-data; name="file"; filename="a.mp4"\r\ncontent-type: video/mp4\r\n\r\n`)
    for (let sent = 0; sent < megabytes; sent++) yield block(sent === 0)
    yield Buffer.from(`\r\n--${mark}--\r\n`)
  })())
  const answer = await fetch(`${url}/media/uploads`, { method: 'POST', headers: { cookie, origin: url, 'content-type': `multipart/form-data; boundary=${mark}` }, body: Readable.toWeb(body) as ReadableStream, duplex: 'half' } as RequestInit)
  if (answer.status !== 201) throw new Error(`refused with ${answer.status}: ${await answer.text()}`)
}
