import { error, fail, redirect } from '@sveltejs/kit'
import { readSettings } from '#server/domain/instance/index.ts'
import { typed } from '../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

/** Where the front door leads whom a lockdown keeps out, whatever they had asked for; nobody else has business here. */
const codeOf = (request: Request) => request.headers.get('x-hearth-locked')

export const load: PageServerLoad = async ({ locals, request }) => {
  const code = codeOf(request)
  const { lockdown } = await readSettings(locals.app)
  if (!code || !lockdown) redirect(303, '/')
  if (request.method === 'GET' || request.method === 'HEAD') error(503, code, { code, params: { message: lockdown.message } })
  return { shut: true, code, message: lockdown.message }
}

export const actions: Actions = {
  // Whatever form it was: what was typed goes back to where it came from.
  default: async ({ locals, request }) => {
    const code = codeOf(request)
    if (!code) redirect(303, '/')
    const { lockdown } = await readSettings(locals.app)
    return fail(503, { code, params: { message: lockdown?.message ?? '' }, problems: [], values: typed(await request.formData()) })
  },
}
