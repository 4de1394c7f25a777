import { z } from 'zod'
import { claimReport, decide, openReports, releaseReport, reportFacts, seeReport } from '#server/domain/moderation/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import { AdminReport, adminReportEntity, adminReportLine } from '#server/entities/index.ts'
import { ApiError } from '../errors.ts'
import type { Route } from '../route.ts'
import { askOf, linkPages, paging, route } from '../route.ts'
import { flag, maybe, pathId, texts, words } from '../values.ts'

const at = { id: pathId }
const reads = { access: 'member', scope: 'admin:read:reports' } as const
const writes = { access: 'member', scope: 'admin:write:reports' } as const
const refused = (why: string) => async (): Promise<never> => { throw new ApiError(422, why) }

export const adminReportRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/admin/reports', summary: 'Reports, for those who moderate', ...reads, answer: z.array(AdminReport),
    note: 'Who reported is told one by one: reading that is on record.',
    query: { ...paging(30, 60), resolved: flag.optional(), account_id: maybe(words(30)), target_account_id: maybe(words(30)), by_target_domain: maybe(words(300)) },
    async handle(call) {
      const { app, me, query, speaker } = call
      const page = await openReports(app, me, query.resolved ? 'done' : 'open', askOf(query))
      linkPages(call, page)
      const facts = await reportFacts(app, me, page.items.map((one) => one.id))
      const posts = new Map((await postViews(app, me, [...facts.values()].flatMap((one) => one.postIds) as never)).map((post) => [post.id as string, post]))
      return page.items.filter((one) => (!query.target_account_id || one.account.id === query.target_account_id) && !query.account_id && !query.by_target_domain)
        .map((one) => adminReportLine(one, { comment: facts.get(one.id)?.comment ?? '', statuses: (facts.get(one.id)?.postIds ?? []).flatMap((id) => posts.get(id) ?? []) }, speaker))
    },
  }),
  route({ method: 'GET', path: '/api/v1/admin/reports/:id', summary: 'One report with everything', ...reads, params: at, answer: AdminReport, async handle({ app, me, params, speaker }) { return adminReportEntity(await seeReport(app, me, params.id as never), speaker) } }),
  route({
    method: 'PUT', path: '/api/v1/admin/reports/:id', summary: 'Refused: what was reported stays as it was reported', ...writes, params: at, body: { category: maybe(words(30)), rule_ids: texts(10) }, answer: AdminReport,
    handle: refused('A report stays as it was made; the decision names the category and the rule'),
  }),
  route({
    method: 'POST', path: '/api/v1/admin/reports/:id/assign_to_self', summary: '“I am on it”', ...writes, params: at, answer: AdminReport,
    async handle({ app, me, params, speaker }) { await claimReport(app, me, params.id as never); return adminReportEntity(await seeReport(app, me, params.id as never), speaker) },
  }),
  route({
    method: 'POST', path: '/api/v1/admin/reports/:id/unassign', summary: 'Give it back to everybody', ...writes, params: at, answer: AdminReport,
    async handle({ app, me, params, speaker }) { await releaseReport(app, me, params.id as never); return adminReportEntity(await seeReport(app, me, params.id as never), speaker) },
  }),
  route({
    method: 'POST', path: '/api/v1/admin/reports/:id/resolve', summary: 'Close it: nothing needs to be done', ...writes, params: at, answer: AdminReport,
    async handle({ app, me, params, speaker }) { await decide(app, me, { reportId: params.id as never }, { act: 'dismiss' }); return adminReportEntity(await seeReport(app, me, params.id as never), speaker) },
  }),
  route({
    method: 'POST', path: '/api/v1/admin/reports/:id/reopen', summary: 'Refused: decisions are taken back on the desk', ...writes, params: at, answer: AdminReport,
    handle: refused('What was decided is taken back on the desk, or by an appeal: then everything comes back as it was'),
  }),
]
