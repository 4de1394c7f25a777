import type { AccountId } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import { visiblePost } from '#server/domain/posts/index.ts'
import type { Reader } from '#server/domain/posts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { AccountTab, Narrow } from './types.ts'

/** `key` is the cursor, `id` the post, `original` what it is or boosts. */
export type Line = { key: string; id: PostId; original: PostId; author_id: AccountId }
export type Eyes = Reader & { hidden: AccountId[] }

export const within = (column: string, ask: CleanAsk) => ask.before ? sql`${sql.ref(column)} < ${ask.before}::bigint` : ask.after ? sql`${sql.ref(column)} > ${ask.after}::bigint` : sql`true`
export const order = (column: string, ask: CleanAsk) => ask.after ? sql`${sql.ref(column)} asc` : sql`${sql.ref(column)} desc`
export const live = sql`p.deleted_at is null and p.state = 'published'`
export const notHidden = (column: string, eyes: Eyes) => eyes.hidden.length ? sql`${sql.ref(column)} <> all(${eyes.hidden}::bigint[])` : sql`true`

/** The post `p` is in a language that the follow `f` wants; one without a language always is. */
export const inLanguages = (follow: string) => sql`(${sql.ref(`${follow}.languages`)} is null or p.language is null or split_part(p.language, '-', 1) = any(${sql.ref(`${follow}.languages`)}))`

const narrowed = ({ onlyMedia, noReplies, noBoosts, tag }: Narrow) => sql.join([sql`true`,
  ...onlyMedia ? [sql`p.media_count > 0`] : [], ...noReplies ? [sql`(p.reply_to_id is null or p.reply_to_author_id = p.author_id)`] : [], ...noBoosts ? [sql`p.boost_of_id is null`] : [],
  ...tag === undefined ? [] : [sql`exists (select 1 from post_tags pt join tags t on t.id = pt.tag_id where pt.post_id = p.id and t.name = ${tag})`]], sql` and `)

/** `complete`: nothing is missing between these lines and the end of what was asked for. */
export type HomeLines = { lines: (Line & { seen: boolean })[]; complete: boolean }

/**
 * The newest `perSource` ids of each followed person and tag, merged, as far as the merge is sure: a source that
 * gave all it may could have more just beyond its last, so nothing beyond that is taken. `seen` is false for lines
 * that turn out to be hidden: the caller must know where to go on.
 */
