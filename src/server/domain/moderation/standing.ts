import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { DecisionId, DecisionView, ReportState, ReportSummary } from './types.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { selectDecisions, selectDecisionsById } from './queries-decisions.ts'
import { selectReportsBy } from './queries-reports.ts'
import { demandStaff } from './staff.ts'
import { decisionViews, reportSummaries } from './views.ts'

/** Everything decided about the viewer, newest first: what, why, by which rule, until when. Never by whom it was reported. */
export async function decisionsAboutMe(app: App, viewer: Account, ask: PageAsk = {}): Promise<Page<DecisionView>> {
  const clean = cleanAsk(ask)
  const page = cutPage(await selectDecisions(app.database.queries, { accountId: viewer.id, told: true }, clean), clean, (row) => row.id)
  return { ...page, items: await decisionViews(app, page.items, { locale: viewer.locale, forStaff: false }) }
}

export type MyReport = Pick<ReportSummary, 'id' | 'account' | 'category' | 'excerpt' | 'createdAt' | 'decidedAt'> & { state: ReportState; reason: string }

/** The viewer's own reports and what came of them. */
export async function reportsByMe(app: App, viewer: Account, ask: PageAsk = {}): Promise<Page<MyReport>> {
  const clean = cleanAsk(ask)
  const page = cutPage(await selectReportsBy(app.database.queries, viewer.id, clean), clean, (row) => row.id)
  // The words to the person concerned are for that person; a dismissal's words are for the reporter.
  const decisions = new Map((await selectDecisionsById(app.database.queries, page.items.flatMap((row) => row.decision_id ?? []))).map((row) => [row.id, row]))
  const decisionOf = new Map<string, DecisionId | null>(page.items.map((row) => [row.id, row.decision_id]))
  const items = (await reportSummaries(app, page.items)).map((report) => {
    const decision = decisions.get(decisionOf.get(report.id) ?? '')
    return { id: report.id, account: report.account, category: report.category, excerpt: report.excerpt, createdAt: report.createdAt, decidedAt: report.decidedAt, state: report.state, reason: decision?.act === 'dismiss' ? decision.reason : '' }
  })
  return { ...page, items }
}

/** Decisions for those who moderate: of one account, or of all. */
export async function decisionsFor(app: App, moderator: Account, accountId: string | null, ask: PageAsk = {}): Promise<Page<DecisionView>> {
  demandStaff(moderator)
  const clean = cleanAsk(ask)
  const page = cutPage(await selectDecisions(app.database.queries, { accountId, told: false }, clean), clean, (row) => row.id)
  return { ...page, items: await decisionViews(app, page.items, { locale: moderator.locale, forStaff: true }) }
}
