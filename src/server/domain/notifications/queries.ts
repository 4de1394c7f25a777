import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'

export type NewNotification = { id: string; account_id: string; kind: string; from_account_id: string | null; post_id: string | null; data: string; group_key: string; created_at: Date }

/** Writes those that aren't there yet and that the receiver wants: nobody muted, blocked or switched off. Returns who got one. */
export async function insertNotifications(tx: Tx, rows: NewNotification[]): Promise<{ id: string; account_id: string }[]> {
  if (rows.length === 0) return []
  const { rows: made } = await sql<{ id: string; account_id: string }>`
    insert into notifications (id, account_id, kind, from_account_id, post_id, data, group_key, created_at)
    select n.id, n.account_id, n.kind, n.from_account_id, n.post_id, n.data, n.group_key, n.created_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(id bigint, account_id bigint, kind text, from_account_id bigint, post_id bigint, data jsonb, group_key text, created_at timestamptz)
    join accounts a on a.id = n.account_id and a.state in ('active', 'limited')
    where n.account_id is distinct from n.from_account_id
      and coalesce((a.preferences->'notify'->>n.kind)::boolean, true)
      and not exists (select 1 from mutes m where m.muter_id = n.account_id and m.muted_id = n.from_account_id and m.hide_notifications and (m.expires_at is null or m.expires_at > now()))
      and not exists (select 1 from blocks b where (b.blocker_id = n.account_id and b.blocked_id = n.from_account_id) or (b.blocker_id = n.from_account_id and b.blocked_id = n.account_id))
    on conflict do nothing
    returning id, account_id`.execute(tx)
  return made
}

export type GroupRow = { group_key: string; kind: string; latest_id: string; from_ids: string[]; count: number; post_id: string | null; data: Record<string, string>; created_at: Date }

/** Groups by their newest, within the last thousand rows of the member: old ones beyond that are read through their own pages. */
export async function selectGroups(on: Queries, accountId: string, kinds: string[] | null, ask: CleanAsk): Promise<GroupRow[]> {
  const { rows } = await sql<GroupRow>`
    with mine as (
      select id, kind, from_account_id, post_id, data, group_key, created_at from notifications
      where account_id = ${accountId} and dismissed_at is null and (${kinds}::text[] is null or kind = any(${kinds}::text[]))
      order by id desc limit 1000
    ), grouped as (
      select group_key, max(kind) as kind, max(id) as latest_id, count(distinct from_account_id)::int as count,
        (array_agg(from_account_id::text order by id desc) filter (where from_account_id is not null))[1:3] as from_ids,
        (array_agg(post_id order by id desc))[1] as post_id, (array_agg(data order by id desc))[1] as data, max(created_at) as created_at
      from mine group by group_key
    )
    select * from grouped
    where (${ask.before}::bigint is null or latest_id < ${ask.before}::bigint) and (${ask.after}::bigint is null or latest_id > ${ask.after}::bigint)
    order by case when ${ask.after}::bigint is null then -latest_id else latest_id end limit ${ask.limit + 1}`.execute(on)
  return rows
}

export async function selectMarker(on: Queries, accountId: string): Promise<string> {
  const row = await on.selectFrom('notification_markers').select('last_read_id').where('account_id', '=', accountId).executeTakeFirst()
  return row?.last_read_id ?? '0'
}
export async function upsertMarker(tx: Tx, accountId: string, lastReadId: string, now: Date): Promise<void> {
  await sql`insert into notification_markers (account_id, last_read_id, updated_at) values (${accountId}, ${lastReadId}, ${now})
    on conflict (account_id) do update set last_read_id = greatest(notification_markers.last_read_id, excluded.last_read_id), updated_at = excluded.updated_at`.execute(tx)
}
/** How many groups are newer than what was read; stops at a hundred. */
export async function countUnread(on: Queries, accountId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct group_key)::int as count from (
      select group_key from notifications where account_id = ${accountId} and dismissed_at is null
        and id > coalesce((select last_read_id from notification_markers where account_id = ${accountId}), 0)
      order by id desc limit 100) newest`.execute(on)
  return rows[0]?.count ?? 0
}
export async function dismissNotifications(on: Queries | Tx, accountId: string, now: Date): Promise<void> {
  await on.updateTable('notifications').set({ dismissed_at: now }).where('account_id', '=', accountId).where('dismissed_at', 'is', null).execute()
}
export async function selectStaffIds(on: Queries): Promise<string[]> {
  const rows = await on.selectFrom('accounts').select('id').where('role', 'in', ['moderator', 'admin', 'owner']).where('state', '=', 'active').limit(500).execute()
  return rows.map((row) => row.id)
}
export async function selectActiveIds(on: Queries, after: string, most: number): Promise<string[]> {
  const rows = await on.selectFrom('accounts').select('id').where('state', 'in', ['active', 'limited']).where('id', '>', after).orderBy('id').limit(most).execute()
  return rows.map((row) => row.id)
}
export async function selectPostFacts(on: Queries, postId: string) {
  const { rows } = await sql<{ author_id: string; reply_to_author_id: string | null; thread_id: string | null; mentioned: string[] | null }>`
    select p.author_id, p.reply_to_author_id, p.thread_id, (select array_agg(m.account_id::text) from post_mentions m where m.post_id = p.id) as mentioned
    from posts p where p.id = ${postId} and p.deleted_at is null and p.state = 'published'`.execute(on)
  return rows[0]
}
export async function selectVoters(on: Queries, pollId: string): Promise<string[]> {
  const rows = await on.selectFrom('poll_votes').select('account_id').distinct().where('poll_id', '=', pollId).limit(5000).execute()
  return rows.map((row) => row.account_id)
}
