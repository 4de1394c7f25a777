import { outbox, sendAgain } from '#server/domain/moderation/index.ts'
import type { MailState } from '#server/domain/moderation/index.ts'
import { askOf } from '../../ask.server.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const states: MailState[] = ['failed', 'queued', 'sent', 'kept']

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url, 'admin')
  const state = states.find((one) => one === url.searchParams.get('state')) ?? null
  return { mails: await outbox(locals.app, viewer, askOf(url, 30), state), sends: locals.app.mailer.sends, state }
}

export const actions: Actions = {
  default: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await sendAgain(locals.app, viewer, textOf(data, 'id')); return { done: 'again' } })
  },
}
