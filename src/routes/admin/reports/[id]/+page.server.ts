import { redirect } from '@sveltejs/kit'
import { caseOfReport } from '#server/domain/moderation/index.ts'
import { orErrorPage } from '../../../forms.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { PageServerLoad } from './$types.ts'

/** A report's case on the desk. */
export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url)
  redirect(308, `/admin/desk/${await orErrorPage(() => caseOfReport(locals.app, viewer, params.id))}`)
}
