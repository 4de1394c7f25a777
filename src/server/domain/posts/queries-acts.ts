import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { PostId } from './types.ts'
import { visibleAlone } from './queries-visible.ts'
import type { Reader } from './queries-visible.ts'

/** True when it wasn't there; the counter follows. */
export async function insertLike(tx: Tx, id: string, accountId: AccountId, postId: PostId, at: Date): Promise<boolean> {
  const { rows } = await sql`insert into likes (id, account_id, post_id, created_at) values (${id}, ${accountId}, ${postId}, ${at}) on conflict (account_id, post_id) do nothing returning 1`.execute(tx)
  if (rows.length) await sql`update posts set likes_count = likes_count + 1 where id = ${postId}`.execute(tx)
  return rows.length > 0
}

export async function deleteLike(tx: Tx, accountId: AccountId, postId: PostId): Promise<boolean> {
  const { rows } = await sql`delete from likes where account_id = ${accountId} and post_id = ${postId} returning 1`.execute(tx)
  if (rows.length) await sql`update posts set likes_count = likes_count - 1 where id = ${postId}`.execute(tx)
  return rows.length > 0
}

export async function insertBookmark(on: Queries, id: string, accountId: AccountId, postId: PostId, at: Date): Promise<void> {
  await sql`insert into bookmarks (id, account_id, post_id, created_at) values (${id}, ${accountId}, ${postId}, ${at}) on conflict (account_id, post_id) do nothing`.execute(on)
}

export async function deleteBookmark(on: Queries, accountId: AccountId, postId: PostId): Promise<void> {
  await sql`delete from bookmarks where account_id = ${accountId} and post_id = ${postId}`.execute(on)
}

/** Ends the person's boost; its id when there was one. */
export async function deleteBoost(tx: Tx, accountId: AccountId, postId: PostId, at: Date): Promise<PostId | undefined> {
  const { rows } = await sql<{ id: PostId }>`update posts set deleted_at = ${at} where boost_of_id = ${postId} and author_id = ${accountId} and deleted_at is null returning id`.execute(tx)
  return rows[0]?.id
}

export async function selectBoost(on: Queries | Tx, accountId: AccountId, postId: PostId): Promise<PostId | undefined> {
  const { rows } = await sql<{ id: PostId }>`select id from posts where boost_of_id = ${postId} and author_id = ${accountId} and deleted_at is null`.execute(on)
  return rows[0]?.id
}

