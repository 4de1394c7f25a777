import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { recountQuotes } from './queries-quotes.ts'

/** Up to `most` posts and boosts of an author that are still there. */
export async function selectPostsOf(tx: Tx, authorId: string, most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from posts where author_id = ${authorId} and deleted_at is null order by id limit ${most} for update`.execute(tx)
  return rows.map((row) => row.id)
}

/** Takes these posts of one author away with everything they say, with others' boosts of them, and sets the counters they were part of. */
export async function forgetPosts(tx: Tx, ids: string[], at: Date): Promise<void> {
  await sql`update posts p set replies_count = p.replies_count - c.n from (select reply_to_id, count(*)::int n from posts where id = any(${ids}::bigint[]) and state = 'published' group by 1) c where p.id = c.reply_to_id`.execute(tx)
  await sql`update posts p set boosts_count = p.boosts_count - c.n from (select boost_of_id, count(*)::int n from posts where id = any(${ids}::bigint[]) group by 1) c where p.id = c.boost_of_id`.execute(tx)
  await sql`update posts set deleted_at = ${at}, pinned_at = null where boost_of_id = any(${ids}::bigint[]) and deleted_at is null`.execute(tx)
  await sql`update posts set deleted_at = ${at}, pinned_at = null, text = '', html = '', warning = '', boosts_count = 0 where id = any(${ids}::bigint[])`.execute(tx)
  await recountQuotes(tx, ids)
  for (const table of ['post_tags', 'post_mentions', 'post_edits']) await sql`delete from ${sql.table(table)} where post_id = any(${ids}::bigint[])`.execute(tx)
}

/** Takes an account's likes, bookmarks and votes back, counters and all. */
export async function forgetReactions(tx: Tx, accountId: string): Promise<void> {
  await sql`with gone as (delete from likes where account_id = ${accountId} returning post_id) update posts p set likes_count = p.likes_count - 1 from gone where p.id = gone.post_id`.execute(tx)
  await sql`delete from bookmarks where account_id = ${accountId}`.execute(tx)
  await sql`with gone as (delete from poll_votes where account_id = ${accountId} returning poll_id, position) update poll_options o set votes_count = o.votes_count - 1 from gone where o.poll_id = gone.poll_id and o.position = gone.position`.execute(tx)
  await sql`update polls p set voters_count = (select count(distinct account_id) from poll_votes v where v.poll_id = p.id) where voters_count <> (select count(distinct account_id) from poll_votes v where v.poll_id = p.id)`.execute(tx)
}

/** Removes rows that were deleted before, but for those of accounts frozen for an investigation; returns the ids that went. */
export async function purgePosts(tx: Tx, before: Date, most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`delete from posts where id in (select id from posts where deleted_at < ${before} and not exists (select from accounts a where a.id = posts.author_id and a.frozen_at is not null) order by deleted_at limit ${most}) returning id`.execute(tx)
  return rows.map((row) => row.id)
}

export async function setPostsCount(on: Queries | Tx, accountId: string): Promise<void> {
  await sql`update accounts set posts_count = (select count(*) from posts where author_id = ${accountId} and deleted_at is null and state = 'published' and boost_of_id is null) where id = ${accountId}`.execute(on)
}
