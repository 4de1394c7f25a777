import { auditLog, communityStats } from '#server/domain/moderation/index.ts'
import type { PageServerLoad } from './$types.ts'
import { staffOf } from './staff.server.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const [stats, recent] = await Promise.all([communityStats(locals.app, viewer), auditLog(locals.app, viewer, {}, { limit: 8 })])
  return { stats, recent: recent.items }
}
