import type { AccountId, Role } from '#server/domain/accounts/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Who can decide here today. */
export async function selectRankedStaff(on: Queries | Tx): Promise<{ id: AccountId; role: Role }[]> {
  const { rows } = await sql<{ id: AccountId; role: Role }>`select id, role from accounts where role <> 'member' and state = 'active' limit 200`.execute(on)
  return rows
}
export async function updateProposal(tx: Tx, caseId: CaseId, row: { proposal: object; byId: AccountId; at: Date } | null): Promise<void> {
  await sql`update cases set proposal = ${row ? JSON.stringify(row.proposal) : null}::jsonb, proposed_by_id = ${row?.byId ?? null}, proposed_at = ${row?.at ?? null}, claimed_by_id = null, claimed_until = null, version = version + 1 where id = ${caseId}`.execute(tx)
}
