import { fail, redirect } from '@sveltejs/kit'
import { passSecondStep, signIn, signInWithPasskey } from '#server/domain/sessions/index.ts'
import { safeNext, setSessionCookie, textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = ({ locals, url }) => {
  const next = safeNext(url.searchParams.get('next'))
  if (locals.viewer) redirect(303, next)
  return { next }
}

export const actions: Actions = {
  enter: async ({ request, locals, cookies, getClientAddress }) => {
    const data = await request.formData()
    const next = safeNext(data.get('next'))
    const result = await tryForm(data, () => signIn(locals.app, { login: textOf(data, 'login'), password: textOf(data, 'password', false), userAgent: request.headers.get('user-agent') ?? '', address: getClientAddress() }))
    if ('status' in result) return result
    if ('secondStep' in result) return { ticket: result.secondStep, passkeys: result.passkeys, next }
    setSessionCookie(locals.app, cookies, result.session.token, result.session.expiresAt)
    redirect(303, next)
  },
  code: async ({ request, locals, cookies }) => {
    const data = await request.formData()
    const ticket = textOf(data, 'ticket')
    const result = await tryForm(data, () => passSecondStep(locals.app, ticket, textOf(data, 'code'), request.headers.get('user-agent') ?? ''))
    if ('status' in result) return fail(result.status, { ...result.data, ticket: result.data.code === 'linkGone' ? undefined : ticket, passkeys: data.get('passkeys') === 'yes', next: safeNext(data.get('next')) })
    setSessionCookie(locals.app, cookies, result.token, result.expiresAt)
    redirect(303, safeNext(data.get('next')))
  },
  passkey: async ({ request, locals, cookies, getClientAddress }) => {
    const data = await request.formData()
    const next = safeNext(data.get('next'))
    const ticket = textOf(data, 'ticket') || null
    const result = await tryForm(data, () => signInWithPasskey(locals.app, { response: textOf(data, 'response'), ticket, userAgent: request.headers.get('user-agent') ?? '', address: getClientAddress() }))
    // The answer of the device is used up; the page asks again.
    if ('status' in result) return fail(result.status, { ...result.data, values: {}, ticket: result.data.code === 'linkGone' ? undefined : ticket ?? undefined, passkeys: true, next })
    setSessionCookie(locals.app, cookies, result.token, result.expiresAt)
    redirect(303, next)
  },
}
