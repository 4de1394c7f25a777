import { redirect } from '@sveltejs/kit'
import { readSettings, rules } from '#server/domain/instance/index.ts'
import { findInvitation, takeInvitation } from '#server/domain/invitations/index.ts'
import { signUp } from '#server/domain/sessions/index.ts'
import { setSessionCookie, textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  if (locals.viewer) redirect(303, '/')
  const code = url.searchParams.get('invitation') ?? ''
  const [settings, ruleList, invitation] = await Promise.all([readSettings(locals.app), rules(locals.app, locals.locale), code ? findInvitation(locals.app, code) : null])
  return { joinMode: settings.joinMode, emailMode: settings.emailMode, hasTerms: settings.terms !== '', rules: ruleList, invitation: invitation ? { code: invitation.code, inviter: invitation.inviter } : null, invitationGone: code !== '' && !invitation }
}

export const actions: Actions = {
  default: async ({ request, locals, cookies, getClientAddress }) => {
    const data = await request.formData()
    const code = textOf(data, 'invitation')
    const result = await tryForm(data, () => signUp(locals.app, {
      username: textOf(data, 'username').replace(/^@/, ''), password: textOf(data, 'password', false), email: textOf(data, 'email') || undefined, reason: textOf(data, 'reason'),
      consent: data.get('consent') === 'yes', locale: locals.locale, userAgent: request.headers.get('user-agent') ?? '', address: getClientAddress(),
      invitation: code ? (tx) => takeInvitation(locals.app, tx, code) : undefined,
    }))
    if ('status' in result) return result
    setSessionCookie(locals.app, cookies, result.session.token, result.session.expiresAt)
    redirect(303, result.state === 'pending' ? '/waiting' : '/welcome')
  },
}
