import { addWebhook, webhookEvents, webhooks } from '#server/domain/webhooks/index.ts'
import { orErrorPage, textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url, 'admin')
  return { webhooks: await orErrorPage(() => webhooks(locals.app, viewer)), events: webhookEvents }
}

export const actions: Actions = {
  add: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => ({ done: 'added', ...await addWebhook(locals.app, viewer, { url: textOf(data, 'url'), events: data.getAll('events').map(String), allAudiences: data.has('all') }) }))
  },
}
