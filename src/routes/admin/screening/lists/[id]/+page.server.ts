import { redirect } from '@sveltejs/kit'
import { addEntries, removeEntries, removeWordList, saveWordList, seeWordList } from '#server/domain/screening/index.ts'
import { orErrorPage, textOf, tryForm } from '../../../../forms.server.ts'
import { staffOf } from '../../../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url)
  return { list: await orErrorPage(() => seeWordList(locals.app, viewer, params.id, url.searchParams.get('after'))) }
}

export const actions: Actions = {
  save: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await saveWordList(locals.app, viewer, params.id, { name: textOf(data, 'name'), note: textOf(data, 'note'), language: textOf(data, 'language'), enabled: data.get('enabled') === 'yes' }); return { done: 'saved' } })
  },
  add: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    const file = data.get('file')
    const text = [textOf(data, 'entries'), file instanceof File && file.size > 0 && file.size < 5_000_000 ? (await file.text()).toWellFormed().replaceAll('\0', '') : ''].filter(Boolean).join('\n')
    data.delete('file')
    return tryForm(data, async () => ({ done: 'imported', read: await addEntries(locals.app, viewer, params.id, text, { how: textOf(data, 'how'), action: textOf(data, 'action'), exact: data.get('exact') === 'yes', replace: data.get('replace') === 'yes' }) }))
  },
  take: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await removeEntries(locals.app, viewer, params.id, data.getAll('entry').map(String)); return { done: 'removed' } })
  },
  remove: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url)
    const result = await tryForm(await request.formData(), async () => { await removeWordList(locals.app, viewer, params.id); return { done: 'removed' } })
    if ('status' in result) return result
    redirect(303, '/admin/screening')
  },
}
