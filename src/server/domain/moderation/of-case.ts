import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectDecisionsOfCase, selectSimilar, selectStrikes } from './queries-decisions.ts'
import { selectReport, selectReportsOfCase } from './queries-reports.ts'
import type { ReportRow } from './queries-reports.ts'
import { demandStaff } from './staff.ts'
import type { DecisionView } from './types.ts'
import { decisionViews } from './views.ts'

/** Everything that was decided on a case, newest first. */
export async function decisionsOfCase(app: App, moderator: Account, caseId: CaseId): Promise<DecisionView[]> {
  demandStaff(moderator)
  return decisionViews(app, (await selectDecisionsOfCase(app.database.queries, caseId)).filter((row) => row.undone_at === null), { locale: moderator.locale, forStaff: true })
}

/** How the same was decided elsewhere, the last three times. */
export async function similarDecisions(app: App, moderator: Account, category: string, exceptAccount: AccountId): Promise<DecisionView[]> {
  demandStaff(moderator)
  return decisionViews(app, await selectSimilar(app.database.queries, category, exceptAccount, 3), { locale: moderator.locale, forStaff: true })
}

/** The reports that a case gathers, oldest first; for those who moderate, who the callers made sure of. */
export const caseReports = (app: App, caseId: CaseId): Promise<ReportRow[]> => selectReportsOfCase(app.database.queries, caseId)

/** What counts against an account now, and whether it was ever warned. */
export const strikesOf = (app: App, accountId: AccountId) => selectStrikes(app.database.queries, accountId, app.now())

/** Where a report stands on the desk. Throws `notFound`. */
export async function caseOfReport(app: App, moderator: Account, id: string): Promise<CaseId> {
  demandStaff(moderator)
  const row = isId(id) ? await selectReport(app.database.queries, id) : undefined
  if (!row?.case_id) throw notFound()
  return row.case_id
}
