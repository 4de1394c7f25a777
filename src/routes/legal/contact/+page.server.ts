import { readSettings } from '#server/domain/instance/index.ts'
import { legalProfile } from '#server/domain/orders/index.ts'
import type { PageServerLoad } from './$types.ts'

/** The contact points that the law asks for: anyone may read them. */
export const load: PageServerLoad = async ({ locals }) => {
  const [profile, settings] = await Promise.all([legalProfile(locals.app), readSettings(locals.app)])
  return { profile, operator: settings.operator, contactEmail: settings.contactEmail }
}
