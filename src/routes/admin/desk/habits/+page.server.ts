import { clockMinutes, clocks, habitsOf, hardCategories, setClocks, setHabits } from '#server/domain/cases/index.ts'
import { addMacro, macros, removeMacro } from '#server/domain/desk/index.ts'
import { rules } from '#server/domain/instance/index.ts'
import { acts, placeholders } from '#server/domain/moderation/index.ts'
import { textOf, tryForm } from '../../../forms.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const { app } = locals
  const [habits, words, all, minutes] = await Promise.all([habitsOf(app, viewer), macros(app, viewer), rules(app, locals.locale), clockMinutes(app.database.queries)])
  return { habits, macros: words, rules: all, acts: [...acts], placeholders: [...placeholders], hardCategories, clocks: clocks.map((clock) => ({ clock, minutes: minutes[clock] })) }
}

export const actions: Actions = {
  habits: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      await setHabits(locals.app, viewer, { hard: data.getAll('hard').filter((one) => typeof one === 'string'), dailyHard: Number(textOf(data, 'dailyHard')), plainMedia: data.get('plainMedia') === 'yes', breakMinutes: Number(textOf(data, 'breakMinutes')), ...data.has('blur') ? { blur: Number(textOf(data, 'blur')) } : {} })
      return { done: 'habits' }
    })
  },
  clocks: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await setClocks(locals.app, viewer, Object.fromEntries(clocks.flatMap((clock) => (data.has(clock) ? [[clock, Math.round(Number(textOf(data, clock)) * 60)]] : [])))); return { done: 'clocks' } })
  },
  addMacro: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await addMacro(locals.app, viewer, { title: textOf(data, 'title'), act: textOf(data, 'act'), ruleId: textOf(data, 'ruleId') || null, text: textOf(data, 'text'), locale: locals.locale }); return { done: 'macro' } })
  },
  removeMacro: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await removeMacro(locals.app, viewer, textOf(data, 'id')); return { done: 'macro' } })
  },
}
