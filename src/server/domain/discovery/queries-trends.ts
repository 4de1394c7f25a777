import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Days are given as '2026-11-23' and ids as the smallest of a moment, so that neither the database's time zone nor a missing index matters. */
export type Since = { day: string; id: string }

const counts = sql`p.deleted_at is null and p.state = 'published' and p.audience in ('public', 'members') and not p.limited and not ('adults' = any(p.marks))`

/** One recomputation at a time, in whichever process; the next waits. */
export const lockTrends = (tx: Tx) => sql`select pg_advisory_xact_lock(7268002)`.execute(tx)

/** Counts people and posts a tag and day again, from the posts. Only what everyone here may see counts. */
export async function rebuildTagDays(tx: Tx, since: Since): Promise<void> {
  await sql`delete from tag_days where day >= ${since.day}::date`.execute(tx)
  await sql`
    insert into tag_days (tag_id, day, people, posts)
    select pt.tag_id, (p.created_at at time zone 'utc')::date, count(distinct p.author_id)::int, count(*)::int
    from posts p join post_tags pt on pt.post_id = p.id join accounts a on a.id = p.author_id and a.state = 'active'
    where p.id >= ${since.id}::bigint and p.created_at >= ${since.day}::timestamp at time zone 'utc' and ${counts}
    group by 1, 2`.execute(tx)
}

/** Tags that at least so many distinct people used since then: each person's last use, in hours before `now`. */
export async function selectTagPeople(tx: Tx, since: Since, now: Date, fewest: number): Promise<{ tag_id: string; ages: number[] }[]> {
  const { rows } = await sql<{ tag_id: string; ages: number[] }>`
    select tag_id, array_agg(age) as ages from (
      select pt.tag_id, p.author_id, min(extract(epoch from ${now}::timestamptz - p.created_at) / 3600)::float as age
      from posts p join post_tags pt on pt.post_id = p.id join tags t on t.id = pt.tag_id and t.hidden_at is null join accounts a on a.id = p.author_id and a.state = 'active'
      where p.id >= ${since.id}::bigint and ${counts} group by 1, 2) each_person
    group by tag_id having count(*) >= ${fewest}`.execute(tx)
  return rows
}
/** How many people used these tags on each day since then. */
export async function selectTagDays(on: Queries, tagIds: string[], since: Since): Promise<{ tag_id: string; ago: number; people: number; posts: number }[]> {
  const { rows } = await sql<{ tag_id: string; ago: number; people: number; posts: number }>`
    select tag_id, (day - ${since.day}::date)::int as ago, people, posts from tag_days where tag_id = any(${tagIds}::bigint[]) and day >= ${since.day}::date`.execute(on)
  return rows
}
export async function replaceTrendingTags(tx: Tx, rows: { tag_id: string; score: number; people: number; days: number[] }[], now: Date): Promise<void> {
  await tx.deleteFrom('trending_tags').execute()
  if (rows.length) await tx.insertInto('trending_tags').values(rows.map((row) => ({ ...row, computed_at: now }))).execute()
}

/** Posts since then that at least so many distinct others liked, boosted or answered. Whoever did all three is one. */
export async function selectPostPeople(tx: Tx, since: Since, now: Date, fewest: number): Promise<{ id: string; author_id: string; people: number; hours: number }[]> {
  const { rows } = await sql<{ id: string; author_id: string; people: number; hours: number }>`
    with candidates as materialized (
      select p.id, p.author_id, p.created_at from posts p join accounts a on a.id = p.author_id and a.state = 'active' and a.discoverable
      where p.id >= ${since.id}::bigint and ${counts} and p.boost_of_id is null and not p.sensitive and p.warning = ''
        and p.likes_count + p.boosts_count + p.replies_count >= ${fewest}
        and not exists (select 1 from trend_vetoes v where v.post_id = p.id)
    ), people as (
      select c.id, l.account_id from candidates c join likes l on l.post_id = c.id
      union select c.id, b.author_id from candidates c join posts b on b.boost_of_id = c.id and b.deleted_at is null
      union select c.id, r.author_id from candidates c join posts r on r.reply_to_id = c.id and r.deleted_at is null and r.state = 'published'
    )
    select c.id, c.author_id, count(*)::int as people, (extract(epoch from ${now}::timestamptz - c.created_at) / 3600)::float as hours
    from candidates c join people on people.id = c.id join accounts a on a.id = people.account_id and a.state = 'active'
    where people.account_id <> c.author_id group by c.id, c.author_id, c.created_at having count(*) >= ${fewest}`.execute(tx)
  return rows
}
export async function replaceTrendingPosts(tx: Tx, rows: { post_id: string; score: number }[], now: Date): Promise<void> {
  await tx.deleteFrom('trending_posts').execute()
  if (rows.length) await tx.insertInto('trending_posts').values(rows.map((row) => ({ ...row, computed_at: now }))).execute()
}

export async function selectTrendingTags(on: Queries, limit: number) {
  return on.selectFrom('trending_tags as r').innerJoin('tags as t', 't.id', 'r.tag_id').select(['t.name', 't.display_name', 'r.people', 'r.days']).where('t.hidden_at', 'is', null).orderBy('r.score', 'desc').limit(limit).execute()
}
export async function selectTrendingPostIds(on: Queries, limit: number): Promise<string[]> {
  const rows = await on.selectFrom('trending_posts as r').select('r.post_id').where(({ not, exists, selectFrom }) => not(exists(selectFrom('trend_vetoes as v').select('v.post_id').whereRef('v.post_id', '=', 'r.post_id')))).orderBy('r.score', 'desc').limit(limit).execute()
  return rows.map((row) => row.post_id)
}
/** The most used tags since then, whether they trend or not. */
export async function selectPopularTags(on: Queries, since: Since, limit: number): Promise<{ name: string; display_name: string }[]> {
  const { rows } = await sql<{ name: string; display_name: string }>`
    select t.name, t.display_name from tag_days d join tags t on t.id = d.tag_id and t.hidden_at is null
    where d.day >= ${since.day}::date group by t.id order by sum(d.people) desc, t.id limit ${limit}`.execute(on)
  return rows
}
export async function selectTag(on: Queries, name: string): Promise<{ id: string } | undefined> {
  return on.selectFrom('tags').select('id').where('name', '=', name).executeTakeFirst()
}
export async function followsTag(on: Queries, tagId: string, accountId: string): Promise<boolean> {
  return await on.selectFrom('tag_follows').select('tag_id').where('tag_id', '=', tagId).where('account_id', '=', accountId).executeTakeFirst() !== undefined
}
/** Distinct people since then, by the tag's newest posts: exact up to ten thousand posts. */
export async function countTagPeople(on: Queries, tagId: string, since: Since): Promise<{ people: number; posts: number }> {
  const { rows } = await sql<{ people: number; posts: number }>`
    select count(distinct p.author_id)::int as people, count(*)::int as posts
    from (select post_id from post_tags where tag_id = ${tagId} and post_id >= ${since.id}::bigint order by post_id desc limit 10000) pt
    join posts p on p.id = pt.post_id join accounts a on a.id = p.author_id and a.state = 'active' where ${counts}`.execute(on)
  return rows[0] ?? { people: 0, posts: 0 }
}
export async function selectHiddenTags(on: Queries) {
  return on.selectFrom('tags').select(['name', 'display_name']).where('hidden_at', 'is not', null).orderBy('hidden_at', 'desc').limit(200).execute()
}
