import type { AccountId, AccountState } from '#server/domain/accounts/index.ts'
import type { MediaId } from '#server/domain/media/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { asked, sql } from '#server/platform/db/sql.ts'
import { tiesOf } from './queries-replies.ts'
import type { Ties } from './may-reply.ts'
import type { Audience, PostId, PostMark, QuotePolicy, ReplyPolicy } from './types.ts'
import { withheldIn } from '#server/domain/withholding/index.ts'

/** One post with what the viewer's eyes need, facts for `visibleTo` included. */
export type PostRow = {
  id: PostId; author_id: AccountId; audience: Audience; text: string; html: string; warning: string; sensitive: boolean
  language: string | null; reply_to_id: PostId | null; reply_to_author_id: AccountId | null; boost_of_id: PostId | null
  poll_id: string | null; media_count: number; state: 'processing' | 'published' | 'held' | 'removed'
  replies_count: number; likes_count: number; boosts_count: number; quotes_count: number; quote_policy: QuotePolicy
  quotes: boolean; quoted_id: PostId | null; quote_state: 'pending' | 'accepted' | 'rejected' | 'revoked' | null
  pinned_at: Date | null; edited_at: Date | null; deleted_at: Date | null; created_at: Date
  mention_ids: AccountId[]; tags: string[]; has_card: boolean; marks: PostMark[]; label: string; thread_locked: boolean
  author_state: AccountState; follows_author: boolean; block_between: boolean; mutes_author: boolean; mutes_thread: boolean
  liked: boolean; boosted: boolean; bookmarked: boolean; withheld: boolean
  reply_policy: ReplyPolicy; reply_ties: Ties | null
  /** of the post that begins the thread, where that is another one */
  thread_id: PostId | null; thread_author_id: AccountId | null; thread_policy: ReplyPolicy | null; thread_ties: Ties | null
}

/** These posts, the posts they boost and what all of these quote, in one query. */
export async function selectPosts(on: Queries, ids: PostId[], viewerId: AccountId | null, now: Date, country: string | null): Promise<PostRow[]> {
  const me = sql`${viewerId}::bigint`
  const { rows } = await sql<PostRow>`
    with shown as materialized (
      select id from unnest(${asked(ids)}) as x (id)
      union select b.boost_of_id from posts b where b.id = any(${asked(ids)}) and b.boost_of_id is not null),
    wanted as materialized (select id from shown union select q.quoted_id from shown s join quotes q on q.post_id = s.id where q.quoted_id is not null)
    select p.id, p.author_id, p.audience, p.text, p.html, p.warning, p.sensitive, p.language, p.reply_to_id, p.reply_to_author_id, p.boost_of_id,
      p.poll_id, p.media_count, p.state, p.replies_count, p.likes_count, p.boosts_count, p.quotes_count, p.quote_policy, q.post_id is not null as quotes, q.quoted_id, q.state as quote_state, p.pinned_at, p.edited_at, p.deleted_at, p.created_at, p.marks, p.label,
      'replies' = any(p.marks) or exists (select 1 from posts r where r.id = p.thread_id and 'replies' = any(r.marks)) as thread_locked,
      array(select m.account_id::text from post_mentions m where m.post_id = p.id order by m.account_id) as mention_ids,
      array(select t.display_name from post_tags pt join tags t on t.id = pt.tag_id where pt.post_id = p.id order by t.id) as tags,
      exists (select 1 from post_cards k where k.post_id = p.id offset 0) as has_card,
      a.state as author_state,
      exists (select 1 from follows f where f.follower_id = ${me} and f.followed_id = p.author_id and f.state = 'accepted' offset 0) as follows_author,
      exists (select 1 from blocks b where b.blocker_id = ${me} and b.blocked_id = p.author_id offset 0)
        or exists (select 1 from blocks b where b.blocker_id = p.author_id and b.blocked_id = ${me} offset 0) as block_between,
      exists (select 1 from mutes u where u.muter_id = ${me} and u.muted_id = p.author_id and (u.expires_at is null or u.expires_at > ${now}) offset 0) as mutes_author,
      exists (select 1 from thread_mutes tm where tm.account_id = ${me} and tm.thread_id = coalesce(p.thread_id, p.id) offset 0) as mutes_thread,
      exists (select 1 from likes l where l.account_id = ${me} and l.post_id = p.id offset 0) as liked,
      exists (select 1 from posts o where o.boost_of_id = p.id and o.author_id = ${me} and o.deleted_at is null offset 0) as boosted,
      exists (select 1 from bookmarks k where k.account_id = ${me} and k.post_id = p.id offset 0) as bookmarked,
      ${withheldIn('p', country)} as withheld, p.reply_policy, ${tiesOf('p', viewerId)} as reply_ties,
      r.id as thread_id, r.author_id as thread_author_id, r.reply_policy as thread_policy, ${tiesOf('r', viewerId)} as thread_ties
    from wanted w join posts p on p.id = w.id join accounts a on a.id = p.author_id left join quotes q on q.post_id = p.id left join posts r on r.id = p.thread_id and r.id <> p.id`.execute(on)
  return rows
}

