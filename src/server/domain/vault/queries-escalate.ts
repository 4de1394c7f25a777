import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export async function selectHardCases(on: Queries, categories: string[], viewerId: AccountId, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from cases where category = any(${categories}::text[]) and kind in ('report', 'hold') and account_id is distinct from ${viewerId}::bigint and (outcome is null or outcome = 'acted') order by state = 'decided', id desc limit ${limit}`.execute(on)
  return rows.map((row) => row.id)
}
export async function insertEscalation(tx: Tx, row: { id: string; caseId: string; duty: string; reference: string; at: Date; byId: AccountId }): Promise<void> {
  await sql`insert into escalations (id, case_id, duty, reference, told_at, by_id, created_at) values (${row.id}, ${row.caseId}, ${row.duty}, ${row.reference}, ${row.at}, ${row.byId}, ${row.at})`.execute(tx)
}
export async function selectEscalations(on: Queries, caseIds: string[]): Promise<{ id: string; case_id: string; duty: string; reference: string; told_at: Date | null; name: string | null }[]> {
  const { rows } = await sql<{ id: string; case_id: string; duty: string; reference: string; told_at: Date | null; name: string | null }>`select e.id, e.case_id, e.duty, e.reference, e.told_at, coalesce(nullif(a.display_name, ''), a.username) as name
    from escalations e left join accounts a on a.id = e.by_id where e.case_id = any(${caseIds}::bigint[]) order by e.id limit 500`.execute(on)
  return rows
}
