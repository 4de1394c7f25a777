import { redirect } from '@sveltejs/kit'
import { legalProfile, memberStates, orders, testOrder, writeLegalProfile } from '#server/domain/orders/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const [list, profile] = await Promise.all([orders(locals.app, viewer), legalProfile(locals.app)])
  return { ...list, memberStates, profile, mayWrite: viewer.role !== 'moderator' }
}

export const actions: Actions = {
  test: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    return tryForm(await request.formData(), async () => redirect(303, `/admin/orders/${await testOrder(locals.app, viewer)}`))
  },
  profile: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    const field = (name: string) => textOf(data, name)
    return tryForm(data, async () => {
      await writeLegalProfile(locals.app, viewer, { country: field('country'), email: field('email'), phone: field('phone'), address: field('address'), languages: field('languages').toLowerCase().split(/[\s,،;]+/).filter(Boolean), representative: field('representative'), authority: field('authority'), hours: field('hours') })
      return { done: 'saved' }
    })
  },
}
