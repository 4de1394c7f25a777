import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { embeddedConnection } from '../../src/server/platform/db/embedded.ts'
import { openDatabase } from '../../src/server/platform/db/index.ts'
import { emptyBook, live } from './member.ts'
import type { Door, Person } from './member.ts'
import { randomFrom } from './random.ts'
import { openTown } from './town.ts'
import type { Town } from './town.ts'

const kills = Number(process.env.HEARTH_KILLS ?? 100)
const seed = Number(process.env.HEARTH_SEED ?? Date.now() % 1_000_000)
/** A machine that is busy with other things gets through fewer: then it says so. */
const mostSeconds = Number(process.env.HEARTH_KILL_SECONDS ?? 330)
const names = ['mara', 'tomas', 'ines', 'okan', 'lene', 'yusuf']
let town: Town
beforeAll(async () => { town = await openTown() })
afterAll(() => town.close())

test(`whatever was acknowledged is there exactly once after ${kills} sudden deaths of server and database (HEARTH_SEED=${seed})`, async () => {
  const random = randomFrom(seed)
  const pictures = new Map<string, Buffer>()
  for (let at = 0; at < 24; at++) pictures.set(`picture-${at}.png`, await sharp(randomBytes(160 * 120 * 3), { raw: { width: 160, height: 120, channels: 3 } }).png().toBuffer())
  let server = await town.start()
  const people: Person[] = []
  for (const name of names) {
    await town.hearth('account', 'create', name)
    const token = JSON.parse(await town.hearth('token', 'create', '--account', name, '--json')) as { access_token: string }
    const me = await (await fetch(`${server.url}/api/v1/accounts/verify_credentials`, { headers: { authorization: `Bearer ${token.access_token}` } })).json() as { id: string }
    people.push({ id: me.id, token: token.access_token })
  }
  const bystanders = await withDatabase((database) => bystandersOf(database, 80))
  const book = emptyBook()
  let open = (_url: string) => {}
  const door: Door = { up: Promise.resolve(server.url), over: false }
  const lives = Promise.all(people.map((me, at) => live(door, book, me, people.filter((one) => one !== me), bystanders, pictures, randomFrom(seed + at + 1))))
  let failed: unknown
  lives.catch((error: unknown) => { failed = error })

  let starting = 0
  let killed = 0
  let stopped = 0
  let life = 700
  const until = Date.now() + mostSeconds * 1000
  while (killed < kills && !failed && Date.now() < until) {
    await new Promise((done) => setTimeout(done, 30 + random() * life))
    killed++
    door.up = new Promise((done) => { open = done })
    if (killed % 20 === 10) {
      // Asked to stop in the midst of it, it ends in order.
      server.child.kill('SIGTERM')
      expect(await server.ended).toBe(0)
      stopped++
      server = await town.start()
      open(server.url)
      door.up = new Promise((done) => { open = done })
    }
    await server.killTree((pids) => random() < 0.5 ? pids : pids.reverse())
    const since = performance.now()
    server = await town.start()
    const took = performance.now() - since
    starting += took
    // On a machine that is busy with other things, there is time for as much as on one that isn't.
    life = Math.min(4000, Math.max(700, took / 2))
    open(server.url)
  }
  door.over = true
  await lives
  const lost = await verdict()
  console.log(`seed ${seed}: ${book.acts} acts acknowledged, ${book.again} of them after a death between; ${book.posts.size} posts, ${book.media.size} files, ${book.reports.acknowledged.size} reports; a start takes ${Math.round(starting / killed)} ms; stopped in order ${stopped} times`)
  if (killed < kills) console.warn(`ONLY ${killed} OF ${kills} DEATHS in ${mostSeconds} s: this machine was too busy for more`)
  expect(lost).toEqual([])
  expect(book.acts).toBeGreaterThan(killed * 2)
  expect(killed).toBeGreaterThanOrEqual(Math.min(kills, 10))
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)

  /** What isn't as it was acknowledged. */
  async function verdict(): Promise<string[]> {
    const wrong: string[] = []
    await untilIdle()
    await withDatabase(async ({ pool }) => {
      const rows = async <Row>(text: string, values: unknown[] = []) => (await pool.query(text, values)).rows as Row[]
      const posts = new Map((await rows<{ id: string; text: string; deleted: boolean; media: string[] }>('select p.id, p.text, p.deleted_at is not null as deleted, array(select id::text from media m where m.post_id = p.id) as media from posts p where author_id = any($1)', [people.map(({ id }) => id)])).map((row) => [row.id, row]))
      for (const [id, { text, deleted, media }] of book.posts) {
        const found = posts.get(id)
        if (!found && !deleted) wrong.push(`the post '${text}' is gone`)
        if (found && found.deleted !== deleted) wrong.push(`the post '${text}' ${deleted ? 'is back' : 'was deleted'}`)
        if (found && !deleted && found.text !== text) wrong.push(`the post '${text}' says '${found.text}'`)
        if (found && !deleted && found.media.join() !== media.join()) wrong.push(`the post '${text}' has the pictures ${found.media.join()} instead of ${media.join()}`)
      }
      for (const id of posts.keys()) if (!book.posts.has(id)) wrong.push(`nobody was told of the post ${id}`)
      const keys = await rows<{ key: string }>('select key from idempotency_keys k where not exists (select from posts p where p.id = k.post_id)')
      for (const { key } of keys) wrong.push(`the key ${key} has no post`)
      const likes = new Set((await rows<{ pair: string }>("select account_id || ' ' || post_id as pair from likes")).map(({ pair }) => pair))
      for (const [pair, liked] of book.likes) if (likes.has(pair) !== liked && !book.posts.get(pair.split(' ')[1]!)?.deleted) wrong.push(`like ${pair} is ${!liked}`)
      const follows = new Set((await rows<{ pair: string }>("select follower_id || ' ' || followed_id as pair from follows")).map(({ pair }) => pair))
      for (const [pair, wanted] of book.follows) if (follows.has(pair) !== wanted) wrong.push(`follow ${pair} is ${!wanted}`)
      const comments = (await rows<{ comment: string }>('select comment from reports')).map(({ comment }) => comment).join('\n')
      for (const mark of book.reports.sent) {
        const times = comments.split(mark).length - 1
        if (times > 1 || (times === 0 && book.reports.acknowledged.has(mark))) wrong.push(`the report ${mark} is there ${times} times`)
      }
      const media = new Map((await rows<{ id: string; state: string }>('select id, state from media')).map(({ id, state }) => [id, state]))
      for (const [id, { name }] of book.media) if (media.get(id) !== 'ready') wrong.push(`${name} (${id}) is ${media.get(id) ?? 'gone'}`)
    })
    const { ok, differences } = JSON.parse(await town.hearth('verify', '--deep', '--json').catch((error: Error) => error.message.slice(error.message.indexOf('{')))) as { ok: boolean; differences: { what: string; id: string; expected: string; found: string }[] }
    if (!ok) wrong.push(...differences.map((one) => `${one.what} ${one.id}: expected ${one.expected}, found ${one.found}`))
    for (const name of (await readdir(join(town.data, 'work'))).filter((name) => name !== 'uploads')) wrong.push(`left lying: work/${name}`)
    return wrong
  }

  async function untilIdle(): Promise<void> {
    await withDatabase(async ({ pool }) => {
      const waiting = async () => Number((await pool.query("select count(*) from graphile_worker._private_jobs where attempts < max_attempts and run_at < now() + interval '10 minutes' and task_id in (select id from graphile_worker._private_tasks where identifier in ('event', 'processMedia', 'matchMedia'))")).rows[0].count)
      await expect.poll(async () => {
        // Jobs that were interrupted wait longer and longer; nobody has that much time here.
        await pool.query('update graphile_worker._private_jobs set run_at = now() where locked_at is null and (attempts > 0 or last_error is not null) and attempts < max_attempts')
        return waiting()
      }, { timeout: 120_000, interval: 300 }).toBe(0)
    })
  }
}, 900_000)

async function withDatabase<Result>(work: (database: ReturnType<typeof openDatabase>) => Promise<Result>): Promise<Result> {
  const database = openDatabase({ ...await embeddedConnection(join(town.data, 'database')), max: 2 })
  try { return await work(database) } finally { await database.close() }
}

async function bystandersOf({ pool }: ReturnType<typeof openDatabase>, count: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>("insert into accounts (id, username, username_key, username_skeleton, role, state, created_at) select 1000 + n, 'by' || n, 'by' || n, 'by' || n, 'member', 'active', now() from generate_series(1, $1::int) n returning id", [count])
  return rows.map(({ id }) => id)
}
