import { confirmEmail } from '#server/domain/sessions/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = ({ url }) => ({ token: url.searchParams.get('token') ?? '' })

export const actions: Actions = {
  // A press, not the visit: programs that look at links in mail must not use it up.
  default: async ({ request, locals }) => {
    const data = await request.formData()
    return await tryForm(data, () => confirmEmail(locals.app, textOf(data, 'token'))) ?? { done: true }
  },
}
