import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { fromIsFine } from './queries.ts'
import { rangeOf } from './queries-range.ts'
import type { CleanRange } from './queries-range.ts'

/** One request a sender: it stands where its newest notification stands. */
export async function upsertRequests(tx: Tx, notificationIds: string[], newId: () => string, now: Date): Promise<void> {
  if (notificationIds.length === 0) return
  const ids = notificationIds.map(() => newId())
  await sql`
    insert into notification_requests (id, account_id, from_account_id, last_post_id, created_at, updated_at)
    select distinct on (n.account_id, n.from_account_id) x.request_id, n.account_id, n.from_account_id, n.post_id, ${now}::timestamptz, ${now}::timestamptz
    from unnest(${notificationIds}::bigint[], ${ids}::bigint[]) as x (id, request_id) join notifications n on n.id = x.id
    order by n.account_id, n.from_account_id, n.id desc
    on conflict (account_id, from_account_id) do update set updated_at = excluded.updated_at, last_post_id = coalesce(excluded.last_post_id, notification_requests.last_post_id)`.execute(tx)
}

/** Of a request row `r`: is there still something to decide about? Posts go, senders leave or are blocked. */
const waits = (now: Date) => sql`exists (select 1 from notifications w where w.account_id = r.account_id and w.from_account_id = r.from_account_id and w.filtered and w.dismissed_at is null) and ${fromIsFine('r', now)}`

export type RequestRow = { id: string; from_account_id: string; last_post_id: string | null; created_at: Date; updated_at: Date; count: number }

/** Counting stops at 100 a request. */
export async function selectRequests(on: Queries, accountId: string, range: CleanRange, now: Date, ids: string[] | null = null): Promise<RequestRow[]> {
  const { rows } = await sql<RequestRow>`
    select r.id, r.from_account_id, r.last_post_id, r.created_at, r.updated_at,
      (select count(*)::int from (select 1 from notifications n where n.account_id = r.account_id and n.from_account_id = r.from_account_id and n.filtered and n.dismissed_at is null limit 100) counted) as count
    from notification_requests r
    where r.account_id = ${accountId} and (${ids}::bigint[] is null or r.id = any(${ids}::bigint[])) and ${rangeOf('r', range)} and ${waits(now)}
    order by r.id ${range.minId ? sql`asc` : sql`desc`} limit ${range.limit}`.execute(on)
  return rows
}

export async function countRequests(on: Queries, accountId: string, now: Date): Promise<{ requests: number; notifications: number }> {
  const { rows } = await sql<{ requests: number; notifications: number }>`select
    (select count(*)::int from (select 1 from notification_requests r where r.account_id = ${accountId} and ${waits(now)} limit 100) counted) as requests,
    (select count(*)::int from (select 1 from notification_requests r join notifications n on n.account_id = r.account_id and n.from_account_id = r.from_account_id and n.filtered and n.dismissed_at is null
      where r.account_id = ${accountId} and ${fromIsFine('r', now)} limit 100) counted) as notifications`.execute(on)
  return rows[0] ?? { requests: 0, notifications: 0 }
}

/** Takes these requests away; returns of whom they were. Ids of others' requests are left alone. */
export async function deleteRequests(tx: Tx, accountId: string, ids: string[]): Promise<string[]> {
  const rows = await tx.deleteFrom('notification_requests').where('account_id', '=', accountId).where('id', 'in', ids).returning('from_account_id').execute()
  return rows.map((row) => row.from_account_id)
}

/** From now on these senders come through, and what was set aside stands among the rest. */
export async function letThrough(tx: Tx, accountId: string, fromIds: string[], now: Date): Promise<void> {
  await sql`insert into notification_permissions (account_id, from_account_id, created_at) select ${accountId}::bigint, id, ${now}::timestamptz from unnest(${fromIds}::bigint[]) as x (id) on conflict do nothing`.execute(tx)
  await sql`update notifications set filtered = false where account_id = ${accountId} and from_account_id = any(${fromIds}::bigint[]) and filtered and dismissed_at is null`.execute(tx)
}

export async function dismissFiltered(tx: Tx, accountId: string, fromIds: string[], now: Date): Promise<void> {
  await sql`update notifications set dismissed_at = ${now} where account_id = ${accountId} and from_account_id = any(${fromIds}::bigint[]) and filtered and dismissed_at is null`.execute(tx)
}
