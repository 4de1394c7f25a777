import { fail, redirect } from '@sveltejs/kit'
import type { RequestEvent } from '@sveltejs/kit'
import { passSecondStep, sessionCookie, signIn, signInWithPasskey, signOut, suspendedFromSession, viewerFromSession } from '#server/domain/sessions/index.ts'
import type { NewSession } from '#server/domain/sessions/index.ts'
import { safeNext, setSessionCookie, textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = ({ locals, url }) => {
  const next = safeNext(url.searchParams.get('next'))
  // An app may ask for another member, or for the same one once more.
  const again = url.searchParams.has('again')
  if (locals.suspended && !again) redirect(303, '/standing')
  if (locals.viewer && !again) redirect(303, next)
  return { next, again }
}

/** This browser is theirs from now on: whoever was signed in before is not any more, and nothing of another member's stays. */
async function enter({ locals, cookies, setHeaders }: RequestEvent, session: NewSession, next: string): Promise<never> {
  const before = cookies.get(sessionCookie(locals.app))
  if (before && locals.viewer) {
    await signOut(locals.app, before)
    const now = await viewerFromSession(locals.app, session.token)
    if (now?.viewer.id !== locals.viewer.id) setHeaders({ 'clear-site-data': '"cache", "storage"' })
  }
  setSessionCookie(locals.app, cookies, session.token, session.expiresAt)
  redirect(303, await suspendedFromSession(locals.app, session.token) ? '/standing' : next)
}

export const actions: Actions = {
  enter: async (event) => {
    const { request, locals, getClientAddress } = event
    const data = await request.formData()
    const next = safeNext(data.get('next'))
    const result = await tryForm(data, () => signIn(locals.app, { login: textOf(data, 'login'), password: textOf(data, 'password', false), userAgent: request.headers.get('user-agent') ?? '', address: getClientAddress() }))
    if ('status' in result) return result
    if ('secondStep' in result) return { ticket: result.secondStep, passkeys: result.passkeys, next }
    return enter(event, result.session, next)
  },
  code: async (event) => {
    const { request, locals } = event
    const data = await request.formData()
    const ticket = textOf(data, 'ticket')
    const result = await tryForm(data, () => passSecondStep(locals.app, ticket, textOf(data, 'code'), request.headers.get('user-agent') ?? ''))
    if ('status' in result) return fail(result.status, { ...result.data, ticket: result.data.code === 'linkGone' ? undefined : ticket, passkeys: data.get('passkeys') === 'yes', next: safeNext(data.get('next')) })
    return enter(event, result, safeNext(data.get('next')))
  },
  passkey: async (event) => {
    const { request, locals, getClientAddress } = event
    const data = await request.formData()
    const next = safeNext(data.get('next'))
    const ticket = textOf(data, 'ticket') || null
    const result = await tryForm(data, () => signInWithPasskey(locals.app, { response: textOf(data, 'response'), ticket, userAgent: request.headers.get('user-agent') ?? '', address: getClientAddress() }))
    // The answer of the device is used up; the page asks again.
    if ('status' in result) return fail(result.status, { ...result.data, values: {}, ticket: result.data.code === 'linkGone' ? undefined : ticket ?? undefined, passkeys: true, next })
    return enter(event, result, next)
  },
}
