import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Who may be suggested to a member, of accounts `a`: nobody they know, asked, blocked (either way), muted or waved off. */
const acceptable = (viewerId: string, now: Date) => sql`
  a.state = 'active' and a.discoverable and a.id <> ${viewerId}
  and not exists (select 1 from follows f where f.follower_id = ${viewerId} and f.followed_id = a.id)
  and not exists (select 1 from blocks b where b.blocker_id = ${viewerId} and b.blocked_id = a.id)
  and not exists (select 1 from blocks b where b.blocker_id = a.id and b.blocked_id = ${viewerId})
  and not exists (select 1 from mutes m where m.muter_id = ${viewerId} and m.muted_id = a.id and (m.expires_at is null or m.expires_at > ${now}))
  and not exists (select 1 from suggestion_dismissals d where d.account_id = ${viewerId} and d.dismissed_id = a.id)`

/**
 * Followed by those whom the viewer follows: the more of them the better, and the less known to everybody the better.
 * Bounded: the 200 newest followed, the 100 newest of each.
 */
export async function selectFriendsOfFriends(on: Queries, viewerId: string, now: Date, limit: number): Promise<{ id: string; count: number; by: string[] }[]> {
  const { rows } = await sql<{ id: string; count: number; by: string[] }>`
    with mine as materialized (select followed_id from follows where follower_id = ${viewerId} and state = 'accepted' order by id desc limit 200),
    theirs as (
      select t.followed_id, mine.followed_id as via from mine
      cross join lateral (select followed_id from follows where follower_id = mine.followed_id and state = 'accepted' order by id desc limit 100) t
    ), counted as materialized (
      select followed_id, count(*)::int as count, (array_agg(via::text))[1:2] as by from theirs
      where followed_id not in (select followed_id from mine) and followed_id <> ${viewerId} group by followed_id order by count(*) desc limit 300)
    select a.id, c.count, c.by from counted c join accounts a on a.id = c.followed_id
    where ${acceptable(viewerId, now)} order by c.count / ln(a.followers_count + 3) desc, a.id desc limit ${limit}`.execute(on)
  return rows
}
/** Write with tags that the viewer follows or used lately. Bounded: 30 tags, the 60 newest uses of each. */
export async function selectByTags(on: Queries, viewerId: string, now: Date, limit: number): Promise<{ id: string; tags: string[] }[]> {
  const { rows } = await sql<{ id: string; tags: string[] }>`
    with mine as materialized (
      (select tag_id from tag_follows where account_id = ${viewerId} order by created_at desc limit 30)
      union (select pt.tag_id from (select id from posts where author_id = ${viewerId} and deleted_at is null and state = 'published' order by id desc limit 50) p join post_tags pt on pt.post_id = p.id) limit 30
    ), users as materialized (
      select u.author_id, mine.tag_id from mine cross join lateral (
        select pt.author_id from (select post_id, author_id from post_tags where tag_id = mine.tag_id order by post_id desc limit 60) pt
        join posts p on p.id = pt.post_id and p.deleted_at is null and p.state = 'published' and p.audience in ('public', 'members')) u
    )
    select a.id, (array_agg(distinct t.display_name))[1:2] as tags from users join tags t on t.id = users.tag_id join accounts a on a.id = users.author_id
    where ${acceptable(viewerId, now)} group by a.id order by count(distinct users.tag_id) desc, count(*) desc, a.id desc limit ${limit}`.execute(on)
  return rows
}

/** The same for everybody, so it can be kept: who posted lately and is followed most; who came lately; who runs the place. */
export async function selectCandidates(on: Queries, activeSince: Date, joinedSince: Date, most: number): Promise<{ id: string; kind: 'active' | 'newcomer' | 'staff' }[]> {
  const { rows } = await sql<{ id: string; kind: 'active' | 'newcomer' | 'staff' }>`
    (select id, 'active' as kind from accounts where last_post_at > ${activeSince} and state = 'active' and discoverable and not bot order by followers_count desc, id desc limit ${most})
    union all (select id, 'newcomer' from accounts where created_at > ${joinedSince} and state = 'active' and discoverable and not bot and posts_count > 0 order by id desc limit ${most})
    union all (select id, 'staff' from accounts where role in ('owner', 'admin') and state = 'active' and discoverable order by id limit 10)`.execute(on)
  return rows
}
/** Which of these accounts may be suggested to the viewer. */
export async function selectAcceptable(on: Queries, viewerId: string, now: Date, ids: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select a.id from accounts a where a.id = any(${ids}::bigint[]) and ${acceptable(viewerId, now)}`.execute(on)
  return new Set(rows.map((row) => row.id))
}
/** How many people the viewer follows, at most so many. */
export async function countFollowed(on: Queries, viewerId: string, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from (select 1 from follows where follower_id = ${viewerId} limit ${most}) f`.execute(on)
  return rows[0]?.count ?? 0
}
export async function insertSuggestionDismissal(on: Queries, viewerId: string, dismissedId: string): Promise<void> {
  await sql`insert into suggestion_dismissals (account_id, dismissed_id) select ${viewerId}::bigint, id from accounts where id = ${dismissedId} on conflict do nothing`.execute(on)
}
