import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createAccessToken } from '../../src/server/domain/apps/index.ts'
import { follow } from '../../src/server/domain/relationships/index.ts'
import { makeApp } from '../../src/server/make-app.ts'
import type { MadeApp } from '../../src/server/make-app.ts'
import { openDatabase } from '../../src/server/platform/db/index.ts'
import { migrate } from '../../src/server/platform/db/migrate.ts'
import { setHome } from '../../src/server/platform/files/home.ts'
import { migrateJobs } from '../../src/server/platform/jobs/index.ts'
import { openBucket } from '../bucket.ts'
import type { Bucket } from '../bucket.ts'
import { person } from '../people.ts'
import { openCluster } from './postgres.ts'
import type { Cluster } from './postgres.ts'
import { freePort, startRedis } from './programs.ts'
import type { Service } from './programs.ts'

type Running = { child: ChildProcess; url: string; ended: Promise<unknown> }

const postsEach = 10
const writers = ['ada', 'ben', 'cleo', 'dora']
let folder: string
let cluster: Cluster
let redis: Service
let bucket: Bucket
let made: MadeApp
let environment: Record<string, string>
let at: pg.Client
const tokens = new Map<string, string>()
const running = new Set<Running>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-two-'))
  ;[cluster, redis, bucket] = await Promise.all([openCluster(), startRedis(), openBucket()])
  const database = openDatabase({ connectionString: cluster.primary.url, max: 2 })
  await migrate(database, 'migrations')
  await migrateJobs(database)
  await database.close()
  environment = { DATABASE_URL: cluster.primary.url, HEARTH_BUS: redis.url, HEARTH_LOG: process.env.HEARTH_LOG ?? 'error', HEARTH_RATE_LIMIT_SCALE: '1000', NODE_ENV: '', ...bucket.environment }
  made = await makeApp({ environment: { ...environment, HEARTH_DATA: join(folder, 'town') }, connection: { connectionString: cluster.primary.url, max: 4 } })
  const noor = await person(made.app, 'noor')
  for (const username of writers) {
    const writer = await person(made.app, username)
    await follow(made.app, noor, writer.id)
    tokens.set(username, (await createAccessToken(made.app, writer, 'read write')).accessToken)
  }
  tokens.set('noor', (await createAccessToken(made.app, noor, 'read')).accessToken)
  await setHome(made.app.database.queries, 's3')
  at = new pg.Client({ connectionString: cluster.primary.url })
  await at.connect()
}, 120_000)
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await Promise.all([...running].map((one) => one.ended))
  await at?.end().catch(() => {})
  await made?.close()
  await bucket?.close()
  await redis?.stop()
  await cluster?.close()
  await rm(folder, { recursive: true, force: true })
})

/** A machine of its own: nothing but the keys is the same. */
async function start(role: 'web' | 'worker', name: string): Promise<Running> {
  const data = join(folder, name)
  await cp(join(folder, 'town', 'keys'), join(data, 'keys'), { recursive: true }).catch(() => {})
  const port = await freePort()
  const child = spawn(process.execPath, ['bin/hearth.js', 'start'], { env: { ...process.env, ...environment, HEARTH_DATA: data, HEARTH_ROLES: role, PORT: String(port), PUBLIC_URL: 'http://town.test' }, stdio: ['ignore', 'pipe', 'inherit'] })
  const one: Running = { child, url: `http://127.0.0.1:${port}`, ended: new Promise((done) => child.once('exit', done)) }
  running.add(one)
  let said = ''
  await new Promise<void>((done, fail) => {
    child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); if (/ready in/.test(said)) done() })
    child.once('exit', () => fail(new Error(said)))
  })
  return one
}

const rows = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) => (await at.query<Row>(text, values)).rows

/** As an app does behind a balancer: what wasn't answered is sent again, to the other. */
async function send(webs: Running[], username: string, path: string, key: string, body: () => FormData | string): Promise<{ id: string }> {
  for (let attempt = 0; ; attempt++) {
    try {
      const sent = body()
      const answer = await fetch(webs[attempt % webs.length]!.url + path, { method: 'POST', body: sent, headers: { authorization: `Bearer ${tokens.get(username)}`, 'idempotency-key': key, ...typeof sent === 'string' ? { 'content-type': 'application/json' } : {} } })
      if (answer.ok) return await answer.json() as { id: string }
      if (answer.status < 500) throw Object.assign(new Error(`${answer.status} ${await answer.text()}`), { final: true })
    } catch (error) {
      if ((error as { final?: boolean }).final || attempt > 20) throw error
    }
    await new Promise((done) => setTimeout(done, 50))
  }
}

