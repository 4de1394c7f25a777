import { requestPasswordReset, resetPassword } from '#server/domain/sessions/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = ({ url, locals }) => ({ token: url.searchParams.get('token') ?? '', sends: locals.app.mailer.sends })

export const actions: Actions = {
  ask: async ({ request, locals, getClientAddress }) => {
    const data = await request.formData()
    return await tryForm(data, () => requestPasswordReset(locals.app, textOf(data, 'email'), getClientAddress())) ?? { asked: true }
  },
  set: async ({ request, locals }) => {
    const data = await request.formData()
    return await tryForm(data, () => resetPassword(locals.app, textOf(data, 'token'), textOf(data, 'password', false))) ?? { done: true }
  },
}
