import { redirect } from '@sveltejs/kit'
import { deleteAccount } from '#server/domain/sessions/index.ts'
import { clearSessionCookie, requireViewer, textOf, tryForm } from '../../forms.server.ts'
import type { Actions } from './$types.ts'

export const actions: Actions = {
  default: async ({ locals, url, request, cookies }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const failure = await tryForm(data, () => deleteAccount(locals.app, viewer, textOf(data, 'password', false)))
    if (failure) return failure
    clearSessionCookie(locals.app, cookies)
    redirect(303, '/')
  },
}
