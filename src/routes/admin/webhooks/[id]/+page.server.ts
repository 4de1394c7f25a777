import { redirect } from '@sveltejs/kit'
import { changeWebhook, pauseWebhook, pingWebhook, redeliver, removeWebhook, renewWebhookSecret, webhookById, webhookEvents, webhookLog } from '#server/domain/webhooks/index.ts'
import { askOf } from '../../../ask.server.ts'
import { orErrorPage, textOf, tryForm } from '../../../forms.server.ts'
import { staffOf } from '../../staff.server.ts'
import { withDraft } from '../draft.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url, 'admin')
  return orErrorPage(async () => ({ hook: await webhookById(locals.app, viewer, params.id), log: await webhookLog(locals.app, viewer, params.id, askOf(url, 20)), events: webhookEvents }))
}

export const actions: Actions = {
  change: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return withDraft(data, async (draft) => { await changeWebhook(locals.app, viewer, params.id, draft); return { done: 'changed' } })
  },
  renew: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url, 'admin')
    return tryForm(await request.formData(), async () => ({ done: 'renewed', secret: await renewWebhookSecret(locals.app, viewer, params.id) }))
  },
  pause: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await pauseWebhook(locals.app, viewer, params.id, data.get('paused') === 'yes'); return { done: 'changed' } })
  },
  ping: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url, 'admin')
    return tryForm(await request.formData(), async () => { await pingWebhook(locals.app, viewer, params.id); return { done: 'pinged' } })
  },
  again: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await redeliver(locals.app, viewer, textOf(data, 'delivery')); return { done: 'resent' } })
  },
  remove: async ({ locals, url, request, params }) => {
    const viewer = staffOf(locals, url, 'admin')
    const gone = await tryForm(await request.formData(), async () => { await removeWebhook(locals.app, viewer, params.id); return { done: 'removed' } })
    if ('done' in gone) redirect(303, '/admin/webhooks')
    return gone
  },
}
