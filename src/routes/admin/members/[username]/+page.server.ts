import { findAccountByUsername } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { App as HearthApp } from '#server/app.ts'
import { rules } from '#server/domain/instance/index.ts'
import { changeRole, decide, decisionsFor, seeMember, setTrustedFlagger } from '#server/domain/moderation/index.ts'
import { pinTrust, seeTrust } from '#server/domain/trust/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { orErrorPage, textOf, tryForm } from '../../../forms.server.ts'
import { decisionOf } from '../../decision.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

async function memberNamed(app: HearthApp, username: string): Promise<Account> {
  const account = await findAccountByUsername(app, username)
  if (!account) throw notFound()
  return account
}

export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url)
  return orErrorPage(async () => {
    const account = await memberNamed(locals.app, params.username)
    const [member, decisions, all, trust] = await Promise.all([seeMember(locals.app, viewer, account.id), decisionsFor(locals.app, viewer, account.id), rules(locals.app, locals.locale), seeTrust(locals.app, viewer, account.id)])
    return { isAdmin: viewer.role !== 'moderator', member, decisions: decisions.items, rules: all, trust, mayPin: (viewer.role === 'admin' || viewer.role === 'owner') && viewer.id !== account.id && account.role === 'member' }
  })
}

export const actions: Actions = {
  role: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await changeRole(locals.app, viewer, (await memberNamed(locals.app, params.username)).id, textOf(data, 'role')); return { done: 'role' } })
  },
  trust: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await pinTrust(locals.app, viewer, (await memberNamed(locals.app, params.username)).id, data.has('unpin') ? null : textOf(data, 'level'), textOf(data, 'why')); return { done: 'trust' } })
  },
  flagger: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => { await setTrustedFlagger(locals.app, viewer, (await memberNamed(locals.app, params.username)).id, textOf(data, 'trusted') === 'yes'); return { done: 'role' } })
  },
  decide: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await decide(locals.app, viewer, { accountId: (await memberNamed(locals.app, params.username)).id }, decisionOf(data)); return { done: 'decided' } })
  },
}
