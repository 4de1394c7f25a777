import { readSettings } from '#server/domain/instance/index.ts'
import { waitingCounts } from '#server/domain/moderation/index.ts'
import { openOrders } from '#server/domain/orders/index.ts'
import type { LayoutServerLoad } from './$types.ts'
import { staffOf } from './staff.server.ts'

/** Nobody without a role gets in here; each page and verb checks again what that role may. */
export const load: LayoutServerLoad = async ({ locals, url, depends }) => {
  depends('hearth:orders')
  const viewer = staffOf(locals, url)
  const [{ raid }, counts, orders] = await Promise.all([readSettings(locals.app), waitingCounts(locals.app, viewer), openOrders(locals.app, viewer)])
  return { raidUntil: raid?.until ?? null, counts, orders, now: locals.app.now().toISOString(), isAdmin: viewer.role === 'admin' || viewer.role === 'owner', role: viewer.role }
}
