import { error } from '@sveltejs/kit'
import type { LockdownMode } from '#server/domain/instance/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { beginLockdown, endLockdown } from '#server/domain/operations/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

function ownerOf(locals: App.Locals, url: URL) {
  const viewer = staffOf(locals, url, 'admin')
  if (viewer.role !== 'owner') error(403, 'notAllowed', { code: 'notAllowed' })
  return viewer
}

export const load: PageServerLoad = async ({ locals, url }) => {
  ownerOf(locals, url)
  return { lockdown: (await readSettings(locals.app)).lockdown }
}

export const actions: Actions = {
  on: async ({ locals, url, request }) => {
    const viewer = ownerOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      const ended = await beginLockdown(locals.app, viewer, { mode: textOf(data, 'mode') as LockdownMode, message: textOf(data, 'message'), signOut: data.has('signOut'), keepSession: locals.sessionId })
      return { done: 'on', ...ended }
    })
  },
  off: async ({ locals, url, request }) => {
    const viewer = ownerOf(locals, url)
    return tryForm(await request.formData(), async () => { await endLockdown(locals.app, viewer); return { done: 'off' } })
  },
}
