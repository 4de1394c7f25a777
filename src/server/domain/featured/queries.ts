import type { AccountId } from '#server/domain/accounts/index.ts'
import { visiblePost } from '#server/domain/posts/index.ts'
import type { Reader } from '#server/domain/posts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type FeaturedRow = { id: string; name: string; display_name: string; posts_count: number; last_post_at: Date | null }

export async function selectFeatured(on: Queries, accountId: AccountId, eyes: Reader): Promise<FeaturedRow[]> {
  const { rows } = await sql<FeaturedRow>`select f.id, t.name, t.display_name, used.posts_count, used.last_post_at from featured_tags f join tags t on t.id = f.tag_id cross join lateral (
      select count(*)::int as posts_count, max(p.created_at) as last_post_at from post_tags pt join posts p on p.id = pt.post_id
      where pt.author_id = f.account_id and pt.tag_id = f.tag_id and p.deleted_at is null and p.state = 'published' and p.audience in ('public', 'members') and ${visiblePost('p', eyes)}) used
    where f.account_id = ${accountId} order by f.id`.execute(on)
  return rows
}

/** False when it is there already; new tags are made. */
export async function insertFeatured(tx: Tx, accountId: AccountId, tag: { id: string; tagId: string; name: string; displayName: string }, at: Date): Promise<boolean> {
  await sql`select 1 from accounts where id = ${accountId} for no key update`.execute(tx)
  await sql`insert into tags (id, name, display_name) values (${tag.tagId}, ${tag.name}, ${tag.displayName}) on conflict (name) do nothing`.execute(tx)
  const { rows } = await sql`insert into featured_tags (id, account_id, tag_id, created_at) select ${tag.id}, ${accountId}::bigint, id, ${at}::timestamptz from tags where name = ${tag.name} on conflict do nothing returning 1`.execute(tx)
  return rows.length > 0
}

export async function countFeatured(tx: Tx, accountId: AccountId): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from featured_tags where account_id = ${accountId}`.execute(tx)
  return rows[0]?.n ?? 0
}

export async function deleteFeatured(on: Queries, accountId: AccountId, which: { id: string } | { name: string }): Promise<boolean> {
  const one = 'id' in which ? sql`id = ${which.id}` : sql`tag_id = (select id from tags where name = ${which.name})`
  const { rows } = await sql`delete from featured_tags where account_id = ${accountId} and ${one} returning 1`.execute(on)
  return rows.length > 0
}

export async function deleteFeaturedOf(on: Queries, accountId: AccountId): Promise<void> {
  await sql`delete from featured_tags where account_id = ${accountId}`.execute(on)
}

/** The tags somebody used most in their latest posts for everybody, without those that are shown already. */
export async function selectUsedTags(on: Queries, accountId: AccountId, most: number): Promise<{ name: string; displayName: string }[]> {
  const { rows } = await sql<{ name: string; displayName: string }>`select t.name, t.display_name as "displayName" from (
      select pt.tag_id from post_tags pt join posts p on p.id = pt.post_id where pt.author_id = ${accountId} and p.deleted_at is null and p.state = 'published' and p.audience in ('public', 'members') order by pt.post_id desc limit 1000) used
    join tags t on t.id = used.tag_id where not exists (select 1 from featured_tags f where f.account_id = ${accountId} and f.tag_id = t.id)
    group by t.id order by count(*) desc, t.id desc limit ${most}`.execute(on)
  return rows
}
