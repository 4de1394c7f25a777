import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { DecisionId, DecisionView, ReportState, ReportSummary } from './types.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { appealEnd } from './appealable.ts'
import { isQuiet } from './quiet.ts'
import { selectDecisions, selectDecisionsById } from './queries-decisions.ts'
import { selectReportsBy } from './queries-reports.ts'
import { demandStaff } from './staff.ts'
import { decisionViews, reportSummaries } from './views.ts'

/** Everything decided about the viewer, newest first: what, why, by which rule, until when. Never by whom it was reported. */
export async function decisionsAboutMe(app: App, viewer: Account, ask: PageAsk = {}): Promise<Page<DecisionView>> {
  const clean = cleanAsk(ask)
  const page = cutPage(await selectDecisions(app.database.queries, { accountId: viewer.id, told: true, now: app.now() }, clean), clean, (row) => row.id)
  return { ...page, items: await decisionViews(app, page.items, { locale: viewer.locale, forStaff: false }) }
}

export type MyReport = Pick<ReportSummary, 'id' | 'account' | 'category' | 'excerpt' | 'createdAt' | 'decidedAt'> & { state: ReportState; reason: string; door: string; subjects: string[]; /** until then one may object */ appealUntil: string | null }

/** The viewer's own reports and what came of them. */
export async function reportsByMe(app: App, viewer: Account, ask: PageAsk = {}): Promise<Page<MyReport>> {
  const clean = cleanAsk(ask)
  const page = cutPage(await selectReportsBy(app.database.queries, viewer.id, clean), clean, (row) => row.id)
  // The words to the person concerned are for that person; a dismissal's words are for the reporter.
  const decisions = new Map((await selectDecisionsById(app.database.queries, page.items.flatMap((row) => row.decision_id ?? []))).map((row) => [row.id, row]))
  const decisionOf = new Map<string, DecisionId | null>(page.items.map((row) => [row.id, row.decision_id]))
  const more = new Map(page.items.map((row) => [row.id, { door: row.door, subjects: row.subjects, appealUntil: row.state === 'dismissed' && row.decided_at && appealEnd(row.decided_at) > app.now() ? appealEnd(row.decided_at).toISOString() : null }]))
  const items = (await reportSummaries(app, page.items)).map((report) => {
    const decision = decisions.get(decisionOf.get(report.id) ?? '')
    return { id: report.id, account: report.account, category: report.category, excerpt: report.excerpt, createdAt: report.createdAt, decidedAt: report.decidedAt, state: report.state, reason: decision?.act === 'dismiss' ? decision.reason : '', ...more.get(report.id)! }
  })
  return { ...page, items }
}

/** Decisions for those who moderate: of one account, or of all. */
export async function decisionsFor(app: App, moderator: Account, accountId: string | null, ask: PageAsk = {}): Promise<Page<DecisionView>> {
  demandStaff(moderator)
  const clean = cleanAsk(ask)
  const page = cutPage(await selectDecisions(app.database.queries, { accountId, told: false, now: app.now() }, clean), clean, (row) => row.id)
  return { ...page, items: await decisionViews(app, page.items, { locale: moderator.locale, forStaff: true }) }
}

/** Decisions by their ids, for those who moderate. */
export async function decisionsById(app: App, moderator: Account, ids: string[]): Promise<DecisionView[]> {
  demandStaff(moderator)
  return decisionViews(app, await selectDecisionsById(app.database.queries, ids.filter(isId)), { locale: moderator.locale, forStaff: true })
}

/** One decision about the viewer, as they may know it. Also for a suspended member. */
export async function decisionAboutMe(app: App, viewer: Account, id: string): Promise<DecisionView> {
  const [row] = isId(id) ? await selectDecisionsById(app.database.queries, [id]) : []
  if (!row || row.account_id !== viewer.id || row.act === 'dismiss' || row.undone_at || isQuiet(row, app.now())) throw notFound()
  return (await decisionViews(app, [row], { locale: viewer.locale, forStaff: false }))[0]!
}
