import { redirect } from '@sveltejs/kit'
import type { RequestEvent } from '@sveltejs/kit'
import { reactToAnnouncement, unreactToAnnouncement } from '#server/domain/emojis/index.ts'
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
  react: async ({ request, locals, url }: RequestEvent) => pressed(request, locals, url, reactToAnnouncement),
  unreact: async ({ request, locals, url }: RequestEvent) => pressed(request, locals, url, unreactToAnnouncement),
  dismissAnnouncement: async ({ request, locals, url }: RequestEvent) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const failure = await tryForm(data, () => dismissAnnouncement(locals.app, viewer, textOf(data, 'id')))
    return failure ?? redirect(303, safeNext(data.get('next')))
  },
}

async function pressed(request: Request, locals: App.Locals, url: URL, verb: typeof reactToAnnouncement) {
  const viewer = requireViewer(locals, url)
  const data = await request.formData()
  const failure = await tryForm(data, () => verb(locals.app, viewer, textOf(data, 'id'), textOf(data, 'name')))
  return failure ?? redirect(303, safeNext(data.get('next')))
}
