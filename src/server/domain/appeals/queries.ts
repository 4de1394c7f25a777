import type { AccountId } from '#server/domain/accounts/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import type { DecisionId, ReportId } from '#server/domain/moderation/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { AppealId, AppealState } from './types.ts'

export type AppealRow = { id: AppealId; case_id: CaseId; decision_id: DecisionId | null; report_id: ReportId | null; account_id: AccountId | null; text: string; state: AppealState; answer: string; alone: boolean; decided_by_id: AccountId | null; decided_at: Date | null; created_at: Date }
const columns = sql.raw('id, case_id, decision_id, report_id, account_id, text, state, answer, alone, decided_by_id, decided_at, created_at')

export async function insertAppeal(tx: Tx, row: { id: AppealId; caseId: CaseId; decisionId: DecisionId | null; reportId: ReportId | null; accountId: AccountId | null; text: string; at: Date }): Promise<void> {
  await sql`insert into appeals (id, case_id, decision_id, report_id, account_id, text, created_at) values (${row.id}, ${row.caseId}, ${row.decisionId}, ${row.reportId}, ${row.accountId}, ${row.text}, ${row.at})`.execute(tx)
}
export async function lockAppealOfCase(tx: Tx, caseId: CaseId): Promise<AppealRow | undefined> {
  const { rows } = await sql<AppealRow>`select ${columns} from appeals where case_id = ${caseId} for update`.execute(tx)
  return rows[0]
}
export async function selectAppealOfCase(on: Queries, caseId: CaseId): Promise<AppealRow | undefined> {
  const { rows } = await sql<AppealRow>`select ${columns} from appeals where case_id = ${caseId}`.execute(on)
  return rows[0]
}
export async function selectAppealsOf(on: Queries, what: { decisionIds: string[]; reportIds: string[] }): Promise<AppealRow[]> {
  const { rows } = await sql<AppealRow>`select ${columns} from appeals where decision_id = any(${what.decisionIds}::bigint[]) or report_id = any(${what.reportIds}::bigint[])`.execute(on)
  return rows
}
export async function updateAnswered(tx: Tx, row: { id: AppealId; state: AppealState; answer: string; alone: boolean; byId: AccountId; at: Date }): Promise<void> {
  await sql`update appeals set state = ${row.state}, answer = ${row.answer}, alone = ${row.alone}, decided_by_id = ${row.byId}, decided_at = ${row.at} where id = ${row.id}`.execute(tx)
}

export type DecidedRow = { id: DecisionId; account_id: AccountId; moderator_id: AccountId | null; proposed_by_id: AccountId | null; act: string; case_id: CaseId | null; category: string; post_ids: string[]; reversed: boolean; created_at: Date }
/** The decision as far as an objection needs it; holds the row. */
export async function lockDecided(tx: Tx, id: string): Promise<DecidedRow | undefined> {
  const { rows } = await sql<DecidedRow>`select id, account_id, moderator_id, proposed_by_id, act, case_id, category, post_ids::text[] as post_ids, (reversed_by_id is not null or undone_at is not null) as reversed, created_at from decisions where id = ${id} for update`.execute(tx)
  return rows[0]
}
export type TurnedDown = { id: ReportId; reporter_id: AccountId | null; account_id: AccountId; state: string; category: string; case_id: CaseId | null; decided_at: Date | null; decision_id: DecisionId | null; decided_by_id: AccountId | null; contact_email: string | null; locale: string | null }
export async function lockReport(tx: Tx, id: string): Promise<TurnedDown | undefined> {
  const { rows } = await sql<TurnedDown>`select id, reporter_id, account_id, state, category, case_id, decided_at, decision_id, decided_by_id, contact_email, locale from reports where id = ${id} for update`.execute(tx)
  return rows[0]
}
/** The report waits again, with all that were answered with it. */
export async function reopenReports(tx: Tx, row: { decisionId: DecisionId | null; reportId: ReportId }): Promise<void> {
  await sql`update reports set state = 'open', decision_id = null, decided_by_id = null, decided_at = null where id = ${row.reportId} or (${row.decisionId}::bigint is not null and decision_id = ${row.decisionId}::bigint and invalid_at is null)`.execute(tx)
}
export async function selectOtherStaff(on: Queries | Tx, notIds: AccountId[]): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`select id from accounts where role <> 'member' and state = 'active' and id <> all(${notIds}::bigint[]) limit 200`.execute(on)
  return rows.map((row) => row.id)
}
export async function selectStaffToTell(on: Queries, caseId: CaseId): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`select a.id from accounts a where a.role <> 'member' and a.state = 'active'
    and (not exists (select 1 from cases c join accounts d on d.id = coalesce(c.claimed_by_id, c.decided_by_id) and d.state = 'active' and d.role <> 'member' where c.id = ${caseId}) or a.id = (select coalesce(c.claimed_by_id, c.decided_by_id) from cases c where c.id = ${caseId})) limit 200`.execute(on)
  return rows.map((row) => row.id)
}
