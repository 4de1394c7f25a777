import { moveRule, rulesOverview, saveWordList, setRuleState, testSentence, testText, wordLists } from '#server/domain/screening/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const [rules, lists] = await Promise.all([rulesOverview(locals.app, viewer), wordLists(locals.app, viewer)])
  return { rules, lists, testSentence, isAdmin: viewer.role !== 'moderator' }
}

export const actions: Actions = {
  state: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await setRuleState(locals.app, viewer, textOf(data, 'id'), textOf(data, 'state')); return { done: 'state', id: textOf(data, 'id') } })
  },
  move: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await moveRule(locals.app, viewer, textOf(data, 'id'), textOf(data, 'way') === 'up' ? 'up' : 'down'); return { done: 'saved', id: textOf(data, 'id') } })
  },
  test: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => ({ values: { text: textOf(data, 'text', false), newcomer: textOf(data, 'newcomer') }, tested: await testText(locals.app, viewer, { text: textOf(data, 'text', false), language: null, newcomer: data.get('newcomer') === 'yes' }) }))
  },
  list: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => ({ done: 'saved', id: await saveWordList(locals.app, viewer, null, { name: textOf(data, 'name'), kind: textOf(data, 'kind'), language: textOf(data, 'language') }) }))
  },
}
