import type { AccountId } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import { visiblePost } from '#server/domain/posts/index.ts'
import type { Reader } from '#server/domain/posts/index.ts'
import { accountWithheldIn } from '#server/domain/withholding/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { TagView } from './types.ts'

export type Eyes = Reader

/** '%', '_' and '\' stand for themselves. */
const like = (text: string) => text.replace(/[\\%_]/g, '\\$&')

const shown = (eyes: Eyes) => sql`a.state = 'active' and not ${accountWithheldIn('a.id', eyes.country)}
  and not exists (select 1 from blocks b where b.blocker_id = ${eyes.readerId}::bigint and b.blocked_id = a.id)
  and not exists (select 1 from blocks b where b.blocker_id = a.id and b.blocked_id = ${eyes.readerId}::bigint)`

/** People by name: the exact name first, then names that begin so, then the most alike. Slips of the finger are forgiven. */
export async function selectPeople(on: Queries, q: string, eyes: Eyes, limit: number): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`
    with q as (select search_fold(${q}) as text)
    select a.id from accounts a, q
    where ${shown(eyes)} and (a.discoverable or a.username_key = ${q} or a.id = ${eyes.readerId}::bigint)
      and (search_fold(a.username || ' ' || a.display_name) like '%' || search_fold(${like(q)}) || '%' or q.text <% search_fold(a.username || ' ' || a.display_name))
    order by a.username_key = ${q} desc,
      search_fold(a.username || ' ' || a.display_name) like search_fold(${like(q)}) || '%' or search_fold(a.display_name) like search_fold(${like(q)}) || '%' desc,
      word_similarity(q.text, search_fold(a.username || ' ' || a.display_name)) desc, a.followers_count desc, a.id
    limit ${limit}`.execute(on)
  return rows.map((row) => row.id)
}

/** People whose name begins like this, those one follows first. For the composer. */
export async function selectPeopleByPrefix(on: Queries, prefix: string, eyes: Eyes, limit: number): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`
    select a.id from accounts a
    where ${shown(eyes)} and search_fold(a.username || ' ' || a.display_name) like '%' || search_fold(${like(prefix)}) || '%'
      and (a.username_key like ${like(prefix)} || '%' or (' ' || search_fold(a.username || ' ' || a.display_name)) like '% ' || search_fold(${like(prefix)}) || '%')
    order by exists (select 1 from follows f where f.follower_id = ${eyes.readerId}::bigint and f.followed_id = a.id and f.state = 'accepted') desc,
      a.username_key like ${like(prefix)} || '%' desc, a.followers_count desc, a.id
    limit ${limit}`.execute(on)
  return rows.map((row) => row.id)
}

const wordsIn = (variants: string[], table: 'p' | 'm' = 'p') => sql.join(variants.map((variant) => sql`${sql.ref(`${table}.search`)} @@ websearch_to_tsquery('simple', search_fold(${variant}))`), sql` or `)
const within = (ask: CleanAsk) => ask.before ? sql`p.id < ${ask.before}::bigint` : ask.after ? sql`p.id > ${ask.after}::bigint` : sql`true`
const byAge = (ask: CleanAsk) => ask.after ? sql`p.id asc` : sql`p.id desc`
const published = (eyes: Eyes, hidden: AccountId[]) => sql`p.state = 'published' and p.author_id <> all(${hidden}::bigint[]) and ${visiblePost('p', eyes)}`

/**
 * Posts with these words among the `depth` that come next by age. A word that many use is found there, at a price that doesn't grow with the
 * community; an index would have to give all of its posts, to be put in order.
 */
export async function selectPostsNear(on: Queries, variants: string[], eyes: Eyes, hidden: AccountId[], ask: CleanAsk, depth: number): Promise<PostId[]> {
  const { rows } = await sql<{ id: PostId }>`
    with near as materialized (select p.id, p.search, p.media_count from posts p where p.deleted_at is null and p.boost_of_id is null and ${within(ask)} order by ${byAge(ask)} limit ${depth}),
    found as materialized (select p.id from near p where (${wordsIn(variants)}) or (p.media_count > 0 and exists (select from media m where m.post_id = p.id and (${wordsIn(variants, 'm')}))))
    select p.id from found join posts p on p.id = found.id where ${published(eyes, hidden)} order by ${byAge(ask)} limit ${ask.limit + 1}`.execute(on)
  return rows.map((row) => row.id)
}

/** Posts with these words, in their text or in what was written about their media, newest first; `variants` are the same words as people write them (Arabic letters), `byPart` is also looked for inside of words. */
export async function selectPosts(on: Queries, variants: string[], byPart: string | null, eyes: Eyes, hidden: AccountId[], ask: CleanAsk): Promise<PostId[]> {
  const part = byPart === null ? sql`false` : sql`search_fold(p.text) like '%' || search_fold(${like(byPart)}) || '%'`
  const withinMedia = ask.before ? sql`m.post_id < ${ask.before}::bigint` : ask.after ? sql`m.post_id > ${ask.after}::bigint` : sql`true`
  const { rows } = await sql<{ id: PostId }>`
    with written as materialized (select p.id from posts p where p.deleted_at is null and p.boost_of_id is null and (${wordsIn(variants)} or ${part}) and ${within(ask)} order by ${byAge(ask)} limit 2000),
    described as materialized (select distinct m.post_id as id from media m where m.post_id is not null and (${wordsIn(variants, 'm')}) and ${withinMedia}
      order by ${ask.after ? sql`m.post_id asc` : sql`m.post_id desc`} limit 2000),
    found as (select id from written union select id from described)
    select p.id from found join posts p on p.id = found.id where ${published(eyes, hidden)} order by ${byAge(ask)} limit ${ask.limit + 1}`.execute(on)
  return rows.map((row) => row.id)
}

/** Tags that contain this or are much like it; how many posts of a wide circle use each, counted up to 1,000. */
export async function selectTags(on: Queries, q: string, prefixOnly: boolean, readerId: AccountId | null, limit: number): Promise<TagView[]> {
  const wide = readerId === null ? sql`p.audience = 'public'` : sql`p.audience in ('public', 'members')`
  const begins = sql`search_fold(t.name) like search_fold(${like(q)}) || '%'`
  const matches = prefixOnly ? begins : sql`(search_fold(t.name) like '%' || search_fold(${like(q)}) || '%' or search_fold(t.name) % search_fold(${q}))`
  const { rows } = await sql<TagView>`
    select t.name, t.display_name as "displayName", used.posts from tags t cross join lateral (
      select count(*)::int as posts from (select 1 from post_tags pt join posts p on p.id = pt.post_id
        where pt.tag_id = t.id and p.deleted_at is null and p.state = 'published' and ${wide} limit 1000) one) used
    where t.hidden_at is null and used.posts > 0 and ${matches}
    order by t.name = ${q} desc, ${begins} desc, used.posts desc, t.name limit ${limit}`.execute(on)
  return rows
}
