import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account as Me } from '#server/domain/accounts/index.ts'
import { categoryFacts } from '#server/domain/cases/index.ts'
import { claimReport, decide, decisionsOfCase, openReports, releaseReport, reportFacts, seeReport, sortReport, undoDecision } from '#server/domain/moderation/index.ts'
import type { ReportSummary } from '#server/domain/moderation/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import { AdminReport, adminReportEntity, adminReportLine } from '#server/entities/index.ts'
import type { Speaker } from '#server/entities/index.ts'
import { ApiError } from '../errors.ts'
import type { Route } from '../route.ts'
import { askOf, linkPages, paging, route } from '../route.ts'
import { flag, maybe, pathId, texts, words } from '../values.ts'

const at = { id: pathId }
const reads = { access: 'member', scope: 'admin:read:reports' } as const
const writes = { access: 'member', scope: 'admin:write:reports' } as const
const sorts = { spam: 'spam', violation: 'rule', other: 'other', legal: undefined } as const
/** What is hard is shown on the desk alone, covered, to those who took it on. */
const shown = <Posts>(report: ReportSummary, posts: Posts[]): Posts[] => categoryFacts(report.category).hard ? [] : posts
const one = async (app: App, me: Me, id: string, speaker: Speaker) => {
  const report = await seeReport(app, me, id as never)
  return adminReportEntity({ ...report, postsNow: shown(report, report.postsNow) }, speaker)
}

export const adminReportRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/admin/reports', summary: 'Reports, for those who moderate', ...reads, answer: z.array(AdminReport),
    note: 'Who reported is told one by one: reading that is on record; by `account_id` nobody is found. What was reported as something hard comes without its posts: it is looked at on the desk, covered.',
    query: { ...paging(30, 60), resolved: flag.optional(), account_id: maybe(words(30)), target_account_id: maybe(words(30)), by_target_domain: maybe(words(300)) },
    async handle(call) {
      const { app, me, query, speaker } = call
      const page = await openReports(app, me, query.resolved ? 'done' : 'open', askOf(query), query.target_account_id ?? null)
      if (query.account_id || query.by_target_domain) return []
      linkPages(call, page)
      const facts = await reportFacts(app, me, page.items.map((one) => one.id))
      const posts = new Map((await postViews(app, me, [...facts.values()].flatMap((one) => one.postIds) as never)).map((post) => [post.id as string, post]))
      return page.items.map((one) => adminReportLine(one, { comment: facts.get(one.id)?.comment ?? '', statuses: shown(one, (facts.get(one.id)?.postIds ?? []).flatMap((id) => posts.get(id) ?? [])) }, speaker))
    },
  }),
  route({ method: 'GET', path: '/api/v1/admin/reports/:id', summary: 'One report with everything', ...reads, params: at, answer: AdminReport, handle: ({ app, me, params, speaker }) => one(app, me, params.id, speaker) }),
  route({
    method: 'PUT', path: '/api/v1/admin/reports/:id', summary: 'Say what a report is about', ...writes, params: at, body: { category: maybe(z.enum(['spam', 'legal', 'violation', 'other'])), rule_ids: texts(10) }, answer: AdminReport,
    note: 'Spam, the broken rule (the first of `rule_ids[]`), or something else; which law, the decision says. What is serious stays as it was reported.',
    async handle({ app, me, params, body, speaker }) {
      const before = await one(app, me, params.id, speaker)
      if (body.category === 'legal' && before.category !== 'legal') throw new ApiError(422, 'Which law is broken is said by the decision')
      const category = body.category && body.category !== before.category ? sorts[body.category] : undefined
      await sortReport(app, me, params.id as never, { category, ruleId: body.rule_ids[0] ?? (category === 'spam' || category === 'other' ? null : undefined) })
      return one(app, me, params.id, speaker)
    },
  }),
  route({
    method: 'POST', path: '/api/v1/admin/reports/:id/assign_to_self', summary: '“I am on it”', ...writes, params: at, answer: AdminReport,
    async handle({ app, me, params, speaker }) { await claimReport(app, me, params.id as never); return one(app, me, params.id, speaker) },
  }),
  route({
    method: 'POST', path: '/api/v1/admin/reports/:id/unassign', summary: 'Give it back to everybody', ...writes, params: at, answer: AdminReport,
    async handle({ app, me, params, speaker }) { await releaseReport(app, me, params.id as never); return one(app, me, params.id, speaker) },
  }),
  route({
    method: 'POST', path: '/api/v1/admin/reports/:id/resolve', summary: 'Close it: nothing needs to be done', ...writes, params: at, answer: AdminReport,
    async handle({ app, me, params, speaker }) { await decide(app, me, { reportId: params.id as never }, { act: 'dismiss' }); return one(app, me, params.id, speaker) },
  }),
  route({
    method: 'POST', path: '/api/v1/admin/reports/:id/reopen', summary: 'Take a fresh decision back, as if it had not been', ...writes, params: at, answer: AdminReport,
    note: 'Within five minutes, by whoever decided or an admin. Later, a decision is taken back on the desk, or by an objection, with its own reasons.',
    async handle({ app, me, params, speaker }) {
      const report = await seeReport(app, me, params.id as never)
      const [decision] = report.caseId && report.state !== 'open' ? await decisionsOfCase(app, me, report.caseId) : []
      if (!decision) throw new ApiError(422, 'Nothing was decided yet')
      await undoDecision(app, me, decision.id)
      return one(app, me, params.id, speaker)
    },
  }),
]
