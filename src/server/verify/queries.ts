import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type Difference = { what: string; id: string; expected: string; found: string }
/** What was compared, and how many rows it has. */
export type Checked = { name: string; rows: number }
type Row = { id: string; expected: string; found: string }
/** At most so many differences of one kind are told. */
export const mostOfEach = 100

/**
 * Trends are counted anew every few minutes: what was written, changed or removed since the last time is left out,
 * and so are days that are no longer counted again.
 */
const tagDays = `
  with last as (select max(computed_at) as at from (select computed_at from trending_tags union all select computed_at from trending_posts) t),
  counted as (
    select pt.tag_id, (p.created_at at time zone 'utc')::date as day, count(distinct p.author_id)::int as people, count(*)::int as posts
    from last cross join posts p join post_tags pt on pt.post_id = p.id join accounts a on a.id = p.author_id and a.state = 'active'
    where p.created_at > last.at - interval '12 days' and p.created_at <= last.at and p.deleted_at is null and p.state = 'published' and p.audience in ('public', 'members') and not p.limited and not ('adults' = any(p.marks)) group by 1, 2),
  touched as (
    select pt.tag_id, (p.created_at at time zone 'utc')::date as day from last cross join posts p join post_tags pt on pt.post_id = p.id join accounts a on a.id = p.author_id
    where p.created_at > last.at - interval '13 days' and (p.created_at > last.at or p.deleted_at > last.at or p.edited_at > last.at or a.updated_at > last.at))
  select tag_id || '/' || day as id, coalesce(c.people, 0) || ' people, ' || coalesce(c.posts, 0) || ' posts' as expected, coalesce(d.people, 0) || ' people, ' || coalesce(d.posts, 0) || ' posts' as found
  from counted c full join (select * from tag_days where day > (select at from last)::date - 12) d using (tag_id, day), last
  where last.at is not null and day > (last.at at time zone 'utc')::date - 11 and (coalesce(c.people, 0), coalesce(c.posts, 0)) <> (coalesce(d.people, 0), coalesce(d.posts, 0))
    and not exists (select from touched t where t.tag_id = coalesce(c.tag_id, d.tag_id) and t.day = coalesce(c.day, d.day))`

