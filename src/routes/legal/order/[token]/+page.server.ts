import { confirmSender, legalProfile, orderOf } from '#server/domain/orders/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { orErrorPage, textOf } from '../../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

/** The authority's own page. The link of the letter asks for one more press: mail programs open links by themselves. */
export const load: PageServerLoad = async ({ locals, params, url }) => {
  const [order, profile, settings] = await Promise.all([orErrorPage(() => orderOf(locals.app, params.token)), legalProfile(locals.app), readSettings(locals.app)])
  return { order, profile, operator: settings.operator, confirm: order.confirmedAt ? null : url.searchParams.get('confirm')?.slice(0, 60) ?? null }
}

export const actions: Actions = {
  confirm: async ({ locals, params, request }) => { await confirmSender(locals.app, params.token, textOf(await request.formData(), 'confirm')) },
}
