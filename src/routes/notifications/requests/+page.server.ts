import { redirect } from '@sveltejs/kit'
import { acceptRequests, dismissRequests, notificationRequests } from '#server/domain/notifications/index.ts'
import { requireViewer, textOf } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  if (viewer.state === 'pending') redirect(303, '/waiting')
  const before = url.searchParams.get('before') ?? undefined
  const page = await notificationRequests(locals.app, viewer, { maxId: before, limit: 30 })
  return { requests: page.items, older: page.full ? page.last : null }
}

export const actions: Actions = {
  accept: async ({ locals, url, request }) => {
    await acceptRequests(locals.app, requireViewer(locals, url), [textOf(await request.formData(), 'id')])
    redirect(303, '/notifications/requests')
  },
  dismiss: async ({ locals, url, request }) => {
    await dismissRequests(locals.app, requireViewer(locals, url), [textOf(await request.formData(), 'id')])
    redirect(303, '/notifications/requests')
  },
}
