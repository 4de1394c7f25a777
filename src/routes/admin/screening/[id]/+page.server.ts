import { redirect } from '@sveltejs/kit'
import { categories } from '#server/domain/cases/index.ts'
import { lastRun, outcomes, removeRule, ruleHistory, ruleStates, saveRule, seeRule, seeRun, subjects, tryRule, wordLists } from '#server/domain/screening/index.ts'
import { fromRows } from '#ui/screening/conditions.ts'
import { orErrorPage, textOf, tryForm } from '../../../forms.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url)
  return orErrorPage(async () => {
    const fresh = params.id === 'new'
    const asked = url.searchParams.get('run')
    const [rule, history, lists, run] = await Promise.all([
      fresh ? null : seeRule(locals.app, viewer, params.id), fresh ? null : ruleHistory(locals.app, viewer, params.id, url.searchParams.get('before')), wordLists(locals.app, viewer),
      asked ? seeRun(locals.app, viewer, asked) : fresh ? null : lastRun(locals.app, viewer, params.id),
    ])
    return { rule, history, lists, run, subjects: [...subjects], outcomes: [...outcomes], states: [...ruleStates], categories: [...categories] }
  })
}

/** What the form says a rule is: its lines, or the text where that was chosen. */
function definitionOf(data: FormData): unknown {
  if (data.get('useJson') === 'yes') {
    try { return JSON.parse(textOf(data, 'json')) } catch { return null }
  }
  const all = (name: string) => data.getAll(name).map(String)
  const [what, how, value] = [all('what'), all('how'), all('value')]
  return { subjects: all('subjects'), when: fromRows(textOf(data, 'join'), what.map((one, at) => ({ what: one, how: how[at] ?? '', value: value[at] ?? '' }))), outcome: textOf(data, 'outcome'), category: textOf(data, 'category') }
}
/** What was chosen in fields that come several times, for the form to show again. */
const chosen = (data: FormData) => ({ rows: data.getAll('what').map((one, at) => ({ what: String(one), how: String(data.getAll('how')[at] ?? ''), value: String(data.getAll('value')[at] ?? '') })), subjects: data.getAll('subjects').map(String) })

export const actions: Actions = {
  save: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    const result = await tryForm(data, async () => ({ done: 'saved', id: await saveRule(locals.app, viewer, params.id === 'new' ? null : params.id, { name: textOf(data, 'name'), note: textOf(data, 'note'), state: textOf(data, 'state'), why: textOf(data, 'why'), definition: definitionOf(data), version: Number(textOf(data, 'version')) || undefined }) }))
    if ('status' in result) return { ...result.data, chosen: chosen(data) }
    if (params.id === 'new') redirect(303, `/admin/screening/${result.id}`)
    return result
  },
  try: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    const result = await tryForm(data, async () => ({ run: await tryRule(locals.app, viewer, { ruleId: params.id === 'new' ? null : params.id, name: textOf(data, 'name'), definition: definitionOf(data) }) }))
    if ('status' in result) return { ...result.data, chosen: chosen(data) }
    return { values: Object.fromEntries([...data].filter(([, value]) => typeof value === 'string')) as Record<string, string>, chosen: chosen(data), run: await seeRun(locals.app, viewer, result.run) }
  },
  remove: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url)
    const result = await tryForm(await request.formData(), async () => { await removeRule(locals.app, viewer, params.id); return { done: 'removed' } })
    if ('status' in result) return result
    redirect(303, '/admin/screening')
  },
}