/** Each check is one statement that finds rows which disagree; the name begins with the table it is about. */
export const checks: Record<string, string> = {
  'accounts.posts_count': `select a.id, coalesce(n, 0) as expected, a.posts_count as found from accounts a left join (select author_id, count(*)::int n from posts where deleted_at is null and state = 'published' and boost_of_id is null group by 1) c on c.author_id = a.id where a.posts_count <> coalesce(n, 0) and a.state <> 'deleted'`,
  'accounts.followers_count': `select a.id, coalesce(n, 0) as expected, a.followers_count as found from accounts a left join (select followed_id, count(*)::int n from follows where state = 'accepted' group by 1) c on c.followed_id = a.id where a.followers_count <> coalesce(n, 0) and a.state <> 'deleted'`,
  'accounts.following_count': `select a.id, coalesce(n, 0) as expected, a.following_count as found from accounts a left join (select follower_id, count(*)::int n from follows where state = 'accepted' group by 1) c on c.follower_id = a.id where a.following_count <> coalesce(n, 0) and a.state <> 'deleted'`,
  'posts.likes_count': `select p.id, coalesce(n, 0) as expected, p.likes_count as found from posts p left join (select post_id, count(*)::int n from likes group by 1) c on c.post_id = p.id where p.deleted_at is null and p.likes_count <> coalesce(n, 0)`,
  'posts.boosts_count': `select p.id, coalesce(n, 0) as expected, p.boosts_count as found from posts p left join (select boost_of_id, count(*)::int n from posts where boost_of_id is not null and deleted_at is null group by 1) c on c.boost_of_id = p.id where p.deleted_at is null and p.boosts_count <> coalesce(n, 0)`,
  'posts.replies_count': `select p.id, coalesce(n, 0) as expected, p.replies_count as found from posts p left join (select reply_to_id, count(*)::int n from posts where reply_to_id is not null and deleted_at is null and state = 'published' group by 1) c on c.reply_to_id = p.id where p.deleted_at is null and p.replies_count <> coalesce(n, 0)`,
  'posts.media_count': `select p.id, coalesce(n, 0) as expected, p.media_count as found from posts p left join (select post_id, count(*)::int n from media where post_id is not null group by 1) c on c.post_id = p.id where p.deleted_at is null and p.media_count <> coalesce(n, 0)`,
  'posts.thread_id': `select p.id, r.thread_id as expected, p.thread_id as found from posts p join posts r on r.id = p.reply_to_id where p.thread_id is distinct from r.thread_id and p.deleted_at is null`,
  'posts.thread_id exists': `select p.id, 'the first post of the thread' as expected, coalesce(p.thread_id::text, 'none') as found from posts p join posts r on r.id = p.reply_to_id left join posts t on t.id = p.thread_id where p.deleted_at is null and t.id is null`,
  'posts.reply_to_author_id': `select p.id, r.author_id as expected, p.reply_to_author_id as found from posts p join posts r on r.id = p.reply_to_id where p.reply_to_author_id is distinct from r.author_id and p.deleted_at is null`,
  'accounts.last_post_at': `select a.id, 'a time' as expected, 'none' as found from accounts a where a.last_post_at is null and a.posts_count > 0 and a.state <> 'deleted'`,
  'poll_options.votes_count': `select o.poll_id || '/' || o.position as id, coalesce(n, 0) as expected, o.votes_count as found from poll_options o left join (select poll_id, position, count(*)::int n from poll_votes group by 1, 2) v using (poll_id, position) where o.votes_count <> coalesce(n, 0)`,
  'polls.voters_count': `select p.id, coalesce(n, 0) as expected, p.voters_count as found from polls p left join (select poll_id, count(distinct account_id)::int n from poll_votes group by 1) v on v.poll_id = p.id where p.voters_count <> coalesce(n, 0)`,
  'invitations.uses': `select i.id, coalesce(n, 0) as expected, i.uses as found from invitations i left join (select invitation_id, count(*)::int n from accounts where invitation_id is not null group by 1) a on a.invitation_id = i.id where i.uses <> coalesce(n, 0)`,
  'tag_days': tagDays,
  // What search finds by, where the way of folding words changed or the database was mended by hand.
  'posts.search': `select id, 'the words of its text' as expected, 'others' as found from posts where deleted_at is null and search is distinct from to_tsvector('simple', search_fold(warning || ' ' || text))`,
  'graphile_worker._private_jobs given up': `select j.id, 'done' as expected, t.identifier || ': ' || coalesce(left(last_error, 200), 'failed') as found from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where attempts >= max_attempts`,
  'graphile_worker._private_jobs stuck': `select id, 'done within four hours' as expected, 'held since ' || locked_at as found from graphile_worker._private_jobs where locked_at < now() - interval '4 hours'`,
}

/** Reads every text anew. */
const costly = new Set(['posts.search'])

/** Runs every check, the costly ones with `deep`. `checked` are those that ran, `differences` what disagrees. */
export async function selectDifferences(on: Queries, onCheck: (done: number, total: number) => void, deep = false): Promise<{ checked: Checked[]; differences: Difference[] }> {
  const differences: Difference[] = []
  const checked: Checked[] = []
  const names = Object.keys(checks).filter((name) => deep || !costly.has(name))
  for (const [index, name] of names.entries()) {
    onCheck(index, names.length)
    const { rows } = await sql<Row>`select id::text, expected::text, coalesce(found::text, 'none') as found from (${sql.raw(checks[name]!)}) wrong limit ${mostOfEach}`.execute(on)
    differences.push(...rows.map((row) => ({ what: name, ...row })))
    const table = name.startsWith('graphile_worker.') ? name.split(' ')[0]! : name.split(/[. ]/)[0]!
    const counted = await sql<{ n: number }>`select count(*)::int as n from ${sql.raw(table)}`.execute(on)
    checked.push({ name, rows: counted.rows[0]?.n ?? 0 })
  }
  return { checked, differences }
}
