import { appealDecision, appealsTo, sayOnDecision } from '#server/domain/appeals/index.ts'
import { wordsOn } from '#server/domain/cases/index.ts'
import { decisionAboutMe } from '#server/domain/moderation/index.ts'
import { orErrorPage, textOf, tryForm } from '../../forms.server.ts'
import { whoReads } from '../member.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = whoReads(locals, url)
  const decision = await orErrorPage(() => decisionAboutMe(locals.app, viewer, params.id))
  const [appeals, words] = await Promise.all([
    appealsTo(locals.app, { decisionIds: [decision.id] }), decision.caseId ? wordsOn(locals.app, decision.caseId, { staff: false, id: viewer.id, room: 'member' }) : [],
  ])
  return { decision, appeal: appeals.get(decision.id) ?? null, words, suspended: locals.suspended !== null }
}

export const actions: Actions = {
  appeal: async ({ locals, url, params, request }) => {
    const viewer = whoReads(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await appealDecision(locals.app, viewer, params.id, textOf(data, 'text')); return { done: 'appeal' } })
  },
  say: async ({ locals, url, params, request }) => {
    const viewer = whoReads(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await sayOnDecision(locals.app, viewer, params.id, textOf(data, 'words')); return { done: 'said' } })
  },
}
