import { waitingCounts } from '#server/domain/moderation/index.ts'
import type { LayoutServerLoad } from './$types.ts'
import { staffOf } from './staff.server.ts'

/** Nobody without a role gets in here; each page and verb checks again what that role may. */
export const load: LayoutServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  return { counts: await waitingCounts(locals.app, viewer), isAdmin: viewer.role === 'admin' || viewer.role === 'owner', role: viewer.role }
}
