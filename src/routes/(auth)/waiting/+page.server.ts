import { redirect } from '@sveltejs/kit'
import { confirmAgain, securityOf } from '#server/domain/sessions/index.ts'
import { requireViewer, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  if (viewer.state !== 'pending') redirect(303, '/')
  const { email, emailConfirmed } = await securityOf(locals.app, viewer)
  return { confirmMail: email !== null && !emailConfirmed, sends: locals.app.mailer.sends }
}

export const actions: Actions = {
  again: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    return await tryForm(await request.formData(), async () => { await confirmAgain(locals.app, viewer) }) ?? { sent: true }
  },
}
