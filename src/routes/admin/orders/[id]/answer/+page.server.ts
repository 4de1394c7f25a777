import { error } from '@sveltejs/kit'
import { readSettings } from '#server/domain/instance/index.ts'
import { legalProfile, seeOrder } from '#server/domain/orders/index.ts'
import { orErrorPage } from '../../../../forms.server.ts'
import { staffOf } from '../../../staff.server.ts'
import type { PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url)
  const [order, profile, settings] = await Promise.all([orErrorPage(() => seeOrder(locals.app, viewer, params.id)), legalProfile(locals.app), readSettings(locals.app)])
  if (!order.doneAt && !order.stop) error(404, 'notFound', { code: 'notFound' })
  return { order, profile, operator: settings.operator }
}
