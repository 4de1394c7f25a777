import { changeSettings, readSettings } from '#server/domain/instance/index.ts'
import { howModerationGoes, reportYears } from '#server/domain/transparency/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const [goings, settings, years] = await Promise.all([howModerationGoes(locals.app, viewer), readSettings(locals.app), reportYears(locals.app)])
  const thisYear = locals.app.now().getUTCFullYear()
  return { goings, open: settings.transparency, words: settings.transparencyWords, years: [...new Set([thisYear, ...years.map((one) => one.year)])].slice(0, 5) }
}

export const actions: Actions = {
  page: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await changeSettings(locals.app, viewer, { transparency: data.has('open'), transparencyWords: textOf(data, 'transparencyWords') }); return { done: 'saved' } })
  },
}
