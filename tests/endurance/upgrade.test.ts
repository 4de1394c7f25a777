import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { makeApp } from '../../src/server/make-app.ts'
import { openDatabase } from '../../src/server/platform/db/index.ts'
import type { Database } from '../../src/server/platform/db/index.ts'
import { migrate } from '../../src/server/platform/db/migrate.ts'
import { migrateJobs } from '../../src/server/platform/jobs/index.ts'
import { verifyCommunity } from '../../src/server/verify/index.ts'

/** The last migration of the version that people have. To be set anew with each release; what comes after it is tested here. */
const released = '0037-screening-changes.sql'
/** What later versions will do to tables that grow, each in the way that docs/endurance.md asks for. */
const later = {
  '9001-a-column.sql': "alter table posts add column mood text not null default 'calm';",
  '9002-an-index.sql': '-- hearth: no transaction\n-- posts grow: built beside\ndrop index concurrently if exists posts_mood;\ncreate index concurrently posts_mood on posts (mood, id desc);\n',
  '9003-a-rule.sql': 'alter table likes add constraint likes_not_early check (created_at > timestamptz \'2000-01-01\') not valid;',
  '9004-a-rule-holds.sql': 'alter table likes validate constraint likes_not_early;',
}
const people = 60
const posts = 15_000

let database: Database
let folder: string
let name: string
beforeAll(async () => {
  name = `u_${randomBytes(8).toString('hex')}`
  await asAdmin(`create database ${name}`)
  database = openDatabase({ ...inject('postgres'), database: name, max: 10 })
  const old = new Set((await readdir('migrations')).filter((file) => file <= released))
  await migrate(database, 'migrations', undefined, old)
  await migrateJobs(database)
  await fill()
  folder = await mkdtemp(join(tmpdir(), 'hearth-upgrade-'))
  await cp('migrations', folder, { recursive: true })
  for (const [file, text] of Object.entries(later)) await writeFile(join(folder, file), text)
})
afterAll(async () => {
  await database.close()
  await asAdmin(`drop database if exists ${name} with (force)`)
  await rm(folder, { recursive: true, force: true })
})

async function asAdmin(text: string): Promise<void> {
  const admin = new pg.Client({ ...inject('postgres'), database: 'postgres' })
  await admin.connect()
  await admin.query(text)
  await admin.end()
}

// As the released version writes and reads. Nothing here may be changed when the tables change.
async function fill(): Promise<void> {
  await database.pool.query("insert into accounts (id, username, username_key, username_skeleton, role, state, created_at) select n, 'm' || n, 'm' || n, 'm' || n, 'member', 'active', now() from generate_series(1, $1::int) n", [people])
  await database.pool.query("insert into posts (id, author_id, text, audience, thread_id, created_at) select 100000 + n, 1 + n % $2, 'word ' || n, 'public', 100000 + n, now() - make_interval(secs => $1 - n) from generate_series(1, $1::int) n", [posts, people])
  await database.pool.query('insert into likes (id, post_id, account_id) select 500000 + n, 100000 + n, 1 + (n * 7) % $2 from generate_series(1, $1::int) n where n % 3 = 0', [posts, people])
  await database.pool.query("insert into follows (id, follower_id, followed_id, state) select a * 1000 + b, a, b, 'accepted' from generate_series(1, $1::int) a, generate_series(1, $1::int) b where a <> b and (a + b) % 5 = 0", [people])
  await database.pool.query('update posts p set likes_count = (select count(*) from likes l where l.post_id = p.id)')
  await database.pool.query("update accounts a set posts_count = (select count(*) from posts p where p.author_id = a.id), last_post_at = now(), followers_count = (select count(*) from follows f where f.followed_id = a.id), following_count = (select count(*) from follows f where f.follower_id = a.id)")
}
async function write(client: pg.PoolClient, id: number): Promise<void> {
  const author = 1 + id % people
  await client.query('begin')
  await client.query("insert into posts (id, author_id, text, audience, thread_id, created_at) values ($1, $2, 'during', 'public', $1, now())", [id, author])
  await client.query('update accounts set posts_count = posts_count + 1, last_post_at = now() where id = $1', [author])
  await client.query('insert into likes (id, post_id, account_id) values ($1, $1, $2)', [id, 1 + (id + 3) % people])
  await client.query('update posts set likes_count = likes_count + 1 where id = $1', [id])
  await client.query('commit')
}
const read = (client: pg.PoolClient, who: number) => client.query("select p.id, p.text, a.username, p.likes_count from follows f join posts p on p.author_id = f.followed_id join accounts a on a.id = p.author_id where f.follower_id = $1 and f.state = 'accepted' and p.deleted_at is null order by p.id desc limit 20", [1 + who % people])

