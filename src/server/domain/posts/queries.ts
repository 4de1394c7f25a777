import type { AccountId } from '#server/domain/accounts/index.ts'
import type { MediaId } from '#server/domain/media/index.ts'
import { isTaken } from '#server/platform/db/index.ts'
import type { Database, Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { Audience, PostId, QuotePolicy, ReplyPolicy } from './types.ts'

export type State = 'processing' | 'published' | 'held' | 'removed'
export type LockedPost = {
  id: PostId; author_id: AccountId; audience: Audience; text: string; html: string; warning: string; sensitive: boolean; language: string | null
  reply_to_id: PostId | null; boost_of_id: PostId | null; poll_id: string | null; media_count: number; state: State
  pinned_at: Date | null; deleted_at: Date | null; created_at: Date
}

/** One act at a time on a post. Undefined when it is gone. */
export async function lockPost(tx: Tx, id: PostId): Promise<LockedPost | undefined> {
  const { rows } = await sql<LockedPost>`select id, author_id, audience, text, html, warning, sensitive, language, reply_to_id, boost_of_id, poll_id, media_count, state, pinned_at, deleted_at, created_at
    from posts where id = ${id} and deleted_at is null for no key update`.execute(tx)
  return rows[0]
}

/** Takes the key for this post. The id of the post that has it already, when there is one; waits for one that is being made. */
export async function takeIdempotencyKey(tx: Tx, accountId: AccountId, key: string, postId: PostId): Promise<PostId | undefined> {
  const { rows } = await sql`insert into idempotency_keys (account_id, key, post_id) values (${accountId}, ${key}, ${postId}) on conflict do nothing returning 1`.execute(tx)
  return rows.length ? undefined : selectKeyed(tx, accountId, key)
}

/** The post that has this key. */
export async function selectKeyed(on: Queries, accountId: AccountId, key: string): Promise<PostId | undefined> {
  const { rows } = await sql<{ post_id: PostId }>`select post_id from idempotency_keys where account_id = ${accountId} and key = ${key}`.execute(on)
  return rows[0]?.post_id
}

export async function deleteOldKeys(on: Queries, before: Date): Promise<void> {
  await sql`delete from idempotency_keys where created_at < ${before}`.execute(on)
}

export type NewPost = {
  id: PostId; authorId: AccountId; audience: Audience; text: string; html: string; warning: string; sensitive: boolean; language: string | null
  replyTo: { id: PostId; authorId: AccountId; threadId: PostId } | null; boostOfId: PostId | null; pollId: string | null; state: State; limited?: boolean; appName: string | null; quotePolicy?: QuotePolicy; replyPolicy?: ReplyPolicy; at: Date
}

/** False for a second boost of the same post by the same person. `counted`: the author's count goes up with it (`countPost`). */
export async function insertPost(tx: Tx, post: NewPost, { counted = false } = {}): Promise<boolean> {
  const { rows } = await sql`${counted ? sql`with counted as (${moreOf(post.authorId, post.at, 1)})` : sql``} ${inserting(post)}`.execute(tx)
  return rows.length > 0
}

/** A post that nothing else in the transaction refers to, counted, and the key that its author gave it: with the last statement, which fails (`isKeyTaken`) where another post has the key. */
export function insertPostAtEnd(database: Pick<Database, 'atEnd'>, tx: Tx, post: NewPost, key?: string): void {
  if (key) database.atEnd(tx, () => sql`insert into idempotency_keys (account_id, key, post_id) values (${post.authorId}, ${key}, ${post.id}) returning 1`)
  database.atEnd(tx, () => inserting(post))
  database.atEnd(tx, () => sql`${moreOf(post.authorId, post.at, 1)} returning 1`)
}
export const isKeyTaken = (error: unknown): boolean => isTaken(error, 'idempotency_keys_pkey')

const inserting = (post: NewPost) => sql`insert into posts (id, author_id, audience, text, html, warning, sensitive, language, reply_to_id, reply_to_author_id, thread_id, boost_of_id, poll_id, state, limited, app_name, quote_policy, reply_policy, created_at)
    values (${post.id}, ${post.authorId}, ${post.audience}, ${post.text}, ${post.html}, ${post.warning}, ${post.sensitive}, ${post.language},
      ${post.replyTo?.id ?? null}, ${post.replyTo?.authorId ?? null}, ${post.replyTo?.threadId ?? (post.boostOfId ? null : post.id)}, ${post.boostOfId}, ${post.pollId}, ${post.state}, ${post.limited === true}, ${post.appName}, ${post.quotePolicy ?? 'public'}, ${post.replyPolicy ?? 'everyone'}, ${post.at})
    on conflict (boost_of_id, author_id) where boost_of_id is not null and deleted_at is null do nothing returning 1`

export async function updatePost(tx: Tx, id: PostId, next: { text: string; html: string; warning: string; sensitive: boolean; language: string | null; state: State; limited?: boolean; editedAt: Date }): Promise<void> {
  await sql`update posts set text = ${next.text}, html = ${next.html}, warning = ${next.warning}, sensitive = ${next.sensitive} or 'sensitive' = any(marks), language = ${next.language}, state = ${next.state}, limited = limited or ${next.limited === true}, edited_at = ${next.editedAt} where id = ${id}`.execute(tx)
}

export async function updateState(tx: Tx, id: PostId, state: State): Promise<void> {
  await sql`update posts set state = ${state} where id = ${id}`.execute(tx)
}

/** Did moderators end the conversation at this post, or at any above it? */
export async function isThreadLocked(on: Queries, id: PostId): Promise<boolean> {
  const { rows } = await sql`with recursive up as (select id, reply_to_id, marks, 0 as steps from posts where id = ${id}
      union all select p.id, p.reply_to_id, p.marks, up.steps + 1 from up join posts p on p.id = up.reply_to_id where up.steps < 200)
    select 1 from up where 'replies' = any(marks) limit 1`.execute(on)
  return rows.length > 0
}

/** Who is named: replaces what was there. Those in a block with the author aren't told, so they aren't kept. */
export async function setMentions(tx: Tx, postId: PostId, authorId: AccountId, accountIds: AccountId[]): Promise<void> {
  await sql`delete from post_mentions where post_id = ${postId} and account_id <> all(${accountIds}::bigint[])`.execute(tx)
  if (accountIds.length === 0) return
  await sql`insert into post_mentions (post_id, account_id) select ${postId}::bigint, x.id from unnest(${accountIds}::bigint[]) as x (id)
    where not exists (select 1 from blocks b where (b.blocker_id = x.id and b.blocked_id = ${authorId}) or (b.blocker_id = ${authorId} and b.blocked_id = x.id))
    on conflict do nothing`.execute(tx)
}

/** The tags of a post: replaces what was there; new tags are made. */
export async function setTags(tx: Tx, postId: PostId, authorId: AccountId, tags: { id: string; name: string; displayName: string }[]): Promise<void> {
  const names = tags.map((tag) => tag.name)
  await sql`delete from post_tags where post_id = ${postId} and tag_id not in (select id from tags where name = any(${names}::text[]))`.execute(tx)
  if (tags.length === 0) return
  // In one order, so that two posts with the same new tags can't wait for each other.
  const sorted = [...tags].sort((a, b) => (a.name < b.name ? -1 : 1))
  await sql`insert into tags (id, name, display_name) select * from unnest(${sorted.map((tag) => tag.id)}::bigint[], ${sorted.map((tag) => tag.name)}::text[], ${sorted.map((tag) => tag.displayName)}::text[]) on conflict (name) do nothing`.execute(tx)
  await sql`insert into post_tags (tag_id, post_id, author_id) select id, ${postId}::bigint, ${authorId}::bigint from tags where name = any(${names}::text[]) on conflict do nothing`.execute(tx)
}

export async function insertPoll(tx: Tx, poll: { id: string; postId: PostId; multiple: boolean; hideTotals: boolean; endsAt: Date; options: string[] }): Promise<void> {
  await sql`insert into polls (id, post_id, multiple, hide_totals, ends_at) values (${poll.id}, ${poll.postId}, ${poll.multiple}, ${poll.hideTotals}, ${poll.endsAt})`.execute(tx)
  await insertOptions(tx, poll)
}
async function insertOptions(tx: Tx, poll: { id: string; options: string[] }): Promise<void> {
  await sql`insert into poll_options (poll_id, position, title) select ${poll.id}::bigint, at - 1, title from unnest(${poll.options}::text[]) with ordinality as x (title, at)`.execute(tx)
}
/** Other answers: every vote is gone. Makes the poll where the post had none. */
export async function renewPoll(tx: Tx, poll: { id: string; postId: PostId; multiple: boolean; hideTotals: boolean; endsAt: Date; options: string[] }): Promise<void> {
  const { rows } = await sql<{ id: string }>`update polls set multiple = ${poll.multiple}, hide_totals = ${poll.hideTotals}, ends_at = ${poll.endsAt}, voters_count = 0, ended_told_at = null where post_id = ${poll.postId} returning id`.execute(tx)
  const known = rows[0]
  if (!known) {
    await insertPoll(tx, poll)
    await sql`update posts set poll_id = ${poll.id} where id = ${poll.postId}`.execute(tx)
    return
  }
  await sql`delete from poll_votes where poll_id = ${known.id}`.execute(tx)
  await sql`delete from poll_options where poll_id = ${known.id}`.execute(tx)
  await insertOptions(tx, { id: known.id, options: poll.options })
}

export type AttachedMedia = { id: MediaId; kind: string; state: 'queued' | 'processing' | 'ready' | 'failed' }

export async function selectAttached(on: Tx | Queries, postId: PostId): Promise<AttachedMedia[]> {
  // What nobody has looked at yet, and what was stopped, isn't ready for anybody.
  const { rows } = await sql<AttachedMedia>`select id, kind, case when state = 'ready' and screening <> 'clear' then 'processing' else state end as state from media where post_id = ${postId} order by position, id`.execute(on)
  return rows
}

/** Lets go of media that an edit took out; the sweep of unattached media removes them later. */
export async function releaseMedia(tx: Tx, postId: PostId, keep: MediaId[]): Promise<void> {
  await sql`update media set post_id = null where post_id = ${postId} and id <> all(${keep}::bigint[])`.execute(tx)
  await sql`update media set position = x.at - 1 from unnest(${keep}::bigint[]) with ordinality as x (id, at) where media.id = x.id and media.post_id = ${postId}`.execute(tx)
}

export async function noteMedia(tx: Tx, postId: PostId): Promise<void> {
  await sql`update posts set media_count = m.n, media_kinds = m.kinds from (select count(*)::int as n, coalesce(array_agg(distinct kind), '{}') as kinds from media where post_id = ${postId}) m where id = ${postId}`.execute(tx)
}

export async function selectPostOfMedia(on: Queries, mediaId: string): Promise<PostId | undefined> {
  const { rows } = await sql<{ post_id: PostId | null }>`select post_id from media where id = ${mediaId}`.execute(on)
  return rows[0]?.post_id ?? undefined
}

/** A published post more (+1) or less (-1): the author's count, and the parent's answers. Boosts count on the boosted post. */
export async function countPost(tx: Tx, post: { authorId: AccountId; replyToId: PostId | null; at: Date }, by: 1 | -1): Promise<void> {
  await countReply(tx, post.replyToId, by)
  await moreOf(post.authorId, post.at, by).execute(tx)
}
export async function countReply(tx: Tx, parentId: PostId | null, by: 1 | -1): Promise<void> {
  if (parentId) await sql`update posts set replies_count = replies_count + ${by}::int where id = ${parentId}`.execute(tx)
}
const moreOf = (authorId: AccountId, at: Date, by: 1 | -1) =>
  sql`update accounts set posts_count = posts_count + ${by}::int, last_post_at = case when ${by}::int > 0 then greatest(last_post_at, ${at}::timestamptz) else last_post_at end where id = ${authorId}`

export async function countBoost(tx: Tx, postId: PostId, by: number): Promise<void> {
  await sql`update posts set boosts_count = boosts_count + ${by}::int where id = ${postId}`.execute(tx)
}

/** Takes the post and its boosts away. */
export async function markDeleted(tx: Tx, id: PostId, at: Date): Promise<void> {
  await sql`update posts set deleted_at = ${at}, pinned_at = null, boosts_count = case when id = ${id} then 0 else boosts_count end where (id = ${id} or boost_of_id = ${id}) and deleted_at is null`.execute(tx)
}

export async function insertEdit(tx: Tx, row: { id: string; postId: PostId; text: string; html: string; warning: string; sensitive: boolean; at: Date; media: unknown }): Promise<void> {
  await sql`insert into post_edits (id, post_id, text, html, warning, sensitive, media, created_at) values (${row.id}, ${row.postId}, ${row.text}, ${row.html}, ${row.warning}, ${row.sensitive}, ${JSON.stringify(row.media)}::jsonb, ${row.at})`.execute(tx)
}

export async function hasEdits(tx: Tx, postId: PostId): Promise<boolean> {
  const { rows } = await sql`select 1 from post_edits where post_id = ${postId} limit 1`.execute(tx)
  return rows.length > 0
}

/** The first post of a post's thread. */
export async function selectThread(on: Queries | Tx, id: PostId): Promise<PostId | undefined> {
  const { rows } = await sql<{ thread_id: PostId | null }>`select coalesce(thread_id, id) as thread_id from posts where id = ${id}`.execute(on)
  return rows[0]?.thread_id ?? undefined
}
