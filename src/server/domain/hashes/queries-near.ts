import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Which index file counts, and which additions it doesn't hold yet. */
export async function selectIndexState(on: Queries): Promise<{ generation: string; batches: string[] }> {
  const { rows } = await sql<{ generation: string; batches: string[] }>`select generation::text as generation, (select coalesce(array_agg(id::text order by id), '{}') from hash_batches) as batches from hash_index`.execute(on)
  return rows[0]!
}

/** Pictures' values of these additions, those of films among them, one after the other (32 bytes each). `after` is the last entry that was read. */
export async function selectBatchKeys(on: Queries, batches: string[], after: string, most: number): Promise<{ keys: Buffer; last: string | null }> {
  return pageOf(on, sql`batch_id = any(${batches}::bigint[])`, after, most)
}

/** The same of everything that is listed. */
export async function selectAllKeys(on: Queries, after: string, most: number): Promise<{ keys: Buffer; last: string | null }> {
  return pageOf(on, sql`true`, after, most)
}

async function pageOf(on: Queries, which: ReturnType<typeof sql>, after: string, most: number): Promise<{ keys: Buffer; last: string | null }> {
  const { rows } = await sql<{ keys: Buffer | null; last: string | null }>`select string_agg(case when signal = 'vpdq' then body else key end, ''::bytea) as keys, max(id)::text as last
    from (select id, signal, key, body from hash_entries where ${which} and signal in ('pdq', 'vpdq') and withdrawn_at is null and id > ${after} order by id limit ${most}) x`.execute(on)
  return { keys: rows[0]!.keys ?? Buffer.alloc(0), last: rows[0]!.last }
}

/** From now on this file counts, and these additions are in it. */
export async function writeIndex(tx: Tx, generation: string, count: number, batches: string[], at: Date): Promise<void> {
  await sql`update hash_index set generation = ${generation}, count = ${count}, built_at = ${at}`.execute(tx)
  await sql`delete from hash_batches where id = any(${batches}::bigint[])`.execute(tx)
}

/** How much is not in the file yet, and what the file holds. */
export async function selectIndexNeed(on: Queries): Promise<{ waiting: number; batches: number; count: number; built_at: Date | null; generation: string }> {
  const { rows } = await sql<{ waiting: number; batches: number; count: number; built_at: Date | null; generation: string }>`select coalesce(sum(b.entries), 0)::int as waiting, count(b.id)::int as batches, i.count, i.built_at, i.generation::text as generation
    from hash_index i left join hash_batches b on true group by i.count, i.built_at, i.generation`.execute(on)
  return rows[0]!
}
