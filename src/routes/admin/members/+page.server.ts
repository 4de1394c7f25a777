import { listMembers } from '#server/domain/moderation/index.ts'
import { askOf } from '../../ask.server.ts'
import { staffOf } from '../staff.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const filter = { q: url.searchParams.get('q') ?? '', role: url.searchParams.get('role') ?? '', state: url.searchParams.get('state') ?? '' }
  return { filter, members: await listMembers(locals.app, viewer, filter, askOf(url, 40)) }
}
