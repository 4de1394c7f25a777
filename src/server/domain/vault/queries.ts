import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { OpeningId, VaultFacts, VaultId } from './types.ts'

export type VaultRow = {
  id: VaultId; case_id: string | null; order_id: string | null; account_id: AccountId | null; category: string; scope: 'case' | 'account'; state: 'waiting' | 'sealed' | 'failed' | 'destroyed'; error: string; facts: VaultFacts
  sha256: Buffer | null; bytes: string | null; keep_until: Date; extended: boolean; hold: string; by_id: AccountId | null; created_at: Date; sealed_at: Date | null; destroyed_at: Date | null
}
/** Null where the case is sealed already. */
export async function insertItem(tx: Tx, row: Pick<VaultRow, 'id' | 'case_id' | 'order_id' | 'account_id' | 'category' | 'scope' | 'keep_until' | 'by_id' | 'created_at'>): Promise<VaultId | null> {
  const { rows } = await sql<{ id: VaultId }>`insert into vault_items (id, case_id, order_id, account_id, category, scope, keep_until, by_id, created_at)
    values (${row.id}, ${row.case_id}, ${row.order_id}, ${row.account_id}, ${row.category}, ${row.scope}, ${row.keep_until}, ${row.by_id}, ${row.created_at}) on conflict do nothing returning id`.execute(tx)
  return rows[0]?.id ?? null
}
/** What was sealed before an order came is kept for that order as well. */
export async function updateForOrder(tx: Tx, caseId: string, orderId: string, keepUntil: Date): Promise<void> {
  await sql`update vault_items set order_id = coalesce(order_id, ${orderId}::bigint), keep_until = greatest(keep_until, ${keepUntil}) where case_id = ${caseId} and state <> 'destroyed'`.execute(tx)
}
export async function selectItem(on: Queries | Tx, id: string): Promise<VaultRow | undefined> {
  const { rows } = await sql<VaultRow>`select * from vault_items where id = ${id}`.execute(on)
  return rows[0]
}
export async function lockItem(tx: Tx, id: string): Promise<VaultRow | undefined> {
  const { rows } = await sql<VaultRow>`select * from vault_items where id = ${id} for update`.execute(tx)
  return rows[0]
}
export async function selectItems(on: Queries, viewerId: AccountId, limit: number): Promise<VaultRow[]> {
  const { rows } = await sql<VaultRow>`select * from vault_items v where account_id is distinct from ${viewerId}::bigint and not exists (select from cases c where c.id = v.case_id and ${viewerId}::bigint = any(c.also_about)) order by state = 'destroyed', id desc limit ${limit}`.execute(on)
  return rows
}
export async function updateSealed(tx: Tx, row: { id: VaultId; sha256: Buffer; bytes: number; facts: VaultFacts; at: Date }): Promise<void> {
  await sql`update vault_items set state = 'sealed', error = '', sha256 = ${row.sha256}, bytes = ${row.bytes}, facts = ${JSON.stringify(row.facts)}::jsonb, sealed_at = ${row.at} where id = ${row.id}`.execute(tx)
}
export async function updateFailed(on: Queries, id: string, error: string): Promise<void> {
  await sql`update vault_items set state = 'failed', error = ${error.slice(0, 300)} where id = ${id} and state <> 'sealed'`.execute(on)
}
export async function updateKeep(tx: Tx, by: { itemId?: string; orderId?: string }, until: Date): Promise<{ id: string; account_id: AccountId | null }[]> {
  const { rows } = await sql<{ id: string; account_id: AccountId | null }>`update vault_items set keep_until = greatest(keep_until, ${until}), extended = true where (id = ${by.itemId ?? null}::bigint or order_id = ${by.orderId ?? null}::bigint) and state <> 'destroyed' returning id, account_id`.execute(tx)
  return rows
}
export async function updateHold(tx: Tx, id: string, words: string): Promise<boolean> {
  const { rows } = await sql`update vault_items set hold = ${words} where id = ${id} and state <> 'destroyed' returning 1`.execute(tx)
  return rows.length > 0
}
/** Waiting or failed for longer than that. */
export async function selectUnwritten(tx: Tx, before: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from vault_items where state in ('waiting', 'failed') and created_at < ${before} order by id limit 100`.execute(tx)
  return rows.map((row) => row.id)
}
/** Those whose time is over. A legal hold and a frozen account stop the clock. */
export async function takeEnded(tx: Tx, now: Date): Promise<VaultRow[]> {
  const { rows } = await sql<VaultRow>`update vault_items v set state = 'destroyed', destroyed_at = ${now} where id in (select id from vault_items i where keep_until < ${now} and hold = '' and state <> 'destroyed'
    and not exists (select 1 from accounts a where a.id = i.account_id and a.frozen_at is not null) order by keep_until limit 100 for update skip locked) returning *`.execute(tx)
  return rows
}

export type OpeningRow = { id: OpeningId; item_id: VaultId; asked_by_id: AccountId; reason: string; asked_at: Date; agreed_by_id: AccountId | null; agreed_at: Date | null; alone: boolean; ends_at: Date | null }
export async function insertOpening(tx: Tx, row: OpeningRow): Promise<void> {
  await sql`insert into vault_openings (id, item_id, asked_by_id, reason, asked_at, agreed_by_id, agreed_at, alone, ends_at) values (${row.id}, ${row.item_id}, ${row.asked_by_id}, ${row.reason}, ${row.asked_at}, ${row.agreed_by_id}, ${row.agreed_at}, ${row.alone}, ${row.ends_at})`.execute(tx)
}
export async function lockOpening(tx: Tx, id: string): Promise<OpeningRow | undefined> {
  const { rows } = await sql<OpeningRow>`select * from vault_openings where id = ${id} for update`.execute(tx)
  return rows[0]
}
export async function updateAgreed(tx: Tx, row: { id: string; byId: AccountId; at: Date; endsAt: Date }): Promise<void> {
  await sql`update vault_openings set agreed_by_id = ${row.byId}, agreed_at = ${row.at}, ends_at = ${row.endsAt} where id = ${row.id}`.execute(tx)
}
export async function selectOpenings(on: Queries, itemIds: string[]): Promise<OpeningRow[]> {
  const { rows } = await sql<OpeningRow>`select o.* from unnest(${itemIds}::bigint[]) as i (id) cross join lateral (select * from vault_openings where item_id = i.id order by id desc limit 5) o`.execute(on)
  return rows
}
/** Others who could say yes. */
export async function countOthers(tx: Tx, ids: (string | null)[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from accounts where role <> 'member' and state = 'active' and id <> all(${ids.filter((id) => id !== null)}::bigint[])`.execute(tx)
  return rows[0]!.count
}
