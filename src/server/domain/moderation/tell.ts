import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import { tellMany } from '#server/domain/notifications/index.ts'
import { mailMember } from '#server/domain/sessions/index.ts'
import { letterWords } from './letters.ts'
import { isQuiet } from './quiet.ts'
import { selectDecisionsById } from './queries-decisions.ts'
import { selectReport } from './queries-reports.ts'
import type { DecisionId, ReportId } from './types.ts'
import { undoMinutes } from './undo.ts'

/** The person concerned hears that something was decided; their standing page says what and why. A letter follows when it can't be taken back as a slip any more. */
export async function tellPerson(app: App, decisionId: DecisionId): Promise<void> {
  const [decision] = await selectDecisionsById(app.database.queries, [decisionId])
  if (!decision || decision.undone_at) return
  // Told by itself when the authority's silence is over.
  if (isQuiet(decision, app.now())) return app.jobs.add(app.database.queries, 'tellPerson', { decisionId }, { runAt: decision.quiet_until!, key: `tellPerson:${decisionId}` })
  await tellMany(app, [{ to: decision.account_id, kind: 'moderation', data: { decisionId, act: decision.territory.length ? 'withhold' : decision.act }, group: `decision:${decisionId}` }])
  await app.jobs.add(app.database.queries, 'mailDecision', { decisionId }, { runAt: new Date(Math.max(decision.created_at.getTime(), decision.quiet_until?.getTime() ?? 0) + undoMinutes * 60_000), key: `mailDecision:${decisionId}` })
}

/** Job: the letter about a decision, to whoever has a proven address; it says where the reasons stand, not what they are. */
export async function mailDecision(app: App, decisionId: DecisionId): Promise<void> {
  const [decision] = await selectDecisionsById(app.database.queries, [decisionId])
  const account = decision && !decision.undone_at && !isQuiet(decision, app.now()) ? await findAccount(app, decision.account_id) : null
  if (!decision || !account || account.state === 'deleted') return
  const words = await letterWords(app, account.locale, 'decision', { link: `${app.config.publicUrl}/standing/${decisionId}` })
  await app.database.inTransaction((tx) => mailMember(app, tx, account.id, words))
}

/** The reporter hears what came of the report: a member on their page and by notice, an outsider by mail where they gave an address. */
export async function tellReporter(app: App, reportId: ReportId): Promise<void> {
  const report = await selectReport(app.database.queries, reportId)
  if (!report || report.state === 'open') return
  if (report.reporter_id) return tellMany(app, [{ to: report.reporter_id, kind: 'moderation', data: { reportId, state: report.state }, group: `report-outcome:${reportId}` }])
  if (!report.contact_email) return
  const words = await letterWords(app, report.locale === 'ar' ? 'ar' : 'en', report.state === 'resolved' ? 'noticeActed' : 'noticeDismissed', { number: report.id })
  await app.database.inTransaction((tx) => app.mailer.post(tx, { to: report.contact_email!, ...words }))
}
