import { redirect } from '@sveltejs/kit'
import { securityOf } from '#server/domain/sessions/index.ts'
import { requireViewer } from '../../forms.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  if (viewer.state !== 'pending') redirect(303, '/')
  const { email, emailConfirmed } = await securityOf(locals.app, viewer)
  return { confirmMail: email !== null && !emailConfirmed }
}
