import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { ConversationId } from './types.ts'

/** Everybody in the post `p`: its author and whom it names. */
const parties = (p: string) => sql`select ${sql.ref(`${p}.author_id`)} as id union select m.account_id from post_mentions m where m.post_id = ${sql.ref(`${p}.id`)}`

export type Said = { thread_id: string; author_id: AccountId; party_ids: AccountId[]; hearing_ids: AccountId[] }

/** A published post for named people; `hearing`: who muted neither its author nor its thread. Undefined for any other post. */
export async function selectSaid(on: Queries, postId: string, now: Date): Promise<Said | undefined> {
  const { rows } = await sql<Said>`select coalesce(p.thread_id, p.id)::text as thread_id, p.author_id, array(select x.id::text from (${parties('p')}) x order by x.id) as party_ids,
      array(select x.id::text from (${parties('p')}) x where x.id <> p.author_id
        and not exists (select 1 from mutes u where u.muter_id = x.id and u.muted_id = p.author_id and (u.expires_at is null or u.expires_at > ${now}))
        and not exists (select 1 from thread_mutes t where t.account_id = x.id and t.thread_id = coalesce(p.thread_id, p.id))) as hearing_ids
    from posts p where p.id = ${postId} and p.audience = 'mentioned' and p.boost_of_id is null and p.deleted_at is null and p.state = 'published'`.execute(on)
  return rows[0]
}

export type Row = { id: ConversationId; account_id: AccountId; thread_id: string; participant_ids: AccountId[]; last_post_id: string; unread: boolean }

/** Writes these rows, or moves those that are there on to the newer post; a post that was noted before changes nothing. */
export async function upsertConversations(tx: Tx, rows: Row[]): Promise<{ id: ConversationId; account_id: AccountId }[]> {
  const { rows: noted } = await sql<{ id: ConversationId; account_id: AccountId }>`
    insert into conversations as c (id, account_id, thread_id, participant_ids, last_post_id, unread)
    select n.id, n.account_id, n.thread_id, n.participant_ids, n.last_post_id, n.unread
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (id bigint, account_id bigint, thread_id bigint, participant_ids bigint[], last_post_id bigint, unread boolean)
    join accounts a on a.id = n.account_id and a.state in ('active', 'limited')
    on conflict (account_id, thread_id, participant_ids) do update set last_post_id = excluded.last_post_id, unread = excluded.unread, removed = false
      where excluded.last_post_id > c.last_post_id
    returning id, account_id`.execute(tx)
  return noted
}

/** An edit that named others made another set of people: rows of the former set that end in this post find their last one before. */
export async function settleConversations(tx: Tx, postId: string): Promise<{ id: ConversationId; account_id: AccountId }[]> {
  const others = (p: string) => sql`array(select x.id from (${parties(p)}) x where x.id <> c.account_id order by x.id)`
  const said = (p: string) => sql`${sql.ref(`${p}.audience`)} = 'mentioned' and ${sql.ref(`${p}.deleted_at`)} is null and ${sql.ref(`${p}.state`)} = 'published'`
  const { rows } = await sql<{ id: ConversationId; account_id: AccountId; before: string | null }>`
    select c.id, c.account_id, (select max(p.id)::text from posts p where p.thread_id = c.thread_id and ${said('p')} and (p.author_id = c.account_id or exists (select 1 from post_mentions m where m.post_id = p.id and m.account_id = c.account_id)) and ${others('p')} = c.participant_ids) as before
    from conversations c where c.last_post_id = ${postId} for no key update of c`.execute(tx)
  const changed = rows.filter((row) => row.before !== postId)
  const gone = changed.filter((row) => row.before === null).map((row) => row.id)
  if (gone.length) await sql`delete from conversations where id = any(${gone}::bigint[])`.execute(tx)
  const back = changed.filter((row) => row.before !== null)
  if (back.length) await sql`update conversations c set last_post_id = x.before, unread = false from unnest(${back.map((row) => row.id)}::bigint[], ${back.map((row) => row.before)}::bigint[]) as x (id, before) where c.id = x.id`.execute(tx)
  return changed
}

export type ListRow = { id: ConversationId; last_post_id: string; participant_ids: AccountId[]; unread: boolean }

export async function selectConversations(on: Queries, accountId: AccountId, ask: CleanAsk): Promise<ListRow[]> {
  const { rows } = await sql<ListRow>`select c.id, c.last_post_id, array(select unnest(c.participant_ids)::text) as participant_ids, c.unread from conversations c
    where c.account_id = ${accountId} and not c.removed and ${ask.before ? sql`c.last_post_id < ${ask.before}::bigint` : ask.after ? sql`c.last_post_id > ${ask.after}::bigint` : sql`true`}
    order by c.last_post_id ${ask.after ? sql`asc` : sql`desc`}, c.id limit ${ask.limit + 1}`.execute(on)
  return rows
}

export async function selectConversation(on: Queries, accountId: AccountId, id: ConversationId): Promise<ListRow | undefined> {
  const { rows } = await sql<ListRow>`select c.id, c.last_post_id, array(select unnest(c.participant_ids)::text) as participant_ids, c.unread from conversations c where c.account_id = ${accountId} and c.id = ${id} and not c.removed`.execute(on)
  return rows[0]
}

export async function setUnread(tx: Tx, accountId: AccountId, id: ConversationId, unread: boolean): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('conversations').set({ unread }).where('account_id', '=', accountId).where('id', '=', id).where('removed', '=', false).executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function setRemoved(tx: Tx, accountId: AccountId, id: ConversationId): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('conversations').set({ removed: true, unread: false }).where('account_id', '=', accountId).where('id', '=', id).where('removed', '=', false).executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function countUnread(on: Queries, accountId: AccountId, most: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from (select 1 from conversations where account_id = ${accountId} and unread and not removed limit ${most}) x`.execute(on)
  return rows[0]?.n ?? 0
}

export async function deleteConversations(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.deleteFrom('conversations').where('account_id', '=', accountId).execute()
  await tx.deleteFrom('thread_mutes').where('account_id', '=', accountId).execute()
}
