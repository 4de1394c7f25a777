import type { Database, Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type Listed = { sha256: Buffer; bytes: number }

/** Files whose hash begins with this byte. */
export async function selectShard(on: Queries, first: number): Promise<Listed[]> {
  const { rows } = await sql<Listed>`select sha256, bytes::float8 as bytes from files where sha256 >= ${Buffer.from([first])} and ${first === 255 ? sql`true` : sql`sha256 < ${Buffer.from([first + 1])}`} order by sha256`.execute(on)
  return rows
}

export async function sumFiles(on: Queries): Promise<{ files: number; bytes: number }> {
  const { rows } = await sql<{ files: number; bytes: number }>`select count(*)::int as files, coalesce(sum(bytes), 0)::float8 as bytes from files`.execute(on)
  return rows[0]!
}

/** Only one move at a time: two in opposite directions would take away each other's copies. Undefined while another runs. The lock ends with its process. */
export async function withMoveLock<Result>(database: Database, work: () => Promise<Result>): Promise<Result | undefined> {
  const client = await database.pool.connect()
  try {
    const { rows } = await client.query<{ ok: boolean }>('select pg_try_advisory_lock(7105117)  as ok')
    if (!rows[0]?.ok) return undefined
    try { return await work() } finally { await client.query('select pg_advisory_unlock(7105117)') }
  } finally {
    client.release()
  }
}
