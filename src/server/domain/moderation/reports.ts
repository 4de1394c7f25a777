import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { claimCase, releaseCase } from '#server/domain/cases/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import { audit, rulesById } from '#server/domain/instance/index.ts'
import { moderatorPostViews } from '#server/domain/posts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { may } from './may.ts'
import { selectDecisions } from './queries-decisions.ts'
import { selectRecord, selectReport, selectReports } from './queries-reports.ts'
import { demandStaff } from './staff.ts'
import { acts } from './types.ts'
import type { ReportFilter, ReportId, ReportSummary, ReportView } from './types.ts'
import { decisionViews, reportSummaries, summary } from './views.ts'

/** The moderators' list, newest first; of reports about one account where that is asked. */
export async function openReports(app: App, moderator: Account, filter: ReportFilter = 'open', ask: PageAsk = {}, aboutId: string | null = null): Promise<Page<ReportSummary>> {
  demandStaff(moderator)
  const clean = cleanAsk(ask, 30)
  const page = cutPage(aboutId !== null && !isId(aboutId) ? [] : await selectReports(app.database.queries, filter, moderator.id, clean, aboutId), clean, (row) => row.id)
  return { ...page, items: await reportSummaries(app, page.items) }
}

/** One report with everything that helps to decide it. Posts sent to named people are seen only through a report, and that is on record. */
export async function seeReport(app: App, moderator: Account, id: ReportId): Promise<ReportView> {
  demandStaff(moderator)
  const row = isId(id) ? await selectReport(app.database.queries, id) : undefined
  if (!row || row.account_id === moderator.id) throw notFound()
  const ids = row.evidence.posts.map((post) => post.id)
  const parentIds = row.evidence.posts.flatMap((post) => post.replyToId ?? [])
  const [people, rules, postsNow, parents, decisions, record] = await Promise.all([
    accountViews(app, [row.account_id, row.reporter_id, row.assigned_to_id].filter((one) => one !== null)),
    rulesById(app, row.rule_id ? [row.rule_id] : [], moderator.locale),
    moderatorPostViews(app, moderator, ids),
    moderatorPostViews(app, moderator, parentIds),
    selectDecisions(app.database.queries, { accountId: row.account_id, told: false, now: app.now() }, { before: null, after: null, limit: 20 }),
    selectRecord(app.database.queries, row.account_id, row.reporter_id),
  ])
  const account = people.get(row.account_id)
  if (!account) throw notFound()
  if (row.evidence.posts.some((post) => post.audience === 'mentioned' || post.audience === 'followers')) {
    await app.database.inTransaction((tx) => audit(app, tx, moderator, 'report.open', { kind: 'report', id: row.id }))
  }
  return {
    ...summary(row, account, people),
    reporter: row.reporter_id ? people.get(row.reporter_id) ?? null : null, rule: row.rule_id ? rules.get(row.rule_id) ?? null : null,
    comment: row.comment, evidence: row.evidence, postsNow, parents,
    history: await decisionViews(app, decisions.slice(0, 20), { locale: moderator.locale, forStaff: true }),
    reportsCount: record.reports, upheldCount: record.upheld,
    reporterRecord: row.reporter_id ? { upheld: record.reporter_upheld, decided: record.reporter_decided } : null,
    mayDecide: acts.filter((act) => may(moderator, act, account)),
  }
}

/** "I am on it": so that two don't do the same. Refused while somebody else is. */
export const claimReport = (app: App, moderator: Account, id: ReportId): Promise<void> => ofReport(app, id, (caseId) => claimCase(app, moderator, caseId))

/** Gives a claimed report back to everybody. */
export const releaseReport = (app: App, moderator: Account, id: ReportId): Promise<void> => ofReport(app, id, (caseId) => releaseCase(app, moderator, caseId))

async function ofReport(app: App, id: ReportId, work: (caseId: CaseId) => Promise<void>): Promise<void> {
  const row = isId(id) ? await selectReport(app.database.queries, id) : undefined
  if (!row?.case_id) throw notFound()
  await work(row.case_id)
}
