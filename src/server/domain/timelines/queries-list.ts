import type { AccountId } from '#server/domain/accounts/index.ts'
import type { ListView } from '#server/domain/lists/index.ts'
import { visiblePost } from '#server/domain/posts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { Eyes, Line } from './queries.ts'
import { inLanguages, live, notHidden, order, within } from './queries.ts'

/** Which answers the list `l` shows: to its owner and to oneself always. */
const answers = sql`(p.reply_to_id is null or p.reply_to_author_id in (p.author_id, l.account_id)
  or l.replies_policy = 'followed' and exists (select 1 from follows r where r.follower_id = l.account_id and r.followed_id = p.reply_to_author_id and r.state = 'accepted' offset 0)
  or l.replies_policy = 'list' and exists (select 1 from list_members r where r.list_id = l.id and r.account_id = p.reply_to_author_id offset 0))`

/** The newest posts of each member of a list, merged. */
export async function selectList(on: Queries, me: AccountId, list: ListView, eyes: Eyes, ask: CleanAsk): Promise<Line[]> {
  const { rows } = await sql<Line>`
    with everything as materialized (
      select newest.id from lists l join list_members m on m.list_id = l.id
      join follows f on f.follower_id = l.account_id and f.followed_id = m.account_id and f.state = 'accepted' and ${notHidden('m.account_id', eyes)}
      cross join lateral (
        select p.id from posts p where p.author_id = m.account_id and ${live} and ${within('p.id', ask)} and ${answers} and ${inLanguages('f')}
          and (p.audience <> 'mentioned' or exists (select 1 from post_mentions n where n.post_id = p.id and n.account_id = ${me} offset 0))
          and (p.boost_of_id is null or f.show_boosts) and ${visiblePost('p', eyes)}
          and (p.boost_of_id is null or not exists (select 1 from posts o where o.id = p.boost_of_id and o.author_id = any(${eyes.hidden}::bigint[])))
        order by ${order('p.id', ask)} limit ${ask.limit + 1}) newest
      where l.id = ${list.id} and l.account_id = ${me})
    select p.id as key, p.id, coalesce(p.boost_of_id, p.id) as original, p.author_id from everything e join posts p on p.id = e.id order by ${order('p.id', ask)} limit ${ask.limit + 1}`.execute(on)
  return rows
}

/** Which of these lists the post comes to, by their rules; whether their owners may see it is asked apart. */
export async function selectListsOfPost(on: Queries, postId: string, listIds: string[], now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select l.id::text as id from posts p left join posts o on o.id = p.boost_of_id
    join list_members m on m.account_id = p.author_id and m.list_id = any(${listIds}::bigint[]) join lists l on l.id = m.list_id
    join follows f on f.follower_id = l.account_id and f.followed_id = m.account_id and f.state = 'accepted'
    where p.id = ${postId} and ${live} and ${answers} and ${inLanguages('f')} and (p.boost_of_id is null or f.show_boosts)
      and not exists (select 1 from mutes u where u.muter_id = l.account_id and (u.muted_id = p.author_id or u.muted_id = o.author_id) and (u.expires_at is null or u.expires_at > ${now}))`.execute(on)
  return rows.map((row) => row.id)
}

/** Posts for named people that this member wrote, or is named in. */
export async function selectDirect(on: Queries, me: AccountId, eyes: Eyes, ask: CleanAsk): Promise<Line[]> {
  const { rows } = await sql<Line>`
    with mine as (select p.id from posts p where p.author_id = ${me} and p.audience = 'mentioned' and ${live} and ${within('p.id', ask)} order by ${order('p.id', ask)} limit ${ask.limit + 1}),
    named as (select p.id from post_mentions m join posts p on p.id = m.post_id where m.account_id = ${me} and p.audience = 'mentioned' and ${live} and ${within('m.post_id', ask)} and ${notHidden('p.author_id', eyes)} and ${visiblePost('p', eyes)}
      order by ${order('m.post_id', ask)} limit ${ask.limit + 1})
    select p.id as key, p.id, p.id as original, p.author_id from (select id from mine union select id from named) x join posts p on p.id = x.id order by ${order('p.id', ask)} limit ${ask.limit + 1}`.execute(on)
  return rows
}
