import { appealReport, appealsTo, openObjections } from '#server/domain/appeals/index.ts'
import { decisionsAboutMe, ownReporting, ownStanding, reportsByMe } from '#server/domain/moderation/index.ts'
import { ownTrust } from '#server/domain/trust/index.ts'
import { askOf } from '../ask.server.ts'
import { textOf, tryForm } from '../forms.server.ts'
import { whoReads } from './member.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = whoReads(locals, url)
  const [standing, waiting] = await Promise.all([ownStanding(locals.app, viewer), openObjections(locals.app, viewer)])
  const common = { state: viewer.state, suspended: locals.suspended !== null, standing, waiting }
  if (url.searchParams.get('show') !== 'reports') {
    const [decisions, trust] = await Promise.all([decisionsAboutMe(locals.app, viewer, askOf(url)), ownTrust(locals.app, viewer)])
    return { ...common, show: 'decisions' as const, trust: locals.suspended ? null : trust, decisions, reports: null, reporting: null, appeals: Object.fromEntries(await appealsTo(locals.app, { decisionIds: decisions.items.map((one) => one.id) })) }
  }
  const [reports, reporting] = await Promise.all([reportsByMe(locals.app, viewer, askOf(url)), ownReporting(locals.app, viewer)])
  return { ...common, show: 'reports' as const, trust: null, decisions: null, reports, reporting, appeals: Object.fromEntries(await appealsTo(locals.app, { reportIds: reports.items.map((one) => one.id) })) }
}

export const actions: Actions = {
  appeal: async ({ locals, url, request }) => {
    const viewer = whoReads(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await appealReport(locals.app, viewer, textOf(data, 'id'), textOf(data, 'text')); return { done: 'sent' } })
  },
}
