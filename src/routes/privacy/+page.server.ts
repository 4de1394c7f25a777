import { redirect } from '@sveltejs/kit'
import { instanceText } from '#server/domain/instance/index.ts'
import type { PageServerLoad } from './$types.ts'

/** The privacy policy; where none was written, what the program itself does stands on /about. */
export const load: PageServerLoad = async ({ locals }) => {
  const text = await instanceText(locals.app, 'privacy')
  if (!text) redirect(303, '/about#more')
  return { text }
}
