import { openReports } from '#server/domain/moderation/index.ts'
import { askOf } from '../../ask.server.ts'
import { staffOf } from '../staff.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const filter = (['mine', 'done'] as const).find((one) => one === url.searchParams.get('show')) ?? 'open'
  return { filter, reports: await openReports(locals.app, viewer, filter, askOf(url, 30)) }
}
