import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { audit, demandAdmin, rulesById } from '#server/domain/instance/index.ts'
import { dsaStatement } from '#server/domain/moderation/index.ts'
import { csvLine } from '#server/platform/text/csv.ts'
import { selectStatements } from './queries-statements.ts'
import type { Period } from './queries.ts'
import { periodOf } from './report.ts'

/** Fields of the transparency database (StatementStoreRequest, V2), in its order. */
const statementFields = [
  'decision_visibility', 'decision_account', 'end_date_visibility_restriction', 'end_date_account_restriction', 'decision_ground', 'illegal_content_legal_ground', 'illegal_content_explanation', 'incompatible_content_ground',
  'incompatible_content_explanation', 'category', 'category_specification', 'decision_facts', 'content_type', 'territorial_scope', 'content_date', 'application_date', 'source_type', 'automated_detection', 'automated_decision', 'puid',
] as const

/**
 * Every statement of reasons of a year, so far, as a line of CSV, oldest first, five hundred at a time: without personal data, as the public
 * database takes it. One by one they would undo what the public figures leave out, so admins alone take them out, on record.
 */
export async function statementsOf(app: App, admin: Account, year: number): Promise<AsyncGenerator<string>> {
  demandAdmin(admin)
  await app.database.inTransaction((tx) => audit(app, tx, admin, 'statements.export', { kind: 'record', id: String(year) }))
  return lines(app, periodOf(new Date(Date.UTC(year, 0, 1)), new Date(Date.UTC(year + 1, 0, 1))))
}

async function* lines(app: App, period: Period): AsyncGenerator<string> {
  yield csvLine([...statementFields])
  for (let from = String(BigInt(period.fromId) - 1n); ;) {
    const rows = await selectStatements(app.database.queries, from, period.toId, 500)
    const rules = await rulesById(app, [...new Set(rows.flatMap((row) => row.rule_id ?? []))])
    const text = rows.flatMap((row) => {
      const statement = dsaStatement(row, rules.get(row.rule_id ?? '')?.text ?? '', row.kinds) as Record<string, string | string[]> | null
      return statement ? [csvLine(statementFields.map((field) => { const value = statement[field] ?? ''; return Array.isArray(value) ? JSON.stringify(value) : value }))] : []
    })
    if (text.length) yield text.join('')
    if (rows.length < 500) return
    from = rows.at(-1)!.id
  }
}
