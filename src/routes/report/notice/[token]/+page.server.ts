import { appealNotice } from '#server/domain/appeals/index.ts'
import { noticeOf } from '#server/domain/moderation/index.ts'
import { orErrorPage, textOf, tryForm } from '../../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

/** Whoever has the secret of a notice reads what came of it: never kept by caches, never told to other sites. */
export const load: PageServerLoad = async ({ locals, params, setHeaders, getClientAddress }) => {
  await locals.app.limits.use({ name: 'noticeLook', most: 120, seconds: 3600 }, getClientAddress())
  setHeaders({ 'cache-control': 'private, no-store', 'referrer-policy': 'same-origin' })
  return { seen: await orErrorPage(() => noticeOf(locals.app, params.token)) }
}

export const actions: Actions = {
  appeal: async ({ locals, params, request, getClientAddress }) => {
    const data = await request.formData()
    return tryForm(data, async () => { await appealNotice(locals.app, params.token, textOf(data, 'text'), getClientAddress()); return { done: 'appeal' } })
  },
}
