import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** False when it was there. Waits for another reaction to the same announcement. */
export async function insertReaction(tx: Tx, announcementId: string, accountId: string, name: string, at: Date): Promise<boolean> {
  await sql`select 1 from announcements where id = ${announcementId} for no key update`.execute(tx)
  const { rows } = await sql`insert into announcement_reactions (announcement_id, account_id, name, created_at) values (${announcementId}, ${accountId}, ${name}, ${at}) on conflict do nothing returning 1`.execute(tx)
  return rows.length > 0
}

export async function deleteReaction(tx: Tx, announcementId: string, accountId: string, name: string): Promise<boolean> {
  const { rows } = await sql`delete from announcement_reactions where announcement_id = ${announcementId} and account_id = ${accountId} and name = ${name} returning 1`.execute(tx)
  return rows.length > 0
}

export async function countNames(tx: Tx, announcementId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(distinct name)::int as n from announcement_reactions where announcement_id = ${announcementId}`.execute(tx)
  return rows[0]?.n ?? 0
}

export async function selectReactions(on: Queries, announcementIds: string[], viewerId: string | null): Promise<{ announcement_id: string; name: string; count: number; me: boolean }[]> {
  const { rows } = await sql<{ announcement_id: string; name: string; count: number; me: boolean }>`select announcement_id, name, count(*)::int as count, coalesce(bool_or(account_id = ${viewerId}::bigint), false) as me
    from announcement_reactions where announcement_id = any(${announcementIds}::bigint[]) group by announcement_id, name order by announcement_id, min(created_at), name`.execute(on)
  return rows
}

export async function deleteReactionsOf(on: Queries, accountId: string): Promise<void> {
  await sql`delete from announcement_reactions where account_id = ${accountId}`.execute(on)
}
