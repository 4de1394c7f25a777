import { approveMember, refuseMember, waitingMembers } from '#server/domain/moderation/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => ({ waiting: await waitingMembers(locals.app, staffOf(locals, url)) })

export const actions: Actions = {
  approve: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await approveMember(locals.app, viewer, textOf(data, 'id')); return { done: 'approved' } })
  },
  refuse: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await refuseMember(locals.app, viewer, textOf(data, 'id'), textOf(data, 'reason')); return { done: 'refused' } })
  },
}
