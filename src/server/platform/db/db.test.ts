import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askedBy } from '../../../../tests/asked.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Queries } from './index.ts'
import { sql } from './sql.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await world.app.database.pool.query('create table notes (id int primary key, text text not null)')
})
afterAll(() => world.close())

const db = () => world.app.database
const notes = async () => (await db().pool.query<{ id: number }>('select id from notes order by id')).rows.map((row) => row.id)
const add = (id: number) => sql`insert into notes values (${id}, 'x') returning 1`

test('a transaction is begun by its first statement, and all of it happens or nothing', async () => {
  expect(await askedBy(() => db().inTransaction(async () => 1))).toEqual([])
  const asked = await askedBy(() => db().inTransaction(async (tx) => {
    await add(1).execute(tx)
    await add(2).execute(tx)
  }))
  expect(asked.map((text) => text.slice(0, 6))).toEqual(['begin', 'insert', 'insert', 'commit'])
  await expect(db().inTransaction(async (tx) => {
    await add(3).execute(tx)
    throw new Error('on second thoughts')
  })).rejects.toThrow('second thoughts')
  await expect(db().inTransaction(async (tx) => {
    await add(4).execute(tx)
    db().atEnd(tx, () => add(1))
  })).rejects.toMatchObject({ code: '23505' })
  expect(await notes()).toEqual([1, 2])
})

test('a transaction that ends because another was aborted leaves nothing open, whether it had begun or not', async () => {
  const watcher = new pg.Client(db().pool.options)
  await watcher.connect()
  const open = async () => (await watcher.query(`select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`)).rowCount
  // A statement of it fails, and that is not minded: then the commit is a rollback.
  const aborted = () => db().inTransaction(async (tx) => { await add(1).execute(tx).catch(() => {}) })
  try {
    for (const first of [[], [6]]) {
      await expect(db().inTransaction(async (tx) => {
        for (const id of first) await add(id).execute(tx)
        await aborted()
      })).rejects.toThrow('rolled back')
      expect(await open()).toBe(0)
      // Whoever comes next has what they wrote.
      await Promise.all([7, 8].map((n) => add(n + first.length * 10).execute(db().queries)))
      expect(await open()).toBe(0)
    }
    expect((await watcher.query('select id from notes where id in (6, 7, 8, 17, 18) order by id')).rows.map((row: { id: number }) => row.id)).toEqual([7, 8, 17, 18])
  } finally {
    await watcher.end()
  }
})

test('what only comes at the end is one statement: all of it happens or nothing, and what follows a commit follows', async () => {
  const followed: string[] = []
  const asked = await askedBy(() => db().inTransaction(async (tx) => {
    db().atEnd(tx, () => add(10))
    db().atEnd(tx, () => add(11))
    db().afterCommit(tx, async () => { followed.push('done') })
  }))
  expect(asked).toHaveLength(1)
  expect(await notes()).toEqual(expect.arrayContaining([10, 11]))
  await expect(db().inTransaction(async (tx) => {
    db().atEnd(tx, () => add(12))
    db().atEnd(tx, () => add(10))
    db().afterCommit(tx, async () => { followed.push('never') })
  })).rejects.toMatchObject({ code: '23505' })
  expect(await notes()).not.toContain(12)
  expect(followed).toEqual(['done'])
  // The same connection goes on to serve.
  await db().inTransaction(async (tx) => { await add(13).execute(tx) })
  expect(await notes()).toContain(13)
})

test('what is asked at once shares a connection; each gets its own answer, and one that fails spares the others', async () => {
  const pid = async () => (await sql<{ pid: number; at: string }>`select pg_backend_pid() as pid`.execute(db().queries)).rows[0]!.pid
  const echo = async (word: string) => (await sql<{ word: string }>`select ${word}::text as word`.execute(db().queries)).rows[0]!.word
  const answers = await db().atOnce(() => Promise.allSettled([pid(), pid(), echo('a'), sql`select 1 / 0`.execute(db().queries), echo('b'), add(20).execute(db().queries), pid()]))
  expect(answers.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
  const values = answers.map((one) => one.status === 'fulfilled' ? one.value : null)
  expect(new Set([values[0], values[1], values[6]]).size).toBe(1)
  expect([values[2], values[4]]).toEqual(['a', 'b'])
  expect(await notes()).toContain(20)
})

test('a transaction within has a connection of its own', async () => {
  const pidOf = async (on: Queries) => (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(on)).rows[0]!.pid
  const [shared, own] = await db().atOnce(() => Promise.all([
    pidOf(db().queries),
    db().inTransaction(async (tx) => {
      await add(30).execute(tx)
      const beside = await sql<{ n: number }>`select count(*)::int as n from notes where id = 30`.execute(db().queries)
      expect(beside.rows[0]!.n).toBe(0)
      return pidOf(tx)
    }),
  ]))
  expect(own).not.toBe(shared)
})

test('a connection that was shared can be used for everything again', async () => {
  await db().atOnce(() => Promise.all([1, 2, 3].map((n) => sql`select ${n}::int`.execute(db().queries))))
  const client = await db().pool.connect()
  try {
    // A pipelining client refuses this.
    const { rows } = await client.query({ text: 'select generate_series(1, 3) as n', rows: 2 } as pg.QueryConfig)
    expect(rows.map((row: { n: number }) => row.n)).toEqual([1, 2, 3])
  } finally {
    client.release()
  }
})
