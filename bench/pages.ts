// node bench/pages.ts --data DIR: pages as HTML from a seeded community, asked by 32 connections at once: a member's home, and what
// visitors read. Beside them, in the same run, the same bytes from memory through a bare server.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findAccountByUsername } from '../src/server/domain/accounts/index.ts'
import { changeSettings } from '../src/server/domain/instance/index.ts'
import { openSession, sessionCookie } from '../src/server/domain/sessions/index.ts'
import { communityTimeline } from '../src/server/domain/timelines/index.ts'
import { withApp } from '../src/server/start/open.ts'
import { freePort, load, startServer } from './load.ts'
import { tell } from './result.ts'

const at = process.argv.indexOf('--data')
if (at < 0) throw new Error('--data DIR is needed')
const seconds = 6
/** s until what is often run is compiled: a server runs for months */
const warming = 8
const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-'))
const [port, limitPort] = [await freePort(), await freePort()]
const origin = `http://127.0.0.1:${port}`
const environment = { ...process.env, HEARTH_DATA: process.argv[at + 1], PORT: String(port), HEARTH_RATE_LIMIT_SCALE: '1000000', HEARTH_LOG: 'warn' }
const server = await startServer(join(import.meta.dirname, '../bin/hearth.js'), ['start'], environment, `${origin}/health/ready`)
try {
  const { cookie, post } = await withApp(environment, async (app) => {
    const mara = await findAccountByUsername(app, 'mara')
    if (!mara) throw new Error('There is no mara here: seed this folder first.')
    await changeSettings(app, 'command', { readMode: 'everyone' })
    const { token } = await openSession(app, app.database.queries, mara.id, 'bench/pages.ts')
    const [first] = (await communityTimeline(app, null, { limit: 1 })).items
    return { cookie: `${sessionCookie(app)}=${token}`, post: first?.url ?? '/' }
  })
  const pages: { name: string; path: string; headers: Record<string, string>; least: number; most: number }[] = [
    { name: 'home page of a member', path: '/', headers: { cookie }, least: 800, most: 80 },
    { name: 'front page', path: '/', headers: {}, least: 5000, most: 80 },
    { name: 'public profile', path: '/@mara', headers: {}, least: 5000, most: 80 },
    { name: 'public post', path: post, headers: {}, least: 5000, most: 80 },
  ]
  for (const { name, path, headers, least, most } of pages) {
    const first = await fetch(origin + path, { headers })
    const body = join(folder, 'body')
    await writeFile(body, JSON.stringify(await first.text()))
    const limit = await startServer(join(import.meta.dirname, 'limit-server.js'), [], { ...process.env, PORT: String(limitPort), TOKEN: 'none', BODY: body }, `http://127.0.0.1:${limitPort}/ready`)
    const line = await load(`http://127.0.0.1:${limitPort}/buffer`, { authorization: 'Bearer none' }, seconds)
    await limit.stop()
    await load(origin + path, headers, warming)
    const read = await load(origin + path, headers, seconds)
    const packed = await load(origin + path, { ...headers, 'accept-encoding': 'br' }, seconds)
    if (read.wrong + packed.wrong) throw new Error(`${path}: ${read.wrong + packed.wrong} answers were not 200`)
    tell({ name: `${name}: size`, value: read.bytes / 1024, unit: 'kB' })
    tell({ name: `${name}: the limit line`, value: line.rate, unit: 'requests/s' })
    tell({ name, value: read.rate, unit: 'pages/s', least })
    tell({ name: `${name}, packed, as browsers ask`, value: packed.rate, unit: 'pages/s', least })
    tell({ name: `${name}: 99 % within`, value: read.p99, unit: 'ms', most })
  }
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
