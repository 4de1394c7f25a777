import { redirect } from '@sveltejs/kit'
import { beginTotp, changePassword, confirmTotp, makeRecoveryCodes, removeTotp, revokeSession, securityOf, sessionsOf, setEmail, signOutEverywhere } from '#server/domain/sessions/index.ts'
import { requireViewer, textOf, tryForm } from '../../forms.server.ts'
import type { RequestEvent } from '@sveltejs/kit'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const [security, sessions] = await Promise.all([securityOf(locals.app, viewer), sessionsOf(locals.app, viewer, locals.sessionId)])
  return { security, sessions, sendsMail: locals.app.mailer.sends }
}

/** One form, one verb; what it returns goes to the page. */
const on = <Result extends object | void>(verb: (event: RequestEvent & { viewer: NonNullable<App.Locals['viewer']>; data: FormData }) => Promise<Result>) => async (event: RequestEvent) => {
  const viewer = requireViewer(event.locals, event.url)
  const data = await event.request.formData()
  return await tryForm(data, () => verb(Object.assign(event, { viewer, data }))) ?? { saved: true }
}

export const actions: Actions = {
  password: on(async ({ locals, viewer, data }) => {
    if (textOf(data, 'newPassword', false) !== '') await changePassword(locals.app, viewer, locals.sessionId, textOf(data, 'oldPassword', false), textOf(data, 'newPassword', false))
  }),
  email: on(({ locals, viewer, data }) => setEmail(locals.app, viewer, textOf(data, 'email'), textOf(data, 'emailPassword', false)).then(() => ({ mailSent: true }))),
  beginTotp: on(({ locals, viewer }) => beginTotp(locals.app, viewer).then((totp) => ({ totp }))),
  confirmTotp: on(({ locals, viewer, data }) => confirmTotp(locals.app, viewer, textOf(data, 'code')).then((codes) => ({ codes }))),
  removeTotp: on(({ locals, viewer, data }) => removeTotp(locals.app, viewer, textOf(data, 'stepPassword', false))),
  codes: on(({ locals, viewer, data }) => makeRecoveryCodes(locals.app, viewer, textOf(data, 'stepPassword', false)).then((codes) => ({ codes }))),
  revoke: on(({ locals, viewer, data }) => revokeSession(locals.app, viewer, textOf(data, 'id'))),
  signOutEverywhere: async ({ locals, url }) => {
    await signOutEverywhere(locals.app, requireViewer(locals, url).id)
    redirect(303, '/login')
  },
}