export async function selectHome(on: Queries, me: AccountId, eyes: Eyes, ask: CleanAsk, most: number, perSource: number): Promise<HomeLines> {
  // A tag brings more the more people there are: of the few that somebody follows, as much as can be needed.
  const isLast = (column: string, limit: number) => sql`row_number() over (order by ${order(column, ask)}) = ${limit} as last`
  const { rows } = await sql<Line & { seen: boolean; sure: boolean }>`
    with followed as materialized (select f.followed_id as id, f.show_boosts, f.languages,
      not exists (select 1 from list_members lm join lists l on l.id = lm.list_id where lm.owner_id = ${me} and lm.account_id = f.followed_id and l.exclusive) as comes_home
      from follows f where f.follower_id = ${me} and f.state = 'accepted' and ${notHidden('f.followed_id', eyes)}),
    everything as materialized (
      select newest.id, newest.last from (select id, show_boosts, languages from followed where comes_home union all select ${me}::bigint, true, null) s cross join lateral (
        select p.id, ${isLast('p.id', perSource)} from posts p where p.author_id = s.id and ${live} and ${within('p.id', ask)}
          and (p.audience <> 'mentioned' or p.author_id = ${me} or exists (select 1 from post_mentions m where m.post_id = p.id and m.account_id = ${me} offset 0))
          and (p.boost_of_id is null or s.show_boosts) and ${inLanguages('s')}
          and (p.reply_to_id is null or p.author_id = ${me} or p.reply_to_author_id = p.author_id or p.reply_to_author_id = ${me} or p.reply_to_author_id in (select id from followed))
        order by ${order('p.id', ask)} limit ${perSource}) newest
      union all
      select newest.post_id, newest.last from tag_follows t cross join lateral (
        select pt.post_id, ${isLast('pt.post_id', most)} from post_tags pt join posts p on p.id = pt.post_id
        where pt.tag_id = t.tag_id and ${within('pt.post_id', ask)} and ${live} and not p.limited and p.audience in ('public', 'members') and p.reply_to_id is null
        order by ${order('pt.post_id', ask)} limit ${most}) newest
      where t.account_id = ${me}
      union all
      (select p.id, false from posts p where p.author_id = ${me} and p.deleted_at is null and p.state in ('processing', 'held') and ${within('p.id', ask)} order by ${order('p.id', ask)} limit ${most})),
    edge as materialized (select ${ask.after ? sql`min(id)` : sql`max(id)`} as id from everything where last),
    merged as materialized (
      select e.id, edge.id is null as sure from everything e, edge where edge.id is null or e.id ${ask.after ? sql`<=` : sql`>=`} edge.id
      group by e.id, edge.id order by ${order('e.id', ask)} limit ${most})
    select p.id as key, p.id, coalesce(p.boost_of_id, p.id) as original, p.author_id, merged.sure,
      ${visiblePost('p', eyes)} and ${notHidden('p.author_id', eyes)}
        and (p.boost_of_id is null or not exists (select 1 from posts o where o.id = p.boost_of_id and o.author_id = any(${eyes.hidden}::bigint[]))) as seen
    from merged join posts p on p.id = merged.id order by ${order('p.id', ask)}`.execute(on)
  return { lines: rows, complete: rows.length >= most || rows.every((row) => row.sure) }
}

/** Whose posts, and posts with which tags, come home. */
export async function selectSources(on: Queries, me: AccountId): Promise<{ people: AccountId[]; tags: string[] }> {
  const { rows } = await sql<{ people: AccountId[]; tags: string[] }>`select array(select f.followed_id::text from follows f where f.follower_id = ${me} and f.state = 'accepted') as people,
    array(select t.tag_id::text from tag_follows t where t.account_id = ${me}) as tags`.execute(on)
  return rows[0] ?? { people: [], tags: [] }
}

/** Everyone's posts, answers and boosts left out. */
export async function selectCommunity(on: Queries, eyes: Eyes, ask: CleanAsk, narrow: Narrow = {}): Promise<Line[]> {
  const { rows } = await sql<Line>`select p.id as key, p.id, p.id as original, p.author_id from posts p
    where ${live} and not p.limited and p.boost_of_id is null and p.reply_to_id is null and p.audience in ('public', 'members') and ${within('p.id', ask)}
      and ${notHidden('p.author_id', eyes)} and ${visiblePost('p', eyes)} and ${narrowed(narrow)}
    order by ${order('p.id', ask)} limit ${ask.limit + 1}`.execute(on)
  return rows
}

const tabs: Record<AccountTab | 'everything', ReturnType<typeof sql>> = {
  posts: sql`(p.reply_to_id is null or p.reply_to_author_id = p.author_id)`,
  replies: sql`p.reply_to_id is not null`,
  media: sql`p.media_count > 0 and p.media_kinds && '{image,animation,video}'::text[]`,
  music: sql`p.media_count > 0 and p.media_kinds && '{audio}'::text[]`,
  everything: sql`true`,
}

