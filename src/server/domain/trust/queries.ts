import type { AccountId, AccountState, Role } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { Level, TrustSettings } from './types.ts'

export type FactsRow = {
  id: AccountId; role: Role; state: AccountState; created_at: Date; came_by: 'open' | 'approval' | 'invitation' | null; read_days: number; posts_count: number; likers: number
  strikes: number; strikes_until: Date | null; level: Level | null; pinned: Level | null; pinned_by_id: AccountId | null; pinned_why: string; held_until: Date | null; branch_until: Date | null; checked_at: Date | null
}

/**
 * Everything that decides the level of these members. Who liked is counted among the latest posts only, and up to twenty a post; and not at all
 * for whom that decides nothing, and whose level of 2 or more was found after `believedSince`.
 */
export async function selectFacts(on: Queries | Tx, ids: string[], now: Date, believedSince: Date | null = null): Promise<FactsRow[]> {
  const { rows } = await sql<FactsRow>`select a.id, a.role, a.state, a.created_at, a.came_by, a.read_days, a.posts_count,
      case when ${believedSince}::timestamptz is not null and (t.pinned is not null or a.role <> 'member' or t.held_until > ${now} or (t.level > 1 and a.state <> 'limited' and t.checked_at > ${believedSince})) then 0
        else (select count(distinct l.account_id)::int from (select p.id from posts p where p.author_id = a.id and p.deleted_at is null and p.state = 'published' order by p.id desc limit 50) x
          cross join lateral (select account_id from likes where post_id = x.id limit 20) l where l.account_id <> a.id) end as likers,
      coalesce(s.strikes, 0) as strikes, s.until as strikes_until, t.level, t.pinned, t.pinned_by_id, coalesce(t.pinned_why, '') as pinned_why, t.held_until, t.branch_until, t.checked_at
    from accounts a left join trust t on t.account_id = a.id
    left join lateral (select sum(d.strike)::int as strikes, max(d.strike_ends_at) as until from decisions d where d.account_id = a.id and d.strike > 0 and d.strike_ends_at > ${now} and d.reversed_by_id is null and d.undone_at is null) s on true
    where a.id = any(${ids}::bigint[])`.execute(on)
  return rows
}

export async function writeLevels(on: Queries | Tx, rows: { id: string; level: number }[], now: Date): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into trust as t (account_id, level, changed_at, checked_at) select id, level, ${now}::timestamptz, ${now}::timestamptz from unnest(${rows.map((row) => row.id)}::bigint[], ${rows.map((row) => row.level)}::smallint[]) as x (id, level)
    on conflict (account_id) do update set checked_at = excluded.checked_at, changed_at = case when t.level = excluded.level then t.changed_at else excluded.changed_at end, level = excluded.level`.execute(on)
}

/** Members below 3 who were here since they were last looked at, or were never looked at, or whose time may have come. */
export async function selectDue(on: Queries, after: string, before: Date, most: number): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`select a.id from accounts a left join trust t on t.account_id = a.id
    where a.id > ${after}::bigint and a.state in ('active', 'limited') and a.role = 'member' and (t.account_id is null or (t.checked_at < ${before} and (t.level < 3 or t.held_until is not null) and a.last_read_on >= (t.checked_at at time zone 'UTC')::date))
    order by a.id limit ${most}`.execute(on)
  return rows.map((row) => row.id)
}

export async function writePin(tx: Tx, id: string, pin: { level: Level; byId: string; why: string } | null, now: Date): Promise<void> {
  await sql`insert into trust (account_id, level, pinned, pinned_by_id, pinned_why, changed_at, checked_at) values (${id}, ${pin?.level ?? 0}, ${pin?.level ?? null}, ${pin?.byId ?? null}, ${pin?.why ?? ''}, ${now}, ${now})
    on conflict (account_id) do update set pinned = excluded.pinned, pinned_by_id = excluded.pinned_by_id, pinned_why = excluded.pinned_why`.execute(tx)
}

/** Holds these members as the newest until then, and whom they invite meanwhile; a null ends it. */
export async function writeHeld(tx: Tx, ids: string[], until: Date | null, now: Date): Promise<void> {
  await sql`insert into trust (account_id, level, held_until, changed_at, checked_at) select id, 0, ${until}::timestamptz, ${now}::timestamptz, ${now}::timestamptz from unnest(${ids}::bigint[]) as x (id)
    on conflict (account_id) do update set held_until = excluded.held_until`.execute(tx)
}
export async function writeBranch(tx: Tx, ids: string[], until: Date | null, now: Date): Promise<void> {
  await sql`insert into trust (account_id, level, branch_until, changed_at, checked_at) select id, 1, ${until}::timestamptz, ${now}::timestamptz, to_timestamp(0) from unnest(${ids}::bigint[]) as x (id)
    on conflict (account_id) do update set branch_until = excluded.branch_until`.execute(tx)
}
export async function selectBranchUntil(on: Queries, accountId: string): Promise<Date | null> {
  const { rows } = await sql<{ branch_until: Date | null }>`select t.branch_until from accounts a join trust t on t.account_id = a.invited_by_id where a.id = ${accountId}`.execute(on)
  return rows[0]?.branch_until ?? null
}

export async function selectTrustSettings(on: Queries): Promise<unknown> {
  const { rows } = await sql<{ settings: unknown }>`select settings from trust_settings`.execute(on)
  return rows[0]?.settings ?? {}
}
export async function writeTrustSettings(tx: Tx, settings: TrustSettings): Promise<void> {
  await sql`update trust_settings set settings = ${JSON.stringify(settings)}::jsonb`.execute(tx)
}

export async function selectDecided(on: Queries, decisionId: string): Promise<AccountId | undefined> {
  const { rows } = await sql<{ account_id: AccountId }>`select account_id from decisions where id = ${decisionId}`.execute(on)
  return rows[0]?.account_id
}
