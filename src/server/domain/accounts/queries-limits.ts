import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { LimitedThing } from './limits.ts'
import type { AccountId } from './types.ts'

export async function selectLimits(on: Queries, accountId: AccountId, now: Date): Promise<{ what: LimitedThing; until: Date | null }[]> {
  const { rows } = await sql<{ what: LimitedThing; until: Date | null }>`select what, until from account_limits where account_id = ${accountId} and (until is null or until > ${now}) order by what`.execute(on)
  return rows
}
export async function insertLimit(tx: Tx, accountId: AccountId, row: { what: LimitedThing; until: Date | null }): Promise<void> {
  await sql`insert into account_limits (account_id, what, until) values (${accountId}, ${row.what}, ${row.until}) on conflict (account_id, what) do update set until = excluded.until`.execute(tx)
}
export async function deleteLimits(tx: Tx, accountId: AccountId, what: LimitedThing[]): Promise<void> {
  await sql`delete from account_limits where account_id = ${accountId} and what = any(${what}::text[])`.execute(tx)
}
