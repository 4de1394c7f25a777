import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type SweepRow = { id: string; state: 'waiting' | 'running' | 'done'; from_batch: string | null; cursor: string; done: number; total: number; found: number; started_at: Date | null; ended_at: Date | null }

/** A sweep that waits looks for this too; null looks for everything. */
export async function upsertSweep(tx: Tx, id: string, fromBatch: string | null): Promise<void> {
  await sql`insert into hash_sweeps as s (id, state, from_batch) values (${id}, 'waiting', ${fromBatch}) on conflict (state) where state <> 'done'
    do update set from_batch = case when s.from_batch is null or excluded.from_batch is null then null else least(s.from_batch, excluded.from_batch) end`.execute(tx)
}

/** The sweep that goes on, or the one that waits, which begins now; undefined where there is none. */
export async function takeSweep(tx: Tx, at: Date): Promise<SweepRow | undefined> {
  const running = await sql<SweepRow>`select * from hash_sweeps where state = 'running' for update`.execute(tx)
  if (running.rows[0]) return running.rows[0]
  const { rows } = await sql<SweepRow>`update hash_sweeps set state = 'running', started_at = ${at} where state = 'waiting' returning *`.execute(tx)
  return rows[0]
}

export async function writeSweep(on: Queries, id: string, more: { cursor: string; done: number; total: number; found: number; endedAt: Date | null }): Promise<void> {
  await sql`update hash_sweeps set cursor = ${more.cursor}, done = ${more.done}, total = ${more.total}, found = ${more.found}, ended_at = ${more.endedAt},
    state = case when ${more.endedAt}::timestamptz is null then state else 'done' end where id = ${id}`.execute(on)
}

/** The newest sweeps. */
export async function selectSweeps(on: Queries, most: number): Promise<SweepRow[]> {
  const { rows } = await sql<SweepRow>`select * from hash_sweeps order by (state <> 'done') desc, id desc limit ${most}`.execute(on)
  return rows
}

/** The values of what was added since this batch, as far as they are not more than `most`; null where they are. */
export async function selectKeysSince(on: Queries, batch: string, most: number): Promise<{ exact: Buffer[]; near: Buffer } | null> {
  const { rows } = await sql<{ signal: string; key: Buffer; body: Buffer | null }>`select signal, key, case when signal = 'vpdq' then body end as body from hash_entries
    where batch_id >= ${batch} and withdrawn_at is null limit ${most + 1}`.execute(on)
  if (rows.length > most) return null
  return { exact: rows.map((row) => row.key), near: Buffer.concat(rows.flatMap((row) => row.signal === 'pdq' ? [row.key] : row.body ? [row.body] : [])) }
}
