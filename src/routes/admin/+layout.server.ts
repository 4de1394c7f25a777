import { readSettings } from '#server/domain/instance/index.ts'
import { waitingCounts } from '#server/domain/moderation/index.ts'
import type { LayoutServerLoad } from './$types.ts'
import { staffOf } from './staff.server.ts'

/** Nobody without a role gets in here; each page and verb checks again what that role may. */
export const load: LayoutServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const { raid } = await readSettings(locals.app)
  return { raidUntil: raid?.until ?? null, counts: await waitingCounts(locals.app, viewer), isAdmin: viewer.role === 'admin' || viewer.role === 'owner', role: viewer.role }
}
