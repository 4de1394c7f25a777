import type pg from 'pg'
import type { Database } from '../db/index.ts'

const lockSpace = 7_268_002

/** Takes one of 64 process numbers by an advisory lock, held on a connection of its own while the process lives. */
export async function takeProcessNumber(connect: () => pg.Client): Promise<{ number: number; release(): Promise<void> }> {
  const client = connect()
  client.on('error', () => {})
  await client.connect()
  for (let number = 0; number < 64; number++) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', [lockSpace, number])
    if (rows[0]?.taken) return { number, release: () => client.end().catch(() => {}) }
  }
  await client.end()
  throw new Error('64 Hearth processes already use this database: there is no free process number.')
}

/** The newest id in use, so that ids rise even when the clock was set back between two starts. */
export async function newestId(database: Database): Promise<string> {
  const { rows } = await database.pool.query<{ newest: string }>(
    'select greatest((select max(id) from posts), (select max(id) from accounts), (select max(id) from notifications), 1)::text as newest')
  return rows[0]?.newest ?? '1'
}
