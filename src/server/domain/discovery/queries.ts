import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Who may be suggested to a member: joined into each kind of suggestion below. */
const acceptable = (viewerId: string) => sql`
  a.state = 'active' and a.discoverable and a.id <> ${viewerId}
  and not exists (select 1 from follows f where f.follower_id = ${viewerId} and f.followed_id = a.id)
  and not exists (select 1 from blocks b where (b.blocker_id = ${viewerId} and b.blocked_id = a.id) or (b.blocker_id = a.id and b.blocked_id = ${viewerId}))
  and not exists (select 1 from mutes m where m.muter_id = ${viewerId} and m.muted_id = a.id)
  and not exists (select 1 from suggestion_dismissals d where d.account_id = ${viewerId} and d.dismissed_id = a.id)`

/** Followed by several whom the viewer follows. Bounded: at most 200 followed, 100 of each one's newest. */
export async function selectFriendsOfFriends(on: Queries, viewerId: string, limit: number): Promise<{ id: string; count: number; by: string[] }[]> {
  const { rows } = await sql<{ id: string; count: number; by: string[] }>`
    with mine as (select followed_id from follows where follower_id = ${viewerId} and state = 'accepted' order by id desc limit 200),
    theirs as (
      select t.followed_id, mine.followed_id as via from mine
      cross join lateral (select followed_id from follows where follower_id = mine.followed_id and state = 'accepted' order by id desc limit 100) t
    ), counted as (select followed_id, count(*)::int as count, (array_agg(via::text))[1:2] as by from theirs group by followed_id having count(*) > 1 order by count(*) desc limit 200)
    select a.id, c.count, c.by from counted c join accounts a on a.id = c.followed_id
    where ${acceptable(viewerId)} order by c.count / ln(a.followers_count + 3) desc, a.id desc limit ${limit}`.execute(on)
  return rows
}
/** Writes with tags that the viewer follows or used lately. */
export async function selectByTags(on: Queries, viewerId: string, limit: number): Promise<{ id: string; tags: string[] }[]> {
  const { rows } = await sql<{ id: string; tags: string[] }>`
    with mine as (
      select tag_id from tag_follows where account_id = ${viewerId}
      union select pt.tag_id from (select id from posts where author_id = ${viewerId} and deleted_at is null and state = 'published' order by id desc limit 50) p join post_tags pt on pt.post_id = p.id limit 30
    ), users as (
      select u.author_id, mine.tag_id from mine cross join lateral (select author_id from post_tags where tag_id = mine.tag_id order by post_id desc limit 60) u
    )
    select a.id, (array_agg(distinct t.display_name))[1:2] as tags from users join tags t on t.id = users.tag_id join accounts a on a.id = users.author_id
    where ${acceptable(viewerId)} group by a.id order by count(distinct users.tag_id) desc, count(*) desc, a.id desc limit ${limit}`.execute(on)
  return rows
}
export async function selectActive(on: Queries, viewerId: string, since: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select a.id from accounts a where a.last_post_at > ${since} and ${acceptable(viewerId)} order by a.followers_count desc, a.id desc limit ${limit}`.execute(on)
  return rows.map((row) => row.id)
}
export async function selectNewcomers(on: Queries, viewerId: string, since: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select a.id from accounts a where a.created_at > ${since} and ${acceptable(viewerId)} order by a.id desc limit ${limit}`.execute(on)
  return rows.map((row) => row.id)
}
export async function insertSuggestionDismissal(on: Queries, viewerId: string, dismissedId: string): Promise<void> {
  await on.insertInto('suggestion_dismissals').values({ account_id: viewerId, dismissed_id: dismissedId }).onConflict((conflict) => conflict.doNothing()).execute()
}

