import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { FollowedTag } from './types.ts'

/** One line of a list of people: `key` is the cursor. */
export type ListRow = { key: string; account_id: AccountId }

export const range = (ask: CleanAsk) => sql`(${ask.before}::bigint is null or key < ${ask.before}::bigint) and (${ask.after}::bigint is null or key > ${ask.after}::bigint)
  order by ${ask.after ? sql`key asc` : sql`key desc`} limit ${ask.limit + 1}`

/** People that are gone, or in a block with the viewer, are not listed. */
export const shown = (viewerId: AccountId | null) => sql`exists (select 1 from accounts a where a.id = account_id and a.state in ('active', 'limited'))
  and not exists (select 1 from blocks b where b.blocker_id = ${viewerId}::bigint and b.blocked_id = account_id)
  and not exists (select 1 from blocks b where b.blocker_id = account_id and b.blocked_id = ${viewerId}::bigint)`

export async function selectFollowers(on: Queries, accountId: AccountId, state: 'accepted' | 'requested', viewerId: AccountId | null, ask: CleanAsk): Promise<ListRow[]> {
  const { rows } = await sql<ListRow>`select key, account_id from (select id as key, follower_id as account_id from follows where followed_id = ${accountId} and state = ${state}) l
    where ${shown(viewerId)} and ${range(ask)}`.execute(on)
  return rows
}

export async function selectFollowing(on: Queries, accountId: AccountId, viewerId: AccountId | null, ask: CleanAsk): Promise<ListRow[]> {
  const { rows } = await sql<ListRow>`select key, account_id from (select id as key, followed_id as account_id from follows where follower_id = ${accountId} and state = 'accepted') l
    where ${shown(viewerId)} and ${range(ask)}`.execute(on)
  return rows
}

export async function selectMuted(on: Queries, muterId: AccountId, now: Date, ask: CleanAsk): Promise<ListRow[]> {
  const { rows } = await sql<ListRow>`select key, account_id from (select id as key, muted_id as account_id from mutes where muter_id = ${muterId} and (expires_at is null or expires_at > ${now})) l where ${range(ask)}`.execute(on)
  return rows
}

export async function selectBlocked(on: Queries, blockerId: AccountId, ask: CleanAsk): Promise<ListRow[]> {
  const { rows } = await sql<ListRow>`select key, account_id from (select id as key, blocked_id as account_id from blocks where blocker_id = ${blockerId}) l where ${range(ask)}`.execute(on)
  return rows
}

export async function upsertTagFollow(tx: Tx, accountId: AccountId, tag: { id: string; name: string; displayName: string }): Promise<void> {
  await sql`insert into tags (id, name, display_name) values (${tag.id}, ${tag.name}, ${tag.displayName}) on conflict (name) do nothing`.execute(tx)
  await sql`insert into tag_follows (account_id, tag_id) select ${accountId}::bigint, id from tags where name = ${tag.name} on conflict do nothing`.execute(tx)
}

export async function deleteTagFollow(on: Queries, accountId: AccountId, name: string): Promise<void> {
  await sql`delete from tag_follows where account_id = ${accountId} and tag_id = (select id from tags where name = ${name})`.execute(on)
}

export async function selectFollowedTags(on: Queries, accountId: AccountId): Promise<FollowedTag[]> {
  const { rows } = await sql<FollowedTag>`select t.name, t.display_name as "displayName" from tag_follows f join tags t on t.id = f.tag_id where f.account_id = ${accountId} order by t.name limit 500`.execute(on)
  return rows
}
