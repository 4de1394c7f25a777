import { redirect } from '@sveltejs/kit'
import { createFilter, filtersOf } from '#server/domain/filters/index.ts'
import { requireViewer, tryForm } from '../../forms.server.ts'
import { readFilterForm } from './form.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  return { filters: await filtersOf(locals.app, viewer), now: locals.app.now().toISOString() }
}

export const actions: Actions = {
  default: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const failure = await tryForm(data, async () => { await createFilter(locals.app, viewer, readFilterForm(data)) })
    return failure ?? redirect(303, '/settings/filters')
  },
}
