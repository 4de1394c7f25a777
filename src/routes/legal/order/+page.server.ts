import { fail, redirect } from '@sveltejs/kit'
import { grounds, legalProfile, memberStates, receiveOrder } from '#server/domain/orders/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals }) => ({ grounds: [...grounds], memberStates, profile: await legalProfile(locals.app) })

export const actions: Actions = {
  default: async ({ locals, request, getClientAddress }) => {
    const data = await request.formData()
    const made = await tryForm(data, async () => {
      const given = data.get('file')
      const file = given instanceof File && given.size > 0 ? { name: given.name, mime: given.type, data: Buffer.from(await given.arrayBuffer()) } : null
      const field = (name: string) => textOf(data, name)
      return receiveOrder(locals.app, {
        kind: field('kind'), authority: field('authority'), country: field('country'), contactName: field('contactName'), contactEmail: field('contactEmail'), contactPhone: field('contactPhone'), reference: field('reference'), issuedOn: field('issuedOn'),
        addresses: field('addresses'), why: field('why'), law: field('law'), languages: field('languages'), redress: field('redress'), quietWhy: field('quietWhy'), territory: field('territory'), quiet: data.get('quiet') === 'yes',
        grounds: data.getAll('grounds').filter((one) => typeof one === 'string'), trap: field('website'),
      }, file, { address: getClientAddress(), locale: locals.locale })
    })
    if ('token' in made) redirect(303, `/legal/order/${made.token}`)
    // What was ticked is kept as well.
    return fail(made.status, { ...made.data, values: { ...made.data.values, grounds: data.getAll('grounds').join(' ') } })
  },
}
