import { redirect } from '@sveltejs/kit'
import { nextCase } from '#server/domain/cases/index.ts'
import { staffOf } from '../../staff.server.ts'
import type { PageServerLoad } from './$types.ts'

/** The most urgent case that nobody is on. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const id = await nextCase(locals.app, viewer, url.searchParams.get('after'))
  redirect(303, id ? `/admin/desk/${id}` : '/admin/desk')
}
