import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from './index.ts'

const lockKey = 7_268_001

/**
 * Applies the files of `folder` that this database hasn't seen, in the order of their names, each in
 * a transaction of its own. Several processes may start at once: one migrates, the others wait.
 * Returns the names it applied. `only`: no others, for tables as they once were.
 */
export async function migrate(database: Database, folder: string, onStep: (name: string) => void = () => {}, only?: ReadonlySet<string>): Promise<string[]> {
  const client = await database.pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey])
    await client.query('create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())')
    const done = new Set((await client.query<{ name: string }>('select name from migrations')).rows.map((row) => row.name))
    const waiting = (await readdir(folder)).filter((name) => name.endsWith('.sql') && !done.has(name) && (only?.has(name) ?? true)).sort()
    for (const name of waiting) {
      onStep(name)
      await client.query('begin')
      try {
        await client.query(await readFile(join(folder, name), 'utf8'))
        await client.query('insert into migrations (name) values ($1)', [name])
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error })
      }
    }
    return waiting
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockKey]).catch(() => {})
    client.release()
  }
}
