import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import { verdictOn } from './queries-policy.ts'

export type NewNotification = { id: string; account_id: string; kind: string; from_account_id: string | null; post_id: string | null; data: Record<string, string>; group_key: string; created_at: Date }

export type Made = { id: string; account_id: string; filtered: boolean }

/**
 * Writes those that aren't there yet and that the receiver wants: nobody and no thread that is muted, nobody blocked or switched off, and what the
 * receiver's policy lets through or sets aside (queries-policy.ts). Who follows, leaves and follows again is told once in
 * thirty days. What moderators decided is told in any case. Returns what was made.
 */
export async function insertNotifications(tx: Tx, rows: NewNotification[]): Promise<Made[]> {
  if (rows.length === 0) return []
  const { rows: made } = await sql<Made>`
    insert into notifications (id, account_id, kind, from_account_id, post_id, data, group_key, created_at, filtered)
    select n.id, n.account_id, n.kind, n.from_account_id, n.post_id, n.data, n.group_key, n.created_at, verdict.is = 'filter'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(id bigint, account_id bigint, kind text, from_account_id bigint, post_id bigint, data jsonb, group_key text, created_at timestamptz)
    join accounts a on a.id = n.account_id and a.state in ('active', 'limited')
    left join accounts f on f.id = n.from_account_id
    cross join lateral (select ${verdictOn} as is) verdict
    where n.account_id is distinct from n.from_account_id and verdict.is <> 'drop'
      and (n.kind in ('moderation', 'report', 'signup') or coalesce(a.preferences->'notify'->>n.kind, 'true') <> 'false')
      and (n.from_account_id is null or f.state in ('active', 'limited') or (f.state = 'pending' and n.kind = 'signup'))
      and not exists (select 1 from mutes m where m.muter_id = n.account_id and m.muted_id = n.from_account_id and m.hide_notifications and (m.expires_at is null or m.expires_at > n.created_at))
      and not exists (select 1 from blocks b where b.blocker_id = n.account_id and b.blocked_id = n.from_account_id)
      and not exists (select 1 from blocks b where b.blocker_id = n.from_account_id and b.blocked_id = n.account_id)
      and (n.post_id is null or n.kind = 'moderation' or not exists (select 1 from posts tp join thread_mutes tm on tm.thread_id = coalesce(tp.thread_id, tp.id) where tp.id = n.post_id and tm.account_id = n.account_id))
      and not (n.kind in ('follow', 'follow_request') and exists (select 1 from notifications o
        where o.account_id = n.account_id and o.kind = n.kind and o.kind in ('follow', 'follow_request') and o.from_account_id = n.from_account_id and o.created_at > n.created_at - interval '30 days'))
    on conflict do nothing
    returning id, account_id, filtered`.execute(tx)
  return made
}

/** Of a notification row `n`: is whoever it is from still there, and not behind a block or mute that came later? */
export const fromIsFine = (n: string, now: Date) => {
  const [to, from] = [sql.ref(`${n}.account_id`), sql.ref(`${n}.from_account_id`)]
  return sql`exists (select 1 from accounts fa where fa.id = ${from} and fa.state not in ('suspended', 'deleted') offset 0)
    and not exists (select 1 from blocks fb where fb.blocker_id = ${to} and fb.blocked_id = ${from} offset 0)
    and not exists (select 1 from blocks fb where fb.blocker_id = ${from} and fb.blocked_id = ${to} offset 0)
    and not exists (select 1 from mutes fm where fm.muter_id = ${to} and fm.muted_id = ${from} and fm.hide_notifications and (fm.expires_at is null or fm.expires_at > ${now}) offset 0)`
}

export type GroupRow = { id: string; group_key: string; kind: string; post_id: string | null; data: Record<string, string>; created_at: Date; is_from: boolean; from_ids: string[] | null; count: number }

/** A group stands where its newest row stands: a row is a head when no newer one of its group is there. However many rows, a page reads only its own. */
export async function selectGroups(on: Queries, accountId: string, kinds: string[] | null, ask: CleanAsk, now: Date): Promise<GroupRow[]> {
  const { rows } = await sql<GroupRow>`
    with heads as (
      select n.id, n.account_id, n.group_key, n.kind, n.post_id, n.data, n.created_at, n.from_account_id is not null as is_from from notifications n
      where n.account_id = ${accountId} and n.dismissed_at is null and not n.filtered and ${kinds ? sql`n.kind = any(${kinds}::text[])` : sql`true`}
        and ${ask.before ? sql`n.id < ${ask.before}::bigint` : ask.after ? sql`n.id > ${ask.after}::bigint` : sql`true`}
        and not exists (select 1 from notifications m where m.account_id = n.account_id and m.group_key = n.group_key and m.id > n.id and m.dismissed_at is null and not m.filtered)
      order by n.id ${ask.after ? sql`asc` : sql`desc`} limit ${ask.limit + 1})
    select h.id, h.group_key, h.kind, h.post_id, h.data, h.created_at, h.is_from, g.count, g.from_ids from heads h cross join lateral (
      select count(distinct m.from_account_id)::int as count, (array_agg(m.from_account_id::text order by m.id desc))[1:3] as from_ids
      from notifications m where m.account_id = h.account_id and m.group_key = h.group_key and m.dismissed_at is null and not m.filtered and ${fromIsFine('m', now)}) g
    order by h.id ${ask.after ? sql`asc` : sql`desc`}`.execute(on)
  return rows
}

