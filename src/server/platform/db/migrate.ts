import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import type { Database } from './index.ts'

const lockKey = 7_268_001
/** ms for which a migration waits for a table; whoever reads or writes it waits behind. Then it steps back and tries again. */
const lockMs = 700
/** Two that wait for each other: the migration finds out first, and is the one to step back. Only a superuser may say so, which the embedded database's user is. */
const deadlockMs = 50
const mostTries = 100
const pauseMs = 400
/** The first line of a file whose statements can't be in a transaction: `create index concurrently` on a table that grows. */
const outside = /^-- hearth: no transaction\b/

/**
 * Applies the files of `folder` that this database hasn't seen, in the order of their names, each in a transaction of its own, while
 * others may read and write: it never waits long for a table. Several processes may start at once: one migrates, the others wait.
 *
 * A file that begins with `-- hearth: no transaction` is applied one statement (ended by `;` at the end of a line) after the other. It may be
 * begun again after it broke off: `drop index concurrently if exists x;` comes before `create index concurrently x …;`.
 * Returns the names it applied. `only`: no others, for tables as they once were.
 */
export async function migrate(database: Database, folder: string, onStep: (name: string) => void = () => {}, only?: ReadonlySet<string>): Promise<string[]> {
  const client = await database.pool.connect()
  try {
    await client.query('set statement_timeout = 0')
    await takeTurn(client)
    await client.query('create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())')
    const done = new Set((await client.query<{ name: string }>('select name from migrations')).rows.map((row) => row.name))
    const waiting = (await readdir(folder)).filter((name) => name.endsWith('.sql') && !done.has(name) && (only?.has(name) ?? true)).sort()
    for (const name of waiting) {
      onStep(name)
      const text = await readFile(join(folder, name), 'utf8')
      try {
        await (outside.test(text) ? oneByOne(client, name, text) : untilLocked(() => atOnce(client, name, text)))
      } catch (error) {
        throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error })
      }
    }
    return waiting
  } finally {
    await client.query('select pg_advisory_unlock_all()').catch(() => {})
    // Its settings are not those of the others.
    client.release(true)
  }
}

/** Whoever waits holds no snapshot meanwhile: an index that is built beside would wait for it. */
async function takeTurn(client: pg.PoolClient): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [lockKey])
    if (rows[0]?.taken) return
    await new Promise((done) => setTimeout(done, 100))
  }
}

async function atOnce(client: pg.PoolClient, name: string, text: string): Promise<void> {
  await client.query('begin')
  try {
    await client.query(`set local lock_timeout = ${lockMs}`)
    await client.query(`select set_config('deadlock_timeout', '${deadlockMs}', true) where current_setting('is_superuser') = 'on'`)
    await client.query(text)
    await client.query('insert into migrations (name) values ($1)', [name])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

async function oneByOne(client: pg.PoolClient, name: string, text: string): Promise<void> {
  for (const statement of text.split(/;[ \t]*$/m)) if (statement.replaceAll(/^\s*--.*$/gm, '').trim()) await client.query(statement)
  await client.query('insert into migrations (name) values ($1)', [name])
}

/** Tries again where a table was in use for too long. */
async function untilLocked(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      const { code } = error as { code?: string }
      // lock_not_available, deadlock_detected
      if ((code !== '55P03' && code !== '40P01') || tries === mostTries) throw error
      await new Promise((done) => setTimeout(done, pauseMs * (0.5 + Math.random())))
    }
  }
}
