import { rules } from '#server/domain/instance/index.ts'
import { decide, waitingPictures } from '#server/domain/moderation/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { decisionOf } from '../decision.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const [pictures, all] = await Promise.all([waitingPictures(locals.app, viewer), rules(locals.app, locals.locale)])
  return { pictures, rules: all }
}

export const actions: Actions = {
  decide: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await decide(locals.app, viewer, { accountId: textOf(data, 'id') }, decisionOf(data)); return { done: 'decided' } })
  },
}
