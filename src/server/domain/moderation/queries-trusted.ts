import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export async function isTrustedFlagger(on: Queries | Tx, id: AccountId): Promise<boolean> {
  const { rows } = await sql`select 1 from accounts where id = ${id} and trusted_flagger_at is not null`.execute(on)
  return rows.length > 0
}
export async function updateTrustedFlagger(tx: Tx, id: AccountId, at: Date | null): Promise<boolean> {
  const { rows } = await sql`update accounts set trusted_flagger_at = ${at} where id = ${id} and state <> 'deleted' and (trusted_flagger_at is null) <> (${at}::timestamptz is null) returning 1`.execute(tx)
  return rows.length > 0
}
/** Is there anybody else who could look at a case about this account? */
export async function hasOtherStaff(on: Queries, id: AccountId): Promise<boolean> {
  const { rows } = await sql`select 1 from accounts where role <> 'member' and state in ('active', 'limited') and id <> ${id} limit 1`.execute(on)
  return rows.length > 0
}
