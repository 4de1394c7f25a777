// node bench/timeline.ts --data DIR: the home timeline over the API (20 posts, signed in) of a seeded community, asked by 32
// connections at once; beside it, in the same run, the limit line: the same framework answering the same bytes from memory.
// Seed with: hearth seed --members 2000 --posts 100000 --data DIR
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findAccountByUsername } from '../src/server/domain/accounts/index.ts'
import { createAccessToken } from '../src/server/domain/apps/index.ts'
import { withApp } from '../src/server/start/open.ts'
import { freePort, load, startServer } from './load.ts'
import { tell } from './result.ts'

const at = process.argv.indexOf('--data')
if (at < 0) throw new Error('--data DIR is needed')
const seconds = 8
const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-'))
const [port, limitPort] = [await freePort(), await freePort()]
const environment = { ...process.env, HEARTH_DATA: process.argv[at + 1], PORT: String(port), HEARTH_RATE_LIMIT_SCALE: '1000000', HEARTH_LOG: 'warn' }
const server = await startServer(join(import.meta.dirname, '../bin/hearth.js'), ['start'], environment, `http://127.0.0.1:${port}/health/ready`)
try {
  const token = await withApp(environment, async (app) => {
    const mara = await findAccountByUsername(app, 'mara')
    if (!mara) throw new Error('There is no mara here: seed this folder first.')
    return (await createAccessToken(app, mara, 'read write')).accessToken
  })
  const headers = { authorization: `Bearer ${token}` }
  const home = `http://127.0.0.1:${port}/api/v1/timelines/home`
  const first = await fetch(home, { headers })
  const body = join(folder, 'body')
  await writeFile(body, Buffer.from(await first.arrayBuffer()))
  const limit = await startServer(join(import.meta.dirname, 'limit-server.js'), [], { ...process.env, PORT: String(limitPort), TOKEN: token, BODY: body }, `http://127.0.0.1:${limitPort}/ready`)
  const limits = { buffer: await load(`http://127.0.0.1:${limitPort}/buffer`, headers, seconds), objects: await load(`http://127.0.0.1:${limitPort}/objects`, headers, seconds) }
  await limit.stop()
  await load(home, headers, 2)
  const read = await load(home, headers, seconds)
  if (read.wrong) throw new Error(`${read.wrong} answers were not 200`)
  tell({ name: 'the limit line, from a ready buffer', value: limits.buffer.rate, unit: 'requests/s' })
  tell({ name: 'the limit line, serialised each time', value: limits.objects.rate, unit: 'requests/s' })
  tell({ name: 'size of the answer', value: read.bytes / 1024, unit: 'kB' })
  tell({ name: 'home timeline', value: read.rate, unit: 'requests/s', least: 3000 })
  tell({ name: 'home timeline, 99 % within', value: read.p99, unit: 'ms', most: 30 })
  tell({ name: 'home timeline, of the limit line', value: read.rate / limits.buffer.rate * 100, unit: '%' })
  // Nothing kept helps here: between any two reads somebody likes one of the posts shown.
  const shown = (JSON.parse((await (await fetch(home, { headers })).text())) as { id: string; reblog: { id: string } | null }[]).map((one) => one.reblog?.id ?? one.id)
  const times: number[] = []
  for (let turn = 0; turn < 200; turn++) {
    await fetch(`http://127.0.0.1:${port}/api/v1/statuses/${shown[turn % shown.length]}/${turn % 40 < 20 ? 'favourite' : 'unfavourite'}`, { method: 'POST', headers })
    const began = performance.now()
    await (await fetch(home, { headers })).arrayBuffer()
    times.push(performance.now() - began)
  }
  tell({ name: 'home timeline read anew, median', value: times.sort((a, b) => a - b)[100]!, unit: 'ms' })
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
