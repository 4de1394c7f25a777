import { readSettings } from '#server/domain/instance/index.ts'
import { createInvitation, invitationsOf, revokeInvitation } from '#server/domain/invitations/index.ts'
import { requireViewer, textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const [settings, invitations] = await Promise.all([readSettings(locals.app), invitationsOf(locals.app, viewer)])
  return { may: viewer.role !== 'member' || (settings.membersMayInvite && settings.joinMode !== 'closed'), invitations, base: `${locals.app.config.publicUrl}/invite/` }
}

/** An empty field is 'without end'. */
const orNone = (text: string) => (text === '' ? null : Number(text))

export const actions: Actions = {
  create: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const result = await tryForm(data, async () => { await createInvitation(locals.app, viewer, { days: orNone(textOf(data, 'days')), maxUses: orNone(textOf(data, 'uses')), note: textOf(data, 'note') }) })
    return result ?? { saved: true }
  },
  revoke: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => revokeInvitation(locals.app, viewer, textOf(data, 'id'))) ?? { saved: true }
  },
}
