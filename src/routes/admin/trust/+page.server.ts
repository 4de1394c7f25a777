import { changeTrustSettings, trustSettings } from '#server/domain/trust/index.ts'
import { tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  staffOf(locals, url, 'admin')
  return { trust: await trustSettings(locals.app) }
}

export const actions: Actions = {
  default: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    const given = Object.fromEntries([...data].flatMap(([name, value]) => (typeof value === 'string' && /^(needs|start|limits)\./.test(name) ? [[name, value]] : [])))
    return tryForm(data, async () => { await changeTrustSettings(locals.app, viewer, given); return { done: 'saved' } })
  },
}