test('the tables change while the version before goes on reading and writing: nothing is lost, and nobody waits long', async () => {
  let over = false
  const acknowledged: number[] = []
  const times: number[] = []
  const at = { next: 1_000_000 }
  let refused = 0
  const timed = async (work: () => Promise<unknown>) => { const since = performance.now(); await work(); times.push(performance.now() - since) }
  const live = async (turn: number) => {
    const client = await database.pool.connect()
    try {
      for (let round = 0; !over; round++) {
        if ((round + turn) % 3) await timed(() => read(client, round))
        else {
          const id = at.next++
          await timed(() => write(client, id)).then(() => acknowledged.push(id), async (error: { code?: string }) => {
            await client.query('rollback')
            if (error.code !== '40P01') throw error
            refused++
          })
        }
      }
    } finally { client.release() }
  }
  const lives = Promise.all([0, 1, 2, 3].map(live))
  // Somebody reads for long: whoever wants to change that table must step back, or all the others would wait behind.
  const reader = await database.pool.connect()
  await reader.query('begin')
  await reader.query('select count(*) from posts')
  const held = setTimeout(4_000).then(() => reader.query('commit')).finally(() => reader.release())
  const before = (await database.pool.query<{ count: number }>('select count(*)::int as count from posts where id < 1000000')).rows[0]!.count

  const since = performance.now()
  // A second process starts in the same moment.
  const [applied, again] = await Promise.all([migrate(database, folder), migrate(database, folder)])
  const took = performance.now() - since
  over = true
  await Promise.all([lives, held])

  expect([...applied, ...again].filter((file) => file in later).sort()).toEqual(Object.keys(later))
  expect(took).toBeGreaterThan(3_000)
  const longest = Math.max(...times)
  console.log(`${acknowledged.length} writes and ${times.length - acknowledged.length} reads of the version before during ${(took / 1000).toFixed(1)} s of migrating; the longest took ${Math.round(longest)} ms`)
  expect(acknowledged.length).toBeGreaterThan(20)
  // A migration waits 0.7 s at most before it steps back; of two that wait for each other it is the one to do so.
  expect(refused).toBeLessThanOrEqual(1)
  expect(longest).toBeLessThan(3_500)
  const { rows } = await database.pool.query<{ id: string }>('select p.id from posts p join likes l on l.post_id = p.id where p.id >= 1000000 order by p.id')
  expect(rows.map(({ id }) => Number(id))).toEqual([...acknowledged].sort((a, b) => a - b))
  expect((await database.pool.query<{ count: number }>('select count(*)::int as count from posts where id < 1000000')).rows[0]!.count).toBe(before)
  expect((await database.pool.query("select indisvalid from pg_index where indexrelid = 'posts_mood'::regclass")).rows).toEqual([{ indisvalid: true }])

  // The new version finds everything in order.
  const made = await makeApp({ environment: { HEARTH_DATA: folder, HEARTH_LOG: 'error' }, connection: { ...inject('postgres'), database: name, max: 4 } })
  try { expect((await verifyCommunity(made.app)).differences).toEqual([]) } finally { await made.close() }
}, 120_000)
