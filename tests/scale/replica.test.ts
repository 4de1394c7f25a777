import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeApp } from '../../src/server/make-app.ts'
import type { MadeApp } from '../../src/server/make-app.ts'
import { openDatabase } from '../../src/server/platform/db/index.ts'
import { migrate } from '../../src/server/platform/db/migrate.ts'
import { migrateJobs } from '../../src/server/platform/jobs/index.ts'
import { openApi } from '../api/door.ts'
import type { Api, Client } from '../api/door.ts'
import { person } from '../people.ts'
import { openCluster } from './postgres.ts'
import type { Cluster, Server } from './postgres.ts'

let folder: string
let cluster: Cluster
let replica: Server
let at: pg.Client
let made: MadeApp
let api: Api
let mara: Client
let visitor: Client
let id: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-replica-'))
  cluster = await openCluster()
  const database = openDatabase({ connectionString: cluster.primary.url, max: 2 })
  await migrate(database, 'migrations')
  await migrateJobs(database)
  await database.close()
  replica = await cluster.addReplica()
  made = await makeApp({
    environment: { HEARTH_DATA: folder, HEARTH_LOG: 'error', HEARTH_RATE_LIMIT_SCALE: '1000', DATABASE_URL: cluster.primary.url, DATABASE_REPLICA_URLS: replica.url },
    connection: { connectionString: cluster.primary.url, max: 6 },
  })
  api = await openApi({ ...made, later() {} })
  const account = await person(made.app, 'mara')
  id = account.id
  mara = await api.as(account)
  visitor = api.visitor
  at = await askReplica()
}, 120_000)
afterAll(async () => {
  await at?.end().catch(() => {})
  await api?.close()
  await made?.close()
  await cluster?.close()
  await rm(folder, { recursive: true, force: true })
})

async function askReplica(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: replica.url })
  client.on('error', () => {})
  await client.connect()
  return client
}
const reads = () => made.app.database.replicas()[0]!.reads
const post = async (status: string) => (await mara({ path: '/api/v1/statuses', json: { status, visibility: 'public' } })).json as unknown as { id: string }
const texts = async (client: Client, path: string) => ((await client(path)).json as unknown as { content: string }[]).map((one) => one.content.replace(/<[^>]+>/g, ''))
/** Until something was read from the replica again. */
const used = () => expect.poll(async () => { const before = reads(); await mara(`/api/v1/accounts/${id}`); return reads() > before }, { timeout: 20_000 }).toBe(true)

test('what only reads is read from the replica, and shows what was written the moment before', async () => {
  await used()
  const before = reads()
  for (let round = 0; round < 20; round++) {
    await post(`word ${round}`)
    expect((await texts(mara, '/api/v1/timelines/home'))[0]).toBe(`word ${round}`)
    expect((await texts(visitor, `/api/v1/accounts/${id}/statuses`))[0]).toBe(`word ${round}`)
  }
  expect(reads()).toBeGreaterThan(before)
})

test('while the replica stands still, everybody sees what was written since, and nothing older is kept for later', { timeout: 120_000 }, async () => {
  for (let round = 0; round < 6; round++) {
    await used()
    await at.query('select pg_wal_replay_pause()')
    const made = await post(`standing ${round}`)
    for (const [client, path] of [[mara, '/api/v1/timelines/home'], [visitor, `/api/v1/accounts/${id}/statuses`], [visitor, '/api/v1/timelines/public']] as const) expect((await texts(client, path))[0]).toBe(`standing ${round}`)
    expect((await mara(`/api/v2/search?type=statuses&q=${encodeURIComponent(`standing ${round}`)}`)).json).toMatchObject({ statuses: [{ id: made.id }] })
    const { rows: [row] } = await at.query<{ there: boolean }>('select exists (select 1 from posts where id = $1) as there', [made.id])
    expect(row).toEqual({ there: false })
    await mara({ path: `/api/v1/statuses/${made.id}/favourite`, method: 'POST' })
    expect((await mara(`/api/v1/statuses/${made.id}`)).json).toMatchObject({ favourited: true, favourites_count: 1 })
    await at.query('select pg_wal_replay_resume()')
    await mara({ path: `/api/v1/statuses/${made.id}/unfavourite`, method: 'POST' })
    expect(((await mara('/api/v1/timelines/home')).json as unknown as { favourited: boolean }[])[0]).toMatchObject({ favourited: false })
    await mara({ path: `/api/v1/statuses/${made.id}`, method: 'DELETE' })
    expect(await texts(visitor, '/api/v1/timelines/public')).not.toContain(`standing ${round}`)
  }
})

test('work that turns out to write does it on the primary, and reads its own writing', async () => {
  await used()
  await made.app.database.reading(async () => {
    await made.app.limits.use({ name: 'try', most: 5, seconds: 60 }, 'mara')
    expect(await made.app.limits.use({ name: 'try', most: 5, seconds: 60 }, 'mara')).toMatchObject({ left: 4998 })
    await made.app.database.queries.updateTable('accounts').set({ display_name: 'Mara M.' }).where('id', '=', id).execute()
    expect(await made.app.database.queries.selectFrom('accounts').select('display_name').where('id', '=', id).executeTakeFirst()).toEqual({ display_name: 'Mara M.' })
  })
})

test('nobody notices when the replica is gone, and it is read from again when it is back', { timeout: 60_000 }, async () => {
  await used()
  const asked: Promise<number>[] = []
  for (let round = 0; round < 30; round++) {
    if (round === 10) asked.push(replica.kill().then(() => 200))
    asked.push(mara(`/api/v1/accounts/${id}/statuses?limit=${5 + round}`).then((answer) => answer.status), visitor(`/api/v1/accounts/${id}`).then((answer) => answer.status))
    if (round % 5 === 0) await Promise.all(asked)
  }
  expect(new Set(await Promise.all(asked))).toEqual(new Set([200]))
  await expect.poll(() => made.app.database.replicas()[0]!.up, { timeout: 10_000 }).toBe(false)
  await post('alone')
  expect((await texts(mara, '/api/v1/timelines/home'))[0]).toBe('alone')
  await replica.start()
  await used()
})

test('what isn’t a copy of this database is never read from', async () => {
  const other = openDatabase({ connectionString: cluster.primary.url, max: 1 }, { urls: [cluster.primary.url], log: made.app.log })
  await expect.poll(() => other.replicas()[0]!.up, { interval: 300, timeout: 1500 }).toBe(false)
  await other.reading(async () => { expect((await other.queries.selectFrom('accounts').select('username').execute()).map((one) => one.username)).toEqual(['mara']) })
  expect(other.replicas()).toMatchObject([{ up: false, reads: 0 }])
  await other.close()
})
