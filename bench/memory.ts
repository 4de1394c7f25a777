// node bench/memory.ts: memory of the server and of everything it began while members read, post, like, upload and listen, for an hour
// (HEARTH_BENCH_MINUTES: another time). Linux only. The course is drawn in bench/results/memory.svg.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { WebSocket } from 'ws'
import { createAccessToken } from '../src/server/domain/apps/index.ts'
import { findAccountByUsername } from '../src/server/domain/accounts/index.ts'
import { communityTimeline } from '../src/server/domain/timelines/index.ts'
import { openSession, sessionCookie } from '../src/server/domain/sessions/index.ts'
import { withApp } from '../src/server/start/open.ts'
import { steps } from '../src/server/platform/progress/steps.ts'
import { freePort, startServer } from './load.ts'
import { treeOf } from '../tests/endurance/town.ts'
import { pssOf } from './pss.ts'
import { courses } from './plot.ts'
import { median, tell } from './result.ts'

const minutes = Number(process.env.HEARTH_BENCH_MINUTES ?? 60)
const everyMs = Math.max(1000, (minutes * 60_000) / 240)
const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-memory-'))
const port = await freePort()
const origin = `http://127.0.0.1:${port}`
const environment = { ...process.env, HEARTH_DATA: folder, PORT: String(port), HEARTH_LOG: 'error', HEARTH_RATE_LIMIT_SCALE: '100000' }
const hearth = join(import.meta.dirname, '../bin/hearth.js')
const MiB = 1_048_576

type Member = { token: string; cookie: string; posts: string[] }
type Sample = { minute: number; server: number; all: number }

await promisify(execFile)(process.execPath, [hearth, 'seed', '--members', '300', '--posts', '10000'], { env: environment })
const members = await withApp(environment, async (app): Promise<Member[]> => {
  const all: Member[] = []
  for (const name of ['mara', 'tomas', 'ines', 'yusuf', 'aiko', 'olga']) {
    const account = await findAccountByUsername(app, name)
    if (!account) throw new Error(`The seed has no ${name}.`)
    const { items } = await communityTimeline(app, account, { limit: 40 })
    all.push({ token: (await createAccessToken(app, account, 'read write')).accessToken, cookie: `${sessionCookie(app)}=${(await openSession(app, app.database.queries, account.id, 'bench/memory.ts')).token}`, posts: items.map(({ id }) => id) })
  }
  return all
})
const server = await startServer(hearth, ['start'], environment, `${origin}/health/ready`)
const samples: Sample[] = []
const show = steps(process.stderr)
let wrong = 0
let asked = 0
try {
  const until = Date.now() + minutes * 60_000
  const living = members.map((member, at) => live(member, at, until))
  for (const began = Date.now(); Date.now() < until;) {
    await new Promise((done) => { setTimeout(done, everyMs) })
    const sizes = await Promise.all(treeOf(server.process.pid!).map(async (pid) => pid === server.process.pid ? { server: await pssOf(pid) } : { other: await pssOf(pid) }))
    const own = sizes.reduce((sum, one) => sum + (one.server ?? 0), 0)
    samples.push({ minute: (Date.now() - began) / 60_000, server: own / MiB, all: (own + sizes.reduce((sum, one) => sum + (one.other ?? 0), 0)) / MiB })
    show.begin(`${Math.round(samples.at(-1)!.minute)} of ${minutes} minutes: server ${Math.round(samples.at(-1)!.server)} MiB, with all it began ${Math.round(samples.at(-1)!.all)} MiB`)
  }
  await Promise.all(living)
  show.end(true)
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
// The first third is spent filling what is kept ready; what comes after must stay.
const part = (from: number, to: number, of: 'server' | 'all') => median(samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to)).map((one) => one[of]))
tell({ name: 'acts', value: asked, unit: 'requests' })
tell({ name: 'acts that failed', value: wrong, unit: 'requests', most: 0 })
tell({ name: 'server at the end', value: part(5 / 6, 1, 'server'), unit: 'MiB' })
tell({ name: 'server: last sixth less third sixth', value: part(5 / 6, 1, 'server') - part(2 / 6, 3 / 6, 'server'), unit: 'MiB', most: 25 })
tell({ name: 'all of it: last sixth less third sixth', value: part(5 / 6, 1, 'all') - part(2 / 6, 3 / 6, 'all'), unit: 'MiB', most: 60 })
await mkdir(join(import.meta.dirname, 'results'), { recursive: true })
await writeFile(join(import.meta.dirname, 'results/memory.svg'), courses({
  title: `Memory during ${minutes} minutes of mixed use`, x: 'minutes', y: 'MiB',
  lines: [{ name: 'server', points: samples.map(({ minute, server: mib }) => [minute, mib]) }, { name: 'with database and children', points: samples.map(({ minute, all }) => [minute, all]) }],
}))

/** One member's way of spending the time: about four acts a second. */
async function live(member: Member, at: number, until: number): Promise<void> {
  const api = (path: string, method = 'GET', body?: string | FormData) => go(path, { method, headers: { authorization: `Bearer ${member.token}`, ...typeof body === 'string' ? { 'content-type': 'application/json' } : {} }, ...body ? { body } : {} })
  const page = (path: string) => go(path, { headers: { cookie: member.cookie } })
  for (let turn = at; Date.now() < until; turn++) {
    const post = member.posts[turn % member.posts.length]!
    const act = turn % 20
    if (act < 7) await api('/api/v1/timelines/home?limit=20')
    else if (act < 9) await page('/')
    else if (act < 11) await api(`/api/v1/statuses/${post}/context`)
    else if (act === 11) await api('/api/v1/notifications')
    else if (act === 12) await page(`/@${['mara', 'tomas', 'ines'][turn % 3]}`)
    else if (act === 13) await api(`/api/v2/search?q=harbour${turn % 7}`)
    else if (act < 16) await api(`/api/v1/statuses/${post}/${turn % 40 < 20 ? 'favourite' : 'unfavourite'}`, 'POST')
    else if (act === 16) await api('/api/v1/statuses', 'POST', JSON.stringify({ status: `At ${turn} the tide is ${randomBytes(8).toString('hex')}`, visibility: 'public' }))
    else if (act === 17) await listen(member)
    else if (act === 18 && turn % 5 === 0) await api('/api/v2/media', 'POST', await picture())
    else await go(`/nobody-${turn}`, {}, 404)
    await new Promise((done) => { setTimeout(done, 250) })
  }
}

async function go(path: string, init: RequestInit, expected?: number): Promise<void> {
  asked++
  const answer = await fetch(`${origin}${path}`, init).catch(() => undefined)
  await answer?.arrayBuffer().catch(() => {})
  if (!answer || (expected ? answer.status !== expected : !answer.ok)) wrong++
}

async function listen({ token }: Member): Promise<void> {
  asked++
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/v1/streaming?stream=user`, { headers: { authorization: `Bearer ${token}` } })
  await new Promise<void>((done) => { socket.once('open', done); socket.once('error', () => { wrong++; done() }) })
  setTimeout(() => { socket.close() }, 10_000).unref()
}

async function picture(): Promise<FormData> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(await sharp(randomBytes(400 * 300 * 3), { raw: { width: 400, height: 300, channels: 3 } }).jpeg().toBuffer())]), 'tide.jpg')
  return form
}
