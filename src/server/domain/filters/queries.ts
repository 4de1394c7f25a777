import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { FilterAction, FilterContext, FilteredPost, FilterId, FilterKeyword } from './types.ts'

export type FilterRow = { id: FilterId; title: string; contexts: FilterContext[]; action: FilterAction; expires_at: Date | null; keywords: FilterKeyword[]; posts: FilteredPost[] }

/** All filters of a member with their parts, oldest first; or one of them. */
export async function selectFilters(on: Queries | Tx, accountId: AccountId, id: FilterId | null = null): Promise<FilterRow[]> {
  const { rows } = await sql<FilterRow>`select f.id, f.title, f.contexts, f.action, f.expires_at,
      coalesce((select json_agg(json_build_object('id', k.id::text, 'keyword', k.keyword, 'wholeWord', k.whole_word) order by k.id) from filter_keywords k where k.filter_id = f.id), '[]') as keywords,
      coalesce((select json_agg(json_build_object('id', p.id::text, 'postId', p.post_id::text) order by p.id) from filter_posts p where p.filter_id = f.id), '[]') as posts
    from filters f where f.account_id = ${accountId} and (${id}::bigint is null or f.id = ${id}::bigint) order by f.id`.execute(on)
  return rows
}

/** Who of these has any filter at all. */
export async function selectFiltering(on: Queries, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select x.id::text as id from unnest(${ids}::bigint[]) as x (id) where exists (select 1 from filters f where f.account_id = x.id)`.execute(on)
  return rows.map((row) => row.id)
}

/** What a member has by now; waits for a change of theirs that is being made. */
export async function countFilters(tx: Tx, accountId: AccountId): Promise<{ filters: number; parts: number }> {
  await sql`select 1 from accounts where id = ${accountId} for no key update`.execute(tx)
  const { rows } = await sql<{ filters: number; parts: number }>`select count(*)::int as filters,
    coalesce(sum((select count(*) from filter_keywords k where k.filter_id = f.id) + (select count(*) from filter_posts p where p.filter_id = f.id)), 0)::int as parts from filters f where f.account_id = ${accountId}`.execute(tx)
  return rows[0]!
}

export type FilterPatch = { title: string; contexts: FilterContext[]; action: FilterAction; expires_at: Date | null }

export async function insertFilter(tx: Tx, accountId: AccountId, id: FilterId, row: FilterPatch, at: Date): Promise<void> {
  await tx.insertInto('filters').values({ ...row, id, account_id: accountId, created_at: at, updated_at: at }).execute()
}

export async function updateFilter(tx: Tx, id: FilterId, row: FilterPatch, at: Date): Promise<void> {
  await tx.updateTable('filters').set({ ...row, updated_at: at }).where('id', '=', id).execute()
}

export async function deleteFilter(tx: Tx, accountId: AccountId, id: FilterId): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('filters').where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

export async function deleteFilters(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.deleteFrom('filters').where('account_id', '=', accountId).execute()
}

export async function insertKeywords(tx: Tx, filterId: FilterId, rows: FilterKeyword[]): Promise<void> {
  if (rows.length) await tx.insertInto('filter_keywords').values(rows.map((row) => ({ id: row.id, filter_id: filterId, keyword: row.keyword, whole_word: row.wholeWord }))).execute()
}

export async function updateKeyword(tx: Tx, row: FilterKeyword): Promise<void> {
  await tx.updateTable('filter_keywords').set({ keyword: row.keyword, whole_word: row.wholeWord }).where('id', '=', row.id).execute()
}

export async function deleteKeywords(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length) await tx.deleteFrom('filter_keywords').where('id', 'in', ids).execute()
}

/** The id of the row for this post in the filter: the new one, or the one that is there. */
export async function insertFilteredPost(tx: Tx, id: string, filterId: FilterId, postId: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`insert into filter_posts (id, filter_id, post_id) values (${id}, ${filterId}, ${postId})
    on conflict (filter_id, post_id) do update set post_id = excluded.post_id returning id`.execute(tx)
  return rows[0]!.id
}

export async function deleteFilteredPost(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('filter_posts').where('id', '=', id).execute()
}

/** Whose filter a keyword or a filtered post is in. */
export async function selectFilterOf(on: Queries | Tx, accountId: AccountId, table: 'filter_keywords' | 'filter_posts', id: string): Promise<FilterId | undefined> {
  const { rows } = await sql<{ id: FilterId }>`select f.id from filters f join ${sql.table(table)} x on x.filter_id = f.id where x.id = ${id} and f.account_id = ${accountId}`.execute(on)
  return rows[0]?.id
}
