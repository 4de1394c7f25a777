import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type DayRow = { day: string; count: number }

/** Ids are sorted by time: the primary key finds the days. */
export async function selectPostDays(on: Queries, fromId: string): Promise<DayRow[]> {
  const { rows } = await sql<DayRow>`select (created_at at time zone 'UTC')::date::text as day, count(*)::int as count from posts where id >= ${fromId} and boost_of_id is null and deleted_at is null group by 1`.execute(on)
  return rows
}
export async function selectJoinDays(on: Queries, fromId: string): Promise<DayRow[]> {
  const { rows } = await sql<DayRow>`select (created_at at time zone 'UTC')::date::text as day, count(*)::int as count from accounts where id >= ${fromId} and state in ('active', 'limited', 'suspended') group by 1`.execute(on)
  return rows
}
/** People who posted, boosted or liked, each once a day. */
export async function selectActiveDays(on: Queries, fromId: string): Promise<DayRow[]> {
  const { rows } = await sql<DayRow>`select day::text as day, count(*)::int as count from (
      select (created_at at time zone 'UTC')::date as day, author_id as who from posts where id >= ${fromId}
      union select (created_at at time zone 'UTC')::date, account_id from likes where id >= ${fromId}) active group by 1`.execute(on)
  return rows
}
export async function selectMembersCount(on: Queries): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from accounts where state in ('active', 'limited', 'suspended')`.execute(on)
  return rows[0]!.count
}
export type WaitingCounts = { desk: number; reports: number; mine: number; approvals: number; pictures: number }
/** Without what is about the viewer: a number would tell them that somebody reported them. */
export async function selectWaitingCounts(on: Queries, viewerId: string): Promise<WaitingCounts> {
  const { rows } = await sql<WaitingCounts>`select
    (select count(*)::int from cases where state = 'open' and kind <> 'practice' and (account_id is null or account_id <> ${viewerId}) and not ${viewerId}::bigint = any(also_about)) as desk,
    (select count(*)::int from reports where state = 'open' and account_id <> ${viewerId}) as reports,
    (select count(*)::int from cases where state = 'open' and claimed_by_id = ${viewerId} and claimed_until > now()) as mine,
    (select count(*)::int from accounts where state = 'pending' and join_reason is not null) as approvals,
    (select count(*)::int from accounts where avatar_state = 'pending' and state in ('active', 'limited')) as pictures`.execute(on)
  return rows[0]!
}
