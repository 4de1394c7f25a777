import { redirect } from '@sveltejs/kit'
import { staffOf } from '../staff.server.ts'
import type { PageServerLoad } from './$types.ts'

/** Reports stand on the desk now, with everything else. */
export const load: PageServerLoad = ({ locals, url }) => {
  staffOf(locals, url)
  const show = url.searchParams.get('show')
  redirect(308, show === 'mine' || show === 'done' ? `/admin/desk?show=${show}` : '/admin/desk')
}
