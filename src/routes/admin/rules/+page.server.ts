import { addRule, allRules, changeRule, moveRule, removeRule } from '#server/domain/instance/index.ts'
import type { RuleDraft } from '#server/domain/instance/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  staffOf(locals, url, 'admin')
  return { rules: await allRules(locals.app) }
}

const draftOf = (data: FormData): RuleDraft => ({
  text: textOf(data, 'text'), hint: textOf(data, 'hint'),
  translations: { ar: { text: textOf(data, 'text.ar'), hint: textOf(data, 'hint.ar') }, en: { text: textOf(data, 'text.en'), hint: textOf(data, 'hint.en') } },
})

export const actions: Actions = {
  add: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await addRule(locals.app, viewer, draftOf(data)); return { done: 'saved' } })
  },
  change: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await changeRule(locals.app, viewer, textOf(data, 'id'), draftOf(data)); return { done: 'saved' } })
  },
  move: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await moveRule(locals.app, viewer, textOf(data, 'id'), textOf(data, 'by') === 'up' ? -1 : 1); return { done: 'saved' } })
  },
  remove: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await removeRule(locals.app, viewer, textOf(data, 'id')); return { done: 'saved' } })
  },
}
