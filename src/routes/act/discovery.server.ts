import { redirect } from '@sveltejs/kit'
import type { RequestEvent } from '@sveltejs/kit'
import { dismissSuggestion } from '#server/domain/discovery/index.ts'
import { dismissAnnouncement } from '#server/domain/instance/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { freshRail } from '#server/rail.ts'
import { requireViewer, safeNext, textOf, tryForm } from '../forms.server.ts'

/** What is pressed in the rail. */
export const discoveryActs = {
  dismissSuggestion: async ({ request, locals, url }: RequestEvent) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const failure = await tryForm(data, async () => {
      const id = textOf(data, 'id')
      if (!isId(id)) throw notFound()
      await dismissSuggestion(locals.app, viewer, id)
      freshRail(locals.app, viewer)
    })
    return failure ?? redirect(303, safeNext(data.get('next')))
  },
  dismissAnnouncement: async ({ request, locals, url }: RequestEvent) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const failure = await tryForm(data, () => dismissAnnouncement(locals.app, viewer, textOf(data, 'id')))
    return failure ?? redirect(303, safeNext(data.get('next')))
  },
}