/** Locks the author's row, so that two pins at once are counted one after the other. */
export async function countPins(tx: Tx, accountId: AccountId): Promise<number> {
  await sql`select 1 from accounts where id = ${accountId} for no key update`.execute(tx)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from posts where author_id = ${accountId} and pinned_at is not null and deleted_at is null`.execute(tx)
  return rows[0]?.n ?? 0
}

export async function setPinned(tx: Tx, postId: PostId, at: Date | null): Promise<void> {
  await sql`update posts set pinned_at = ${at} where id = ${postId}`.execute(tx)
}

export type LockedPoll = { id: string; multiple: boolean; ends_at: Date; options: number }

export async function lockPoll(tx: Tx, postId: PostId): Promise<LockedPoll | undefined> {
  const { rows } = await sql<LockedPoll>`select id, multiple, ends_at, (select count(*)::int from poll_options o where o.poll_id = polls.id) as options from polls where post_id = ${postId} for no key update`.execute(tx)
  return rows[0]
}

export async function hasVoted(tx: Tx, pollId: string, accountId: AccountId): Promise<boolean> {
  const { rows } = await sql`select 1 from poll_votes where poll_id = ${pollId} and account_id = ${accountId} limit 1`.execute(tx)
  return rows.length > 0
}

export async function insertVotes(tx: Tx, pollId: string, accountId: AccountId, positions: number[], at: Date): Promise<void> {
  await sql`insert into poll_votes (poll_id, account_id, position, created_at) select ${pollId}::bigint, ${accountId}::bigint, x.at, ${at}::timestamptz from unnest(${positions}::smallint[]) as x (at)`.execute(tx)
  await sql`update poll_options set votes_count = votes_count + 1 where poll_id = ${pollId} and position = any(${positions}::smallint[])`.execute(tx)
  await sql`update polls set voters_count = voters_count + 1 where id = ${pollId}`.execute(tx)
}

/** Marks polls that have ended, at most `limit`; each is returned once. */
export async function takeEndedPolls(tx: Tx, now: Date, limit: number): Promise<{ id: string; post_id: PostId }[]> {
  const { rows } = await sql<{ id: string; post_id: PostId }>`update polls set ended_told_at = ${now} where id in (
    select id from polls where ends_at <= ${now} and ended_told_at is null order by ends_at limit ${limit} for update skip locked) returning id, post_id`.execute(tx)
  return rows
}

const range = (ask: CleanAsk) => sql`(${ask.before}::bigint is null or key < ${ask.before}::bigint) and (${ask.after}::bigint is null or key > ${ask.after}::bigint)
  and exists (select 1 from accounts a where a.id = account_id and a.state = 'active') order by ${ask.after ? sql`key asc` : sql`key desc`} limit ${ask.limit + 1}`

const notBlocked = (viewerId: AccountId | null) => sql`not exists (select 1 from blocks b where b.blocker_id = ${viewerId}::bigint and b.blocked_id = account_id)
  and not exists (select 1 from blocks b where b.blocker_id = account_id and b.blocked_id = ${viewerId}::bigint)`

export async function selectLikers(on: Queries, postId: PostId, viewerId: AccountId | null, ask: CleanAsk): Promise<{ key: string; account_id: AccountId }[]> {
  const { rows } = await sql<{ key: string; account_id: AccountId }>`select key, account_id from (select id as key, account_id from likes where post_id = ${postId}) l where ${notBlocked(viewerId)} and ${range(ask)}`.execute(on)
  return rows
}

export async function selectBoosters(on: Queries, postId: PostId, viewerId: AccountId | null, ask: CleanAsk): Promise<{ key: string; account_id: AccountId }[]> {
  const { rows } = await sql<{ key: string; account_id: AccountId }>`select key, account_id from (select id as key, author_id as account_id from posts where boost_of_id = ${postId} and deleted_at is null) l where ${notBlocked(viewerId)} and ${range(ask)}`.execute(on)
  return rows
}

export async function selectAncestors(on: Queries, id: PostId, most: number): Promise<PostId[]> {
  const { rows } = await sql<{ id: PostId }>`with recursive up as (
      select id, reply_to_id, 0 as depth from posts where id = ${id}
      union all select p.id, p.reply_to_id, up.depth + 1 from up join posts p on p.id = up.reply_to_id where up.depth < ${most})
    select id from up where depth > 0 order by depth desc`.execute(on)
  return rows.map((row) => row.id)
}

/** Every post of a thread that came after `id`, oldest first, with whether the reader may see it. */
export async function selectAfterInThread(on: Queries, threadId: PostId, id: PostId, reader: Pick<Reader, 'readerId' | 'country'>, most: number): Promise<{ id: PostId; reply_to_id: PostId; visible: boolean }[]> {
  const { rows } = await sql<{ id: PostId; reply_to_id: PostId; visible: boolean }>`select p.id, p.reply_to_id, ${visibleAlone('p', reader)} as visible
    from posts p where p.thread_id = ${threadId} and p.id > ${id} and p.reply_to_id is not null and p.deleted_at is null order by p.id limit ${most}`.execute(on)
  return rows
}

export async function selectOwnBoost(on: Queries, accountId: AccountId, postId: PostId): Promise<PostId | undefined> {
  const { rows } = await sql<{ id: PostId }>`select id from posts where boost_of_id = ${postId} and author_id = ${accountId} and deleted_at is null`.execute(on)
  return rows[0]?.id
}

export async function insertThreadMute(on: Queries, accountId: AccountId, threadId: PostId): Promise<void> {
  await sql`insert into thread_mutes (account_id, thread_id) values (${accountId}, ${threadId}) on conflict do nothing`.execute(on)
}

export async function deleteThreadMute(on: Queries, accountId: AccountId, threadId: PostId): Promise<void> {
  await sql`delete from thread_mutes where account_id = ${accountId} and thread_id = ${threadId}`.execute(on)
}
