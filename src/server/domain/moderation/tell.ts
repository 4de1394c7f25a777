import type { App } from '#server/app.ts'
import { tellMany } from '#server/domain/notifications/index.ts'
import { selectDecisionsById } from './queries-decisions.ts'
import { selectReport } from './queries-reports.ts'
import type { DecisionId, ReportId } from './types.ts'

/** The person concerned hears that something was decided; their standing page says what and why. */
export async function tellPerson(app: App, decisionId: DecisionId): Promise<void> {
  const [decision] = await selectDecisionsById(app.database.queries, [decisionId])
  if (!decision) return
  await tellMany(app, [{ to: decision.account_id, kind: 'moderation', data: { decisionId, act: decision.act }, group: `decision:${decisionId}` }])
}

/** The reporter hears what came of the report. */
export async function tellReporter(app: App, reportId: ReportId): Promise<void> {
  const report = await selectReport(app.database.queries, reportId)
  if (!report?.reporter_id || report.state === 'open') return
  await tellMany(app, [{ to: report.reporter_id, kind: 'moderation', data: { reportId, state: report.state }, group: `report-outcome:${reportId}` }])
}
