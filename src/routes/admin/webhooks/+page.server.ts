import { addWebhook, webhookEvents, webhooks } from '#server/domain/webhooks/index.ts'
import { orErrorPage } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'
import { withDraft } from './draft.server.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url, 'admin')
  return { webhooks: await orErrorPage(() => webhooks(locals.app, viewer)), events: webhookEvents }
}

export const actions: Actions = {
  add: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return withDraft(data, async (draft) => ({ done: 'added', ...await addWebhook(locals.app, viewer, draft) }))
  },
}
