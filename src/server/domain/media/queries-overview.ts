import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { MediaKind } from './types.ts'

/** Counts everything anew, by month, kind and part, and who keeps most. Reads every row: for a job, or while there are few. */
export async function recount(tx: Tx, at: Date, mostMembers: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(7105118)`.execute(tx)
  await sql`set local statement_timeout = '300s'`.execute(tx)
  await sql`delete from media_totals`.execute(tx)
  await sql`insert into media_totals (month, kind, part, files, bytes)
    select date_trunc('month', m.created_at at time zone 'utc')::date, m.kind,
      case when mf.name = 'original' then 'original' when mf.name like 'still%' then 'still' when mf.name like 'play%' then 'play' else 'other' end, count(*)::int, sum(f.bytes)
    from media m join media_files mf on mf.media_id = m.id join files f on f.sha256 = mf.sha256 group by 1, 2, 3`.execute(tx)
  await sql`delete from media_member_totals`.execute(tx)
  await sql`insert into media_member_totals (account_id, items, bytes)
    select m.account_id, count(distinct m.id)::int, sum(f.bytes) from media m join media_files mf on mf.media_id = m.id join files f on f.sha256 = mf.sha256
    group by 1 order by 3 desc limit ${mostMembers}`.execute(tx)
  await sql`insert into media_counted (counted_at, distinct_files, distinct_bytes) select ${at}, count(*)::int, coalesce(sum(bytes), 0) from files
    on conflict (only_row) do update set counted_at = excluded.counted_at, distinct_files = excluded.distinct_files, distinct_bytes = excluded.distinct_bytes`.execute(tx)
}

export type Part = 'original' | 'still' | 'play' | 'other'
export type Total = { month: string; kind: MediaKind; part: Part; files: number; bytes: number }

export async function selectTotals(on: Queries): Promise<Total[]> {
  const { rows } = await sql<Total>`select to_char(month, 'YYYY-MM') as month, kind, part, files, bytes::float8 as bytes from media_totals order by month, kind, part`.execute(on)
  return rows
}

export async function selectMemberTotals(on: Queries, most: number): Promise<{ account_id: AccountId; items: number; bytes: number }[]> {
  const { rows } = await sql<{ account_id: AccountId; items: number; bytes: number }>`select account_id, items, bytes::float8 as bytes from media_member_totals order by bytes desc limit ${most}`.execute(on)
  return rows
}

export async function selectCounted(on: Queries): Promise<{ counted_at: Date; distinct_files: number; distinct_bytes: number } | undefined> {
  const { rows } = await sql<{ counted_at: Date; distinct_files: number; distinct_bytes: number }>`select counted_at, distinct_files, distinct_bytes::float8 as distinct_bytes from media_counted`.execute(on)
  return rows[0]
}

/** About how many references to files there are, without counting them. */
export async function guessSize(on: Queries): Promise<number> {
  const { rows } = await sql<{ rows: number }>`select greatest(reltuples, 0)::float8 as rows from pg_class where oid = 'media_files'::regclass`.execute(on)
  return rows[0]!.rows
}

export type Now = { home: 'disk' | 's3'; unfinished: number; unfinished_bytes: number; waiting: number; failed: number; unstored: number }

/** What is under way; each count is over a small index. */
export async function selectNow(on: Queries): Promise<Now> {
  const { rows } = await sql<Now>`select (select home from storage) as home,
    (select count(*)::int from uploads where media_id is null) as unfinished, (select coalesce(sum(bytes), 0)::float8 from uploads where media_id is null) as unfinished_bytes,
    (select count(*)::int from media where stored_at is null and state in ('queued', 'processing')) as waiting,
    (select count(*)::int from media where state = 'failed') as failed,
    (select count(*)::int from media where stored_at is null and state = 'ready') as unstored`.execute(on)
  return rows[0]!
}
