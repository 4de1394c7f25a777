import { endInvitation, invitationsOverview } from '#server/domain/moderation/index.ts'
import { askOf } from '../../ask.server.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => ({ invitations: await invitationsOverview(locals.app, staffOf(locals, url), askOf(url, 40)), now: locals.app.now().toISOString() })

export const actions: Actions = {
  end: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await endInvitation(locals.app, viewer, textOf(data, 'id')); return { done: 'ended' } })
  },
}
