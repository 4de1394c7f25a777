import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { ListId, ListView, RepliesPolicy } from './types.ts'

const columns = sql.raw('l.id, l.title, l.replies_policy as "repliesPolicy", l.exclusive')

export async function selectLists(on: Queries | Tx, ownerId: AccountId, id: ListId | null = null): Promise<ListView[]> {
  const { rows } = await sql<ListView>`select ${columns} from lists l where l.account_id = ${ownerId} and (${id}::bigint is null or l.id = ${id}::bigint) order by l.id`.execute(on)
  return rows
}

export async function selectListsWith(on: Queries, ownerId: AccountId, accountId: AccountId): Promise<ListView[]> {
  const { rows } = await sql<ListView>`select ${columns} from lists l join list_members m on m.list_id = l.id where m.owner_id = ${ownerId} and m.account_id = ${accountId} order by l.id`.execute(on)
  return rows
}

/** Waits for another change of the owner's lists. */
export async function countLists(tx: Tx, ownerId: AccountId): Promise<number> {
  await sql`select 1 from accounts where id = ${ownerId} for no key update`.execute(tx)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from lists where account_id = ${ownerId}`.execute(tx)
  return rows[0]?.n ?? 0
}

export async function insertList(tx: Tx, ownerId: AccountId, list: ListView, at: Date): Promise<void> {
  await tx.insertInto('lists').values({ id: list.id, account_id: ownerId, title: list.title, replies_policy: list.repliesPolicy, exclusive: list.exclusive, created_at: at }).execute()
}

export async function updateList(tx: Tx, id: ListId, list: { title: string; repliesPolicy: RepliesPolicy; exclusive: boolean }): Promise<void> {
  await tx.updateTable('lists').set({ title: list.title, replies_policy: list.repliesPolicy, exclusive: list.exclusive }).where('id', '=', id).execute()
}

export async function deleteList(on: Tx, ownerId: AccountId, id: ListId): Promise<boolean> {
  const { numDeletedRows } = await on.deleteFrom('lists').where('account_id', '=', ownerId).where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

export async function deleteLists(on: Tx, ownerId: AccountId): Promise<void> {
  await on.deleteFrom('lists').where('account_id', '=', ownerId).execute()
}

/** How many of these people the owner follows, or asked to. */
export async function countFollowed(tx: Tx, ownerId: AccountId, ids: AccountId[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from follows where follower_id = ${ownerId} and followed_id = any(${ids}::bigint[])`.execute(tx)
  return rows[0]?.n ?? 0
}

export async function countMembers(tx: Tx, listId: ListId): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from list_members where list_id = ${listId}`.execute(tx)
  return rows[0]?.n ?? 0
}

export async function insertMembers(tx: Tx, listId: ListId, ownerId: AccountId, rows: { id: string; account_id: AccountId }[]): Promise<void> {
  await tx.insertInto('list_members').values(rows.map((row) => ({ ...row, list_id: listId, owner_id: ownerId }))).onConflict((conflict) => conflict.columns(['list_id', 'account_id']).doNothing()).execute()
}

export async function deleteMembers(tx: Tx, listId: ListId, ids: AccountId[]): Promise<void> {
  await sql`delete from list_members where list_id = ${listId} and account_id = any(${ids}::bigint[])`.execute(tx)
}

export async function selectMembers(on: Queries, listId: ListId, ask: CleanAsk): Promise<{ key: string; account_id: AccountId }[]> {
  const { rows } = await sql<{ key: string; account_id: AccountId }>`select m.id as key, m.account_id from list_members m join accounts a on a.id = m.account_id and a.state in ('active', 'limited')
    where m.list_id = ${listId} and (${ask.before}::bigint is null or m.id < ${ask.before}::bigint) and (${ask.after}::bigint is null or m.id > ${ask.after}::bigint)
    order by ${ask.after ? sql`m.id asc` : sql`m.id desc`} limit ${ask.limit + 1}`.execute(on)
  return rows
}