test('two that serve and two that work share a town; one of each is killed amid posting, and nothing is lost or done twice', { timeout: 480_000 }, async () => {
  const worker = await start('worker', 'worker1')
  let name = ''
  await expect.poll(async () => name = (await rows<{ name: string }>('select worker as name from processes where worker is not null'))[0]?.name ?? '', { timeout: 20_000 }).not.toBe('')
  const [web, lasting] = await Promise.all([start('web', 'web1'), start('web', 'web2'), start('worker', 'worker2')])
  const heard: string[] = []
  const socket = new WebSocket(`${lasting.url.replace('http', 'ws')}/api/v1/streaming?stream=user&access_token=${tokens.get('noor')}`)
  socket.on('message', (message) => {
    const { event, payload } = JSON.parse(String(message)) as { event: string; payload: string }
    if (event === 'update') heard.push((JSON.parse(payload) as { id: string }).id)
  })
  await new Promise((done, fail) => socket.once('open', done).once('error', fail))

  const pictures = await Promise.all(writers.flatMap((_, at) => Array.from({ length: postsEach }, (_, count) => sharp({ create: { width: 1200, height: 900, channels: 3, background: { r: at * 50, g: count * 20, b: 90 } } }).png().toBuffer())))
  const acknowledged: { id: string; text: string }[] = []
  const write = async (username: string) => {
    for (let count = 0; count < postsEach; count++) {
      const text = `@noor ${username} ${count}`
      const webs = (count + username.length) % 2 ? [web, lasting] : [lasting, web]
      const mediaIds: string[] = []
      if (count % 4 === 1) {
        const picture = pictures[writers.indexOf(username) * postsEach + count]!
        const media = await send(webs, username, '/api/v2/media', '', () => { const form = new FormData(); form.set('file', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'a.png'); return form })
        mediaIds.push(media.id)
      }
      const { id } = await send(webs, username, '/api/v1/statuses', `${username} ${count}`, () => JSON.stringify({ status: text, media_ids: mediaIds, visibility: 'public' }))
      acknowledged.push({ id, text })
    }
  }
  const writing = Promise.all(writers.map(write))

  await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(8)
  web.child.kill('SIGKILL')
  // The worker dies with a job in its hands: held still, and looked whether it has one.
  await expect.poll(async () => {
    process.kill(worker.child.pid!, 'SIGSTOP')
    const held = await rows('select 1 from graphile_worker._private_jobs where locked_by = $1', [name])
    if (held.length === 0) process.kill(worker.child.pid!, 'SIGCONT')
    return held.length
  }, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0)
  worker.child.kill('SIGKILL')

  await writing
  expect(acknowledged).toHaveLength(writers.length * postsEach)
  // Every word is there once, under the id that was told.
  const kept = await rows<{ id: string; text: string }>('select id::text, text from posts where deleted_at is null')
  expect(kept.toSorted(byText)).toEqual(acknowledged.toSorted(byText))
  // The dead worker's job is given back, and everything that follows is done, once.
  await expect.poll(async () => (await rows("select 1 from posts where state <> 'published' union all select 1 from media where state not in ('ready', 'failed') union all select 1 from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'event'")).length, { timeout: 90_000 }).toBe(0)
  expect(await rows("select state, count(*)::int as media from media where post_id is not null group by state")).toEqual([{ state: 'ready', media: kept.filter(({ text }) => Number(text.split(' ').at(-1)) % 4 === 1).length }])
  expect(await rows("select count(*)::int as told, count(distinct post_id)::int as posts from notifications where kind = 'mention'")).toEqual([{ told: acknowledged.length, posts: acknowledged.length }])
  // On the web that lives everybody heard of everything, once.
  await expect.poll(() => new Set(heard).size, { timeout: 20_000 }).toBe(acknowledged.length)
  expect(heard.toSorted()).toEqual(acknowledged.map((one) => one.id).toSorted())
  expect(await rows<{ jobs: number }>('select count(*)::int as jobs from graphile_worker._private_jobs where attempts >= max_attempts')).toEqual([{ jobs: 0 }])
  socket.close()
})

test('how often somebody may try a password is counted once for all', { timeout: 60_000 }, async () => {
  const two = await makeApp({ environment: { ...environment, HEARTH_RATE_LIMIT_SCALE: '1', HEARTH_DATA: join(folder, 'two') }, connection: { connectionString: cluster.primary.url, max: 4 } })
  const three = await makeApp({ environment: { ...environment, HEARTH_RATE_LIMIT_SCALE: '1', HEARTH_DATA: join(folder, 'three') }, connection: { connectionString: cluster.primary.url, max: 4 } })
  const limit = { name: 'trying', most: 10, seconds: 600 }
  const tries = await Promise.allSettled(Array.from({ length: 30 }, (_, count) => (count % 2 ? two : three).app.limits.use(limit, '192.0.2.7')))
  expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(10)
  await Promise.all([two.close(), three.close()])
})

const byText = (a: { text: string }, b: { text: string }) => a.text < b.text ? -1 : 1