/** One person's posts; their own waiting ones too, when they look themselves. */
export async function selectOfAccount(on: Queries, accountId: AccountId, tab: AccountTab | 'everything', eyes: Eyes, ask: CleanAsk, narrow: Narrow = {}): Promise<Line[]> {
  const part = (state: ReturnType<typeof sql>) => sql`(select p.id as key, p.id, coalesce(p.boost_of_id, p.id) as original, p.author_id from posts p
    where p.author_id = ${accountId} and p.deleted_at is null and ${state} and ${tabs[tab]} and ${narrowed(narrow)} and ${within('p.id', ask)} and ${visiblePost('p', eyes)}
    order by ${order('p.id', ask)} limit ${ask.limit + 1})`
  const published = part(sql`p.state = 'published'`)
  const { rows } = await (eyes.readerId === accountId
    ? sql<Line>`select * from (${published} union all ${part(sql`p.state in ('processing', 'held')`)}) both_parts order by ${order('id', ask)} limit ${ask.limit + 1}`
    : sql<Line>`${published}`).execute(on)
  return rows
}

export async function selectPinned(on: Queries, accountId: AccountId, eyes: Eyes): Promise<PostId[]> {
  const { rows } = await sql<{ id: PostId }>`select p.id from posts p where p.author_id = ${accountId} and p.pinned_at is not null and p.deleted_at is null and ${visiblePost('p', eyes)} order by p.pinned_at desc limit 5`.execute(on)
  return rows.map((row) => row.id)
}

/** Posts with any of these tags and all of those, without the others. */
export async function selectTagged(on: Queries, tags: { any: string[]; all: string[]; none: string[] }, eyes: Eyes, ask: CleanAsk, narrow: Narrow = {}): Promise<Line[]> {
  const has = (name: ReturnType<typeof sql>) => sql`exists (select 1 from post_tags x join tags n on n.id = x.tag_id where x.post_id = p.id and n.name = ${name})`
  const from = tags.any.length === 1 ? sql`tags t join post_tags pt on pt.tag_id = t.id join posts p on p.id = pt.post_id`
    : sql`(select distinct x.post_id from tags t join post_tags x on x.tag_id = t.id where t.name = any(${tags.any}::text[]) and ${within('x.post_id', ask)}) pt join posts p on p.id = pt.post_id`
  const { rows } = await sql<Line>`select p.id as key, p.id, p.id as original, p.author_id from ${from}
    where ${tags.any.length === 1 ? sql`t.name = ${tags.any[0]}` : sql`true`} and ${sql.join([sql`true`, ...tags.all.map((name) => has(sql`${name}`))], sql` and `)} and ${tags.none.length ? sql`not ${has(sql`any(${tags.none}::text[])`)}` : sql`true`}
      and ${within('pt.post_id', ask)} and ${live} and not p.limited and p.audience in ('public', 'members') and ${notHidden('p.author_id', eyes)} and ${visiblePost('p', eyes)} and ${narrowed(narrow)}
    order by ${order('pt.post_id', ask)} limit ${ask.limit + 1}`.execute(on)
  return rows
}

/** Posts that show one of these cards. */
export async function selectLinking(on: Queries, cardIds: string[], eyes: Eyes, ask: CleanAsk): Promise<Line[]> {
  const { rows } = await sql<Line>`select p.id as key, p.id, p.id as original, p.author_id from post_cards pc join posts p on p.id = pc.post_id
    where pc.card_id = any(${cardIds}::bigint[]) and ${within('pc.post_id', ask)} and ${live} and p.audience in ('public', 'members') and ${notHidden('p.author_id', eyes)} and ${visiblePost('p', eyes)}
    order by ${order('pc.post_id', ask)} limit ${ask.limit + 1}`.execute(on)
  return rows
}

/** What somebody liked or bookmarked, the newest act first. */
export async function selectKept(on: Queries, table: 'likes' | 'bookmarks', me: AccountId, eyes: Eyes, ask: CleanAsk): Promise<Line[]> {
  const { rows } = await sql<Line>`select k.id as key, p.id, p.id as original, p.author_id from ${sql.table(table)} k join posts p on p.id = k.post_id
    where k.account_id = ${me} and ${within('k.id', ask)} and ${visiblePost('p', eyes)}
    order by ${order('k.id', ask)} limit ${ask.limit + 1}`.execute(on)
  return rows
}
