import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { fromIsFine } from './queries.ts'
import { rangeOf } from './queries-range.ts'
import type { CleanRange } from './queries-range.ts'

/** What is asked of a list, sure to be good. */
export type Wanted = { kinds: readonly string[]; fromId: string | null; withFiltered: boolean; now: Date }
export type NotificationRow = { id: string; kind: string; group_key: string; from_account_id: string | null; post_id: string | null; data: Record<string, string>; created_at: Date; filtered: boolean }

/** Is the row `n` the member's, not dismissed and wanted? What came of one's own report has no place in apps' lists. */
const fits = (n: 'n' | 'm', accountId: string, { kinds, fromId, withFiltered }: Wanted) => {
  const col = (name: string) => sql.ref(`${n}.${name}`)
  return sql`${col('account_id')} = ${accountId} and ${col('dismissed_at')} is null and ${col('kind')} = any(${kinds}::text[]) and (${col('kind')} <> 'moderation' or ${col('data')} ? 'decisionId')
    and ${fromId ? sql`${col('from_account_id')} = ${fromId}` : sql`true`} and ${withFiltered ? sql`true` : sql`not ${col('filtered')}`}`
}
const fromShows = (n: 'n' | 'm', now: Date) => sql`(${sql.ref(`${n}.from_account_id`)} is null or ${fromIsFine(n, now)})`
const columns = sql`n.id, n.kind, n.group_key, n.from_account_id, n.post_id, n.data, n.created_at, n.filtered`

export async function selectNotifications(on: Queries, accountId: string, wanted: Wanted, range: CleanRange): Promise<NotificationRow[]> {
  const { rows } = await sql<NotificationRow>`select ${columns} from notifications n
    where ${fits('n', accountId, wanted)} and ${rangeOf('n', range)} and ${fromShows('n', wanted.now)}
    order by n.id ${range.minId ? sql`asc` : sql`desc`} limit ${range.limit}`.execute(on)
  return rows
}

export async function selectNotification(on: Queries, accountId: string, id: string, wanted: Wanted): Promise<NotificationRow | undefined> {
  const { rows } = await sql<NotificationRow>`select ${columns} from notifications n where n.id = ${id} and ${fits('n', accountId, wanted)} and ${fromShows('n', wanted.now)}`.execute(on)
  return rows[0]
}

export type GroupedRow = NotificationRow & { grouped: boolean; count: number; from_ids: string[] | null; min_id: string; latest_at: Date }

/** Groups stand where their newest row stands; kinds that aren't grouped stand alone. `key`: that group only. */
export async function selectGrouped(on: Queries, accountId: string, wanted: Wanted, grouped: readonly string[], range: CleanRange, key: string | null = null): Promise<GroupedRow[]> {
  const { rows } = await sql<GroupedRow>`
    with heads as materialized (
      select n.account_id, ${columns}, n.kind = any(${grouped}::text[]) as grouped from notifications n
      where ${fits('n', accountId, wanted)} and ${rangeOf('n', range)} and (${key}::text is null or n.group_key = ${key}) and ${fromShows('n', wanted.now)}
        and (n.kind <> all(${grouped}::text[]) or not exists (select 1 from notifications m where m.group_key = n.group_key and m.id > n.id and ${fits('m', accountId, wanted)} and ${fromShows('m', wanted.now)}))
      order by n.id ${range.minId ? sql`asc` : sql`desc`} limit ${range.limit})
    select h.*, g.count, g.from_ids, g.min_id, h.created_at as latest_at from heads h cross join lateral (
      select count(*)::int as count, (array_agg(m.from_account_id::text order by m.id desc))[1:8] as from_ids,
        min(m.id) filter (where m.id >= (select min(id) from heads)) as min_id
      from notifications m where m.group_key = h.group_key and (h.grouped or m.id = h.id) and ${fits('m', accountId, wanted)} and ${fromShows('m', wanted.now)}) g
    order by h.id ${range.minId ? sql`asc` : sql`desc`}`.execute(on)
  return rows
}

/** Who is in a group, newest first; `id` is the notification's. */
export async function selectGroupMembers(on: Queries, accountId: string, key: string, wanted: Wanted, range: CleanRange): Promise<{ id: string; from_account_id: string }[]> {
  const { rows } = await sql<{ id: string; from_account_id: string }>`select n.id, n.from_account_id from notifications n
    where n.group_key = ${key} and n.from_account_id is not null and ${fits('n', accountId, wanted)} and ${rangeOf('n', range)} and ${fromShows('n', wanted.now)}
    order by n.id ${range.minId ? sql`asc` : sql`desc`} limit ${range.limit}`.execute(on)
  return rows
}

/** How many are newer than what was read, grouped or one by one, up to `most`; looks at the newest thousand rows. */
export async function countNewer(on: Queries, accountId: string, wanted: Wanted, grouped: readonly string[], most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select least(${most}, count(distinct case when n.kind = any(${grouped}::text[]) then n.group_key else n.id::text end))::int as count from (
      select n.* from notifications n where ${fits('n', accountId, wanted)}
        and n.id > coalesce((select last_read_id from notification_markers where account_id = ${accountId}), 0) order by n.id desc limit 1000) n
    where ${fromShows('n', wanted.now)}
      and (n.post_id is null or exists (select 1 from posts p where p.id = n.post_id and p.deleted_at is null and p.state = 'published'))`.execute(on)
  return rows[0]?.count ?? 0
}

/** Of these notifications, those of this member: taken off the list. */
export async function dismissById(on: Queries, accountId: string, id: string, now: Date): Promise<boolean> {
  const result = await on.updateTable('notifications').set({ dismissed_at: now }).where('id', '=', id).where('account_id', '=', accountId).where('dismissed_at', 'is', null).executeTakeFirst()
  return result.numUpdatedRows > 0n
}
