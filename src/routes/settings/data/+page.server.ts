import { redirect } from '@sveltejs/kit'
import { deleteAccount } from '#server/domain/sessions/index.ts'
import { clearSessionCookie, requireViewer, textOf, tryForm } from '../../forms.server.ts'
import { quotaOf } from '#server/domain/media/index.ts'
import type { Actions, PageServerLoad } from './$types.ts'

/** What the member keeps here, in MB. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const { used, quota } = await quotaOf(locals.app, requireViewer(locals, url))
  const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024)
  return { used: megabytes(used), quota: quota === null ? null : megabytes(quota) }
}

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
