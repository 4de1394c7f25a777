import { redirect } from '@sveltejs/kit'
import { sessionCookie, signOut } from '#server/domain/sessions/index.ts'
import { clearSessionCookie } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = () => redirect(303, '/')

export const actions: Actions = {
  default: async ({ locals, cookies, setHeaders }) => {
    const token = cookies.get(sessionCookie(locals.app))
    if (token) await signOut(locals.app, token)
    clearSessionCookie(locals.app, cookies)
    // What this browser kept for reading offline goes, too.
    setHeaders({ 'clear-site-data': '"cache", "storage"' })
    redirect(303, '/')
  },
}
