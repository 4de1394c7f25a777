import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type Difference = { what: string; id: string; expected: string; found: string }
type Row = { id: string; expected: string; found: string }

/** Each check is one statement that finds rows which disagree; at most a hundred of each are told. */
const checks: Record<string, string> = {
  'accounts.posts_count': `select a.id, coalesce(n, 0) as expected, a.posts_count as found from accounts a left join (select author_id, count(*)::int n from posts where deleted_at is null and state = 'published' and boost_of_id is null group by 1) c on c.author_id = a.id where a.posts_count <> coalesce(n, 0) and a.state <> 'deleted'`,
  'accounts.followers_count': `select a.id, coalesce(n, 0) as expected, a.followers_count as found from accounts a left join (select followed_id, count(*)::int n from follows where state = 'accepted' group by 1) c on c.followed_id = a.id where a.followers_count <> coalesce(n, 0) and a.state <> 'deleted'`,
  'accounts.following_count': `select a.id, coalesce(n, 0) as expected, a.following_count as found from accounts a left join (select follower_id, count(*)::int n from follows where state = 'accepted' group by 1) c on c.follower_id = a.id where a.following_count <> coalesce(n, 0) and a.state <> 'deleted'`,
  'posts.likes_count': `select p.id, coalesce(n, 0) as expected, p.likes_count as found from posts p left join (select post_id, count(*)::int n from likes group by 1) c on c.post_id = p.id where p.deleted_at is null and p.likes_count <> coalesce(n, 0)`,
  'posts.boosts_count': `select p.id, coalesce(n, 0) as expected, p.boosts_count as found from posts p left join (select boost_of_id, count(*)::int n from posts where boost_of_id is not null and deleted_at is null group by 1) c on c.boost_of_id = p.id where p.deleted_at is null and p.boosts_count <> coalesce(n, 0)`,
  'posts.replies_count': `select p.id, coalesce(n, 0) as expected, p.replies_count as found from posts p left join (select reply_to_id, count(*)::int n from posts where reply_to_id is not null and deleted_at is null and state = 'published' group by 1) c on c.reply_to_id = p.id where p.deleted_at is null and p.replies_count <> coalesce(n, 0)`,
  'posts.media_count': `select p.id, coalesce(n, 0) as expected, p.media_count as found from posts p left join (select post_id, count(*)::int n from media where post_id is not null group by 1) c on c.post_id = p.id where p.deleted_at is null and p.media_count <> coalesce(n, 0)`,
  'posts.thread_id': `select p.id, r.thread_id as expected, p.thread_id as found from posts p join posts r on r.id = p.reply_to_id where p.thread_id is distinct from r.thread_id and p.deleted_at is null`,
  'poll_options.votes_count': `select o.poll_id || '/' || o.position as id, coalesce(n, 0) as expected, o.votes_count as found from poll_options o left join (select poll_id, position, count(*)::int n from poll_votes group by 1, 2) v using (poll_id, position) where o.votes_count <> coalesce(n, 0)`,
  'polls.voters_count': `select p.id, coalesce(n, 0) as expected, p.voters_count as found from polls p left join (select poll_id, count(distinct account_id)::int n from poll_votes group by 1) v on v.poll_id = p.id where p.voters_count <> coalesce(n, 0)`,
  'invitations.uses': `select i.id, coalesce(n, 0) as expected, i.uses as found from invitations i left join (select invitation_id, count(*)::int n from accounts where invitation_id is not null group by 1) a on a.invitation_id = i.id where i.uses <> coalesce(n, 0)`,
  'jobs given up': `select id, 'done' as expected, coalesce(left(last_error, 200), 'failed') as found from graphile_worker._private_jobs where attempts >= max_attempts`,
}

/** Runs every check. `names` of those that ran, and what disagrees. */
export async function selectDifferences(on: Queries, onCheck: (done: number, total: number) => void): Promise<{ names: string[]; differences: Difference[] }> {
  const differences: Difference[] = []
  const names = Object.keys(checks)
  for (const [index, name] of names.entries()) {
    onCheck(index, names.length)
    const { rows } = await sql<Row>`select id::text, expected::text, found::text from (${sql.raw(checks[name]!)}) wrong limit 100`.execute(on)
    differences.push(...rows.map((row) => ({ what: name, ...row })))
  }
  return { names, differences }
}

/** Every file that a ready file's row names, with the row's id. */
export async function selectFiles(on: Queries): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`select m.id, m.key || '/' || (v->>'file') as name from media m cross join lateral jsonb_array_elements(m.variants) v where m.state = 'ready' and v->>'file' is not null`.execute(on)
  return rows
}
