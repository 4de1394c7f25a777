import { auditLog, verifyAudit } from '#server/domain/moderation/index.ts'
import type { LogAsk } from '#server/domain/moderation/index.ts'
import { askOf } from '../../ask.server.ts'
import { tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import { logAskOf } from './ask.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const kinds = ['decision', 'case', 'order', 'vault', 'account', 'role', 'settings', 'rule', 'screening', 'hashes', 'announcement', 'invitation', 'report', 'appeal', 'trend', 'media', 'webhook', 'record']

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const asked: LogAsk = logAskOf(url)
  return { asked, kinds, mayExport: viewer.role !== 'moderator', entries: await auditLog(locals.app, viewer, asked, askOf(url, 50)) }
}

export const actions: Actions = {
  verify: async ({ locals, url, request }) => {
    staffOf(locals, url)
    return tryForm(await request.formData(), async () => { const found = await verifyAudit(locals.app); return { done: 'verified', rows: found.rows, brokenAt: found.brokenAt, why: found.why, head: found.head } })
  },
}
