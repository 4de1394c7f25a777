import { appsOf, revokeApps } from '#server/domain/apps/index.ts'
import { makeScriptToken } from '#server/domain/sessions/index.ts'
import { requireViewer, textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  return { apps: await appsOf(locals.app, viewer), choices: ['read', 'write', 'follow', 'push', ...viewer.role === 'member' ? [] : ['admin:read', 'admin:write']] }
}

export const actions: Actions = {
  end: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => revokeApps(locals.app, viewer, textOf(data, 'id'))) ?? { saved: true }
  },
  endAll: async ({ locals, url }) => {
    await revokeApps(locals.app, requireViewer(locals, url))
    return { saved: true }
  },
  make: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const scopes = data.getAll('scopes').filter((one) => typeof one === 'string')
    const made = await tryForm(data, () => makeScriptToken(locals.app, viewer, { name: textOf(data, 'name'), scopes, password: textOf(data, 'password', false) }))
    return 'status' in made ? made : { made }
  },
}
