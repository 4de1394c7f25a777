import { auditLog, verifyAudit } from '#server/domain/moderation/index.ts'
import { askOf } from '../../ask.server.ts'
import { tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const kinds = ['decision', 'account', 'role', 'settings', 'rule', 'announcement', 'invitation', 'report', 'trend']

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const act = kinds.find((kind) => kind === url.searchParams.get('act')) ?? ''
  return { act, kinds, entries: await auditLog(locals.app, viewer, { act, actorId: url.searchParams.get('by'), subjectId: url.searchParams.get('about') }, askOf(url, 50)) }
}

export const actions: Actions = {
  verify: async ({ locals, url, request }) => {
    staffOf(locals, url)
    return tryForm(await request.formData(), async () => { const found = await verifyAudit(locals.app); return { done: 'verified', rows: found.rows, brokenAt: found.brokenAt } })
  },
}
