import type { AccountId, AccountState, Preferences } from '#server/domain/accounts/index.ts'
import type { PostFacts } from '#server/domain/posts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type HearerRow = PostFacts & { id: AccountId; account_state: AccountState; preferences: Preferences }

/** What `visibleTo` needs to know of a post (and of what it boosts) for each of these people: a row a person and post. */
export async function selectHearers(on: Queries, postId: string, ids: string[]): Promise<HearerRow[]> {
  const { rows } = await sql<HearerRow>`
    select v.id, v.state as account_state, v.preferences, 'adults' = any(p.marks) as "adultsOnly", p.author_id as "authorId", a.state as "authorState", p.audience, p.state, p.deleted_at is not null as deleted,
      exists (select 1 from post_mentions m where m.post_id = p.id and m.account_id = v.id) as "mentionsViewer",
      exists (select 1 from follows f where f.follower_id = v.id and f.followed_id = p.author_id and f.state = 'accepted') as "followsAuthor",
      exists (select 1 from blocks b where b.blocker_id = v.id and b.blocked_id = p.author_id) or exists (select 1 from blocks b where b.blocker_id = p.author_id and b.blocked_id = v.id) as "blockBetween", false as withheld
    from posts s join posts p on p.id = s.id or p.id = s.boost_of_id join accounts a on a.id = p.author_id
    cross join accounts v where s.id = ${postId} and v.id = any(${ids}::bigint[])`.execute(on)
  return rows
}

/** Whose home among these people the post comes to, by the rules of the home timeline; whether they may see it is asked apart. */
export async function selectHomes(on: Queries, postId: string, ids: string[], now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select v.id::text as id from posts p left join posts o on o.id = p.boost_of_id cross join unnest(${ids}::bigint[]) as v (id)
    where p.id = ${postId} and p.author_id <> v.id
      and not exists (select 1 from mutes m where m.muter_id = v.id and (m.muted_id = p.author_id or m.muted_id = o.author_id) and (m.expires_at is null or m.expires_at > ${now}))
      and (exists (select 1 from follows f where f.follower_id = v.id and f.followed_id = p.author_id and f.state = 'accepted' and (p.boost_of_id is null or f.show_boosts)
          and (f.languages is null or p.language is null or split_part(p.language, '-', 1) = any(f.languages))
          and not exists (select 1 from list_members lm join lists l on l.id = lm.list_id where lm.owner_id = v.id and lm.account_id = p.author_id and l.exclusive)
          and (p.reply_to_id is null or p.reply_to_author_id in (p.author_id, v.id)
            or exists (select 1 from follows r where r.follower_id = v.id and r.followed_id = p.reply_to_author_id and r.state = 'accepted')))
        or (p.reply_to_id is null and p.boost_of_id is null and p.audience in ('public', 'members')
          and exists (select 1 from post_tags pt join tag_follows t on t.tag_id = pt.tag_id where pt.post_id = p.id and t.account_id = v.id)))`.execute(on)
  return rows.map((row) => row.id)
}
