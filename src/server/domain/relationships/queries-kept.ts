import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { ListRow } from './queries-lists.ts'
import { range, shown } from './queries-lists.ts'

/** An empty note is none. */
export async function upsertNote(on: Queries, accountId: AccountId, aboutId: AccountId, note: string, at: Date): Promise<void> {
  await (note
    ? sql`insert into account_notes (account_id, about_id, note, updated_at) values (${accountId}, ${aboutId}, ${note}, ${at}) on conflict (account_id, about_id) do update set note = excluded.note, updated_at = excluded.updated_at`
    : sql`delete from account_notes where account_id = ${accountId} and about_id = ${aboutId}`).execute(on)
}

/** Locks the account's row, so that two at once are counted one after the other. */
export async function countEndorsed(tx: Tx, accountId: AccountId): Promise<number> {
  await sql`select 1 from accounts where id = ${accountId} for no key update`.execute(tx)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from endorsements where account_id = ${accountId}`.execute(tx)
  return rows[0]?.n ?? 0
}

export async function insertEndorsement(tx: Tx, id: string, accountId: AccountId, endorsedId: AccountId, at: Date): Promise<void> {
  await sql`insert into endorsements (id, account_id, endorsed_id, created_at)
    select ${id}, follower_id, followed_id, ${at}::timestamptz from follows where follower_id = ${accountId} and followed_id = ${endorsedId} and state = 'accepted' on conflict do nothing`.execute(tx)
}

export async function deleteEndorsement(on: Queries, accountId: AccountId, endorsedId: AccountId): Promise<void> {
  await sql`delete from endorsements where account_id = ${accountId} and endorsed_id = ${endorsedId}`.execute(on)
}

export async function selectEndorsed(on: Queries, accountId: AccountId, viewerId: AccountId | null, ask: CleanAsk): Promise<ListRow[]> {
  const { rows } = await sql<ListRow>`select key, account_id from (select id as key, endorsed_id as account_id from endorsements where account_id = ${accountId}) l where ${shown(viewerId)} and ${range(ask)}`.execute(on)
  return rows
}

/** A row an account and follower whom the viewer follows, the latest follows first. */
export async function selectFamiliar(on: Queries, viewerId: AccountId, ids: AccountId[], each: number): Promise<{ followed_id: AccountId; account_id: AccountId }[]> {
  const { rows } = await sql<{ followed_id: AccountId; account_id: AccountId }>`select x.id::text as followed_id, f.account_id from unnest(${ids}::bigint[]) as x (id) cross join lateral (
      select account_id from (select theirs.follower_id as account_id, theirs.id as key from follows theirs
        join follows mine on mine.follower_id = ${viewerId} and mine.followed_id = theirs.follower_id and mine.state = 'accepted'
        where theirs.followed_id = x.id and theirs.state = 'accepted' and theirs.follower_id <> ${viewerId}) l
      where ${shown(viewerId)} order by key desc limit ${each}) f`.execute(on)
  return rows
}
