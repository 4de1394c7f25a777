import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { sortCase } from '#server/domain/cases/index.ts'
import { audit, rulesById } from '#server/domain/instance/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { lockReport, updateReportSort } from './queries-reports.ts'
import { demandStaff } from './staff.ts'
import type { Category, ReportId } from './types.ts'

/** What can be said here; everything else is named by whoever reports or decides. */
type Sort = Extract<Category, 'spam' | 'rule' | 'other'>

/** A moderator sorts an open report and its case: spam, a broken rule (which one), something else. On record. Hard matters stay as they were reported (`sortOnDesk`). */
export async function sortReport(app: App, moderator: Account, id: ReportId, to: { category?: Sort; ruleId?: string | null }): Promise<void> {
  demandStaff(moderator)
  if (to.ruleId && !(isId(to.ruleId) && (await rulesById(app, [to.ruleId])).has(to.ruleId))) throw invalidForm([{ field: 'ruleId', message: 'error.choose' }])
  await app.database.inTransaction(async (tx) => {
    const row = isId(id) ? await lockReport(tx, id) : undefined
    if (!row?.case_id || row.account_id === moderator.id) throw notFound()
    const category = to.category ?? (to.ruleId ? 'rule' : row.category)
    const ruleId = to.ruleId === undefined ? row.rule_id : to.ruleId
    if (category === row.category && ruleId === row.rule_id) return
    await sortCase(tx, row.case_id, { category, ruleId })
    await updateReportSort(tx, row.id, { category, ruleId })
    await audit(app, tx, moderator, 'report.sort', { kind: 'report', id: row.id }, { category, rule: ruleId, before: row.category })
  })
}