export type PollRow = { id: string; post_id: PostId; multiple: boolean; hide_totals: boolean; ends_at: Date; voters_count: number; options: { title: string; votes: number }[]; own: number[] }

export async function selectPolls(on: Queries, pollIds: string[], viewerId: AccountId | null): Promise<PollRow[]> {
  const { rows } = await sql<PollRow>`select p.id, p.post_id, p.multiple, p.hide_totals, p.ends_at, p.voters_count,
      (select json_agg(json_build_object('title', o.title, 'votes', o.votes_count) order by o.position) from poll_options o where o.poll_id = p.id) as options,
      array(select v.position::int from poll_votes v where v.poll_id = p.id and v.account_id = ${viewerId}::bigint order by 1) as own
    from polls p where p.id = any(${pollIds}::bigint[])`.execute(on)
  return rows
}

export type EditRow = { text: string; html: string; warning: string; sensitive: boolean; created_at: Date }

export async function selectEdits(on: Queries, postId: PostId): Promise<EditRow[]> {
  const { rows } = await sql<EditRow>`select text, html, warning, sensitive, created_at from post_edits where post_id = ${postId} order by id limit 200`.execute(on)
  return rows
}

/** Pictures of custom emojis, by shortcode. */
export async function selectEmojis(on: Queries, codes: string[]): Promise<{ shortcode: string; media_id: MediaId }[]> {
  const { rows } = await sql<{ shortcode: string; media_id: MediaId }>`select shortcode, media_id from custom_emojis where shortcode = any(${codes}::text[]) and disabled_at is null`.execute(on)
  return rows
}

/** Accounts behind names, as compared. Whoever can't be met isn't there. */
export async function selectNamed(on: Queries, keys: string[]): Promise<{ id: AccountId; username: string; key: string }[]> {
  const { rows } = await sql<{ id: AccountId; username: string; key: string }>`select id, username, username_key as key from accounts where username_key = any(${keys}::text[]) and state in ('active', 'limited')`.execute(on)
  return rows
}

export async function selectPollPost(on: Queries, pollId: string): Promise<PostId | undefined> {
  const { rows } = await sql<{ post_id: PostId }>`select post_id from polls where id = ${pollId}`.execute(on)
  return rows[0]?.post_id
}

/** `link_text`: a published post's words, where its links may be looked up: not what only named people read, nor what shows media or a quote instead. */
export async function selectFollowUp(on: Queries, id: PostId): Promise<{ link_text: string | null; named: boolean; quotes: boolean } | undefined> {
  const { rows } = await sql<{ link_text: string | null; named: boolean; quotes: boolean }>`select p.audience = 'mentioned' as named, q.there as quotes,
      case when p.state = 'published' and p.deleted_at is null and p.boost_of_id is null and p.audience <> 'mentioned' and not ('links' = any(p.marks)) and p.media_count = 0 and not q.there then p.text end as link_text
    from posts p cross join lateral (select exists (select from quotes q where q.post_id = p.id) as there) q where p.id = ${id}`.execute(on)
  return rows[0]
}