/** Counts people and posts a tag and day again, from the posts, for the days from `since` on. Only what everyone here may see counts. */
export async function rebuildTagDays(tx: Tx, since: Date): Promise<void> {
  await sql`delete from tag_days where day >= ${since}::date`.execute(tx)
  await sql`
    insert into tag_days (tag_id, day, people, posts)
    select pt.tag_id, (p.created_at at time zone 'utc')::date, count(distinct p.author_id)::int, count(*)::int
    from posts p join post_tags pt on pt.post_id = p.id join accounts a on a.id = p.author_id and a.state = 'active'
    where p.created_at >= ${since}::date and p.deleted_at is null and p.state = 'published' and p.audience in ('public', 'members')
    group by 1, 2`.execute(tx)
}
export async function selectTagDays(tx: Tx, since: Date): Promise<{ tag_id: string; ago: number; people: number }[]> {
  const { rows } = await sql<{ tag_id: string; ago: number; people: number }>`
    select d.tag_id, (d.day - ${since}::date)::int as ago, d.people from tag_days d join tags t on t.id = d.tag_id and t.hidden_at is null
    where d.day >= ${since}::date and d.tag_id in (select tag_id from tag_days where day >= ${since}::date + 11 group by tag_id having sum(people) >= 3)`.execute(tx)
  return rows
}
export async function replaceTrendingTags(tx: Tx, rows: { tag_id: string; score: number; people: number; days: number[] }[], now: Date): Promise<void> {
  await tx.deleteFrom('trending_tags').execute()
  if (rows.length) await tx.insertInto('trending_tags').values(rows.map((row) => ({ ...row, computed_at: now }))).execute()
}
/** Posts of the last three days by distinct people who liked, boosted or answered, decayed by age. */
export async function replaceTrendingPosts(tx: Tx, now: Date): Promise<void> {
  await tx.deleteFrom('trending_posts').execute()
  await sql`
    insert into trending_posts (post_id, score, computed_at)
    select id, score, ${now} from (
      select p.id, p.author_id, (p.likes_count + 2 * p.boosts_count + p.replies_count) / power(extract(epoch from ${now}::timestamptz - p.created_at) / 3600 + 4, 1.3) as score,
        row_number() over (partition by p.author_id order by p.likes_count + 2 * p.boosts_count desc) as nth
      from posts p join accounts a on a.id = p.author_id and a.state = 'active' and a.discoverable
      where p.created_at > ${now}::timestamptz - interval '3 days' and p.deleted_at is null and p.state = 'published' and p.boost_of_id is null and p.audience in ('public', 'members')
        and not p.sensitive and p.warning = '' and p.likes_count + p.boosts_count >= 3
        and not exists (select 1 from trend_vetoes v where v.post_id = p.id)
    ) ranked where nth = 1 and score > 0 order by score desc limit 50`.execute(tx)
}
export async function selectTrendingTags(on: Queries, limit: number) {
  return on.selectFrom('trending_tags as r').innerJoin('tags as t', 't.id', 'r.tag_id').select(['t.name', 't.display_name', 'r.people', 'r.days']).where('t.hidden_at', 'is', null).orderBy('r.score', 'desc').limit(limit).execute()
}
export async function selectTrendingPostIds(on: Queries, limit: number): Promise<string[]> {
  const rows = await on.selectFrom('trending_posts as r').select('r.post_id').where(({ not, exists, selectFrom }) => not(exists(selectFrom('trend_vetoes as v').select('v.post_id').whereRef('v.post_id', '=', 'r.post_id')))).orderBy('r.score', 'desc').limit(limit).execute()
  return rows.map((row) => row.post_id)
}
export async function selectTagSummary(on: Queries, name: string, viewerId: string | null, since: Date): Promise<{ id: string; followed: boolean; days: { ago: number; people: number }[] | null } | undefined> {
  const { rows } = await sql<{ id: string; followed: boolean; days: { ago: number; people: number }[] | null }>`
    select t.id, exists (select 1 from tag_follows f where f.tag_id = t.id and f.account_id = ${viewerId}::bigint) as followed,
      (select jsonb_agg(jsonb_build_object('ago', d.day - ${since}::date, 'people', d.people)) from tag_days d where d.tag_id = t.id and d.day >= ${since}::date) as days
    from tags t where t.name = ${name}`.execute(on)
  return rows[0]
}

export async function selectHiddenTags(on: Queries) {
  return on.selectFrom('tags').select(['name', 'display_name']).where('hidden_at', 'is not', null).orderBy('hidden_at', 'desc').limit(200).execute()
}