export async function selectMarker(on: Queries, accountId: string): Promise<string> {
  const row = await on.selectFrom('notification_markers').select('last_read_id').where('account_id', '=', accountId).executeTakeFirst()
  return row?.last_read_id ?? '0'
}

export async function upsertMarker(tx: Tx, accountId: string, lastReadId: string, now: Date): Promise<void> {
  await sql`insert into notification_markers (account_id, last_read_id, updated_at) values (${accountId}, ${lastReadId}, ${now})
    on conflict (account_id) do update set last_read_id = greatest(notification_markers.last_read_id, excluded.last_read_id), version = notification_markers.version + 1, updated_at = excluded.updated_at`.execute(tx)
}

/** How many groups are newer than what was read, as far as they can still be shown; looks at the newest two hundred rows. */
export async function countUnread(on: Queries, accountId: string, now: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct n.group_key)::int as count from (
      select * from notifications where account_id = ${accountId} and dismissed_at is null and not filtered
        and id > coalesce((select last_read_id from notification_markers where account_id = ${accountId}), 0)
      order by id desc limit 200) n
    where (n.from_account_id is null or ${fromIsFine('n', now)})
      and (n.post_id is null or exists (select 1 from posts p where p.id = n.post_id and p.deleted_at is null and p.state = 'published'))`.execute(on)
  return rows[0]?.count ?? 0
}

/** All of the member's, or one group. */
export async function dismissNotifications(on: Queries | Tx, accountId: string, now: Date, groupKey: string | null = null): Promise<void> {
  await sql`update notifications set dismissed_at = ${now} where account_id = ${accountId} and dismissed_at is null and (${groupKey}::text is null or group_key = ${groupKey})`.execute(on)
}

/** Takes what was told about a post away; returns who had heard of it. */
export async function dismissOfPost(tx: Tx, postId: string, now: Date): Promise<string[]> {
  const { rows } = await sql<{ account_id: string }>`
    with gone as (update notifications set dismissed_at = ${now} where post_id = ${postId} and dismissed_at is null
      and not exists (select 1 from posts p where p.id = notifications.post_id and p.state = 'published' and p.deleted_at is null) returning account_id) select distinct account_id from gone`.execute(tx)
  return rows.map((row) => row.account_id)
}

/** What was taken off the lists with these posts since then is back on them. */
export async function undismissOfPosts(tx: Tx, postIds: string[], since: Date): Promise<string[]> {
  const { rows } = await sql<{ account_id: string }>`
    with back as (update notifications set dismissed_at = null where post_id = any(${postIds}::bigint[]) and dismissed_at >= ${since} returning account_id) select distinct account_id from back`.execute(tx)
  return rows.map((row) => row.account_id)
}
export async function dismissGroupsOf(tx: Tx, accountIds: string[], groups: string[], now: Date): Promise<void> {
  await sql`update notifications set dismissed_at = ${now} where account_id = any(${accountIds}::bigint[]) and group_key = any(${groups}::text[]) and dismissed_at is null`.execute(tx)
}

/** Whom a report is about. */
export async function selectReported(on: Queries, reportId: string): Promise<string | undefined> {
  return (await on.selectFrom('reports').select('account_id').where('id', '=', reportId).executeTakeFirst())?.account_id
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
  const { rows } = await sql<{ author_id: string; reply_to_author_id: string | null; quoted_author_id: string | null; edited_at: Date | null; mentioned: string[] | null }>`
    select p.author_id, p.reply_to_author_id, p.edited_at, (select q.quoted_author_id::text from quotes q where q.post_id = p.id and q.state in ('accepted', 'pending')) as quoted_author_id, (select array_agg(m.account_id::text) from post_mentions m where m.post_id = p.id) as mentioned
    from posts p where p.id = ${postId} and p.deleted_at is null and p.state = 'published'`.execute(on)
  return rows[0]
}
/** In steps, `after` the last of the step before. */
export async function selectVoters(on: Queries, pollId: string, after: string, most: number): Promise<string[]> {
  const rows = await on.selectFrom('poll_votes').select('account_id').distinct().where('poll_id', '=', pollId).where('account_id', '>', after).orderBy('account_id').limit(most).execute()
  return rows.map((row) => row.account_id)
}
/** Who boosted the post, in steps, `after` the last of the step before. */
export async function selectBoosters(on: Queries, postId: string, after: string, most: number): Promise<string[]> {
  const rows = await on.selectFrom('posts').select('author_id').where('boost_of_id', '=', postId).where('deleted_at', 'is', null).where('author_id', '>', after).orderBy('author_id').limit(most).execute()
  return rows.map((row) => row.author_id)
}
/** Who quotes the post in posts that are there, in steps, `after` the last of the step before; each with the newest quoting post. */
export async function selectQuoters(on: Queries, postId: string, after: string, most: number): Promise<{ to: string; quoteId: string }[]> {
  const { rows } = await sql<{ to: string; quoteId: string }>`select q.author_id::text as to, max(q.post_id)::text as "quoteId" from quotes q join posts p on p.id = q.post_id and p.deleted_at is null and p.state = 'published'
    where q.quoted_id = ${postId} and q.state = 'accepted' and q.author_id > ${after}::bigint group by q.author_id order by q.author_id limit ${most}`.execute(on)
  return rows
}
export async function selectAnnouncementTimes(on: Queries, id: string) {
  return on.selectFrom('announcements').select(['starts_at', 'ends_at', 'author_id']).where('id', '=', id).where('published_at', 'is not', null).executeTakeFirst()
}
