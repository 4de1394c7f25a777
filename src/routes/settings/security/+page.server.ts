import { redirect } from '@sveltejs/kit'
import { addPasskey, beginTotp, begunTotp, changePassword, confirmTotp, makeRecoveryCodes, removePasskey, removeTotp, revokeSession, securityOf, sessionsOf, setEmail, signOutEverywhere } from '#server/domain/sessions/index.ts'
import { requireViewer, textOf, tryForm } from '../../forms.server.ts'
import type { RequestEvent } from '@sveltejs/kit'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  // After a wrong code the same secret is shown again; otherwise it stays on the server.
  const [security, sessions, begun] = await Promise.all([securityOf(locals.app, viewer), sessionsOf(locals.app, viewer, locals.sessionId), url.searchParams.has('/confirmTotp') ? begunTotp(locals.app, viewer) : null])
  return { security, sessions, begun, sendsMail: locals.app.mailer.sends }
}

/** One form, one verb; what it returns goes to the page. */
const on = <Result extends object | void>(verb: (event: RequestEvent & { viewer: NonNullable<App.Locals['viewer']>; data: FormData }) => Promise<Result>) => async (event: RequestEvent) => {
  const viewer = requireViewer(event.locals, event.url)
  const data = await event.request.formData()
  return await tryForm(data, () => verb(Object.assign(event, { viewer, data }))) ?? { saved: true }
}

export const actions: Actions = {
  password: on(({ locals, viewer, data }) => changePassword(locals.app, viewer, locals.sessionId, textOf(data, 'oldPassword', false), textOf(data, 'newPassword', false), { keepApps: data.get('endApps') === null })),
  email: on(({ locals, viewer, data }) => setEmail(locals.app, viewer, textOf(data, 'email'), textOf(data, 'emailPassword', false)).then(() => ({ mailSent: true }))),
  beginTotp: on(({ locals, viewer }) => beginTotp(locals.app, viewer).then((totp) => ({ totp }))),
  confirmTotp: on(({ locals, viewer, data }) => confirmTotp(locals.app, viewer, textOf(data, 'code')).then((codes) => ({ codes }))),
  removeTotp: on(({ locals, viewer, data }) => removeTotp(locals.app, viewer, textOf(data, 'stepPassword', false))),
  codes: on(({ locals, viewer, data }) => makeRecoveryCodes(locals.app, viewer, textOf(data, 'stepPassword', false)).then((codes) => ({ codes }))),
  addPasskey: on(({ locals, viewer, data }) => addPasskey(locals.app, viewer, textOf(data, 'response'), textOf(data, 'passkeyName'))),
  removePasskey: on(({ locals, viewer, data }) => removePasskey(locals.app, viewer, textOf(data, 'id'))),
  revoke: on(({ locals, viewer, data }) => revokeSession(locals.app, viewer, textOf(data, 'id'))),
  signOutEverywhere: async ({ locals, url }) => {
    await signOutEverywhere(locals.app, requireViewer(locals, url).id)
    redirect(303, '/login')
  },
}
