import { findAccountByUsername } from '#server/domain/accounts/index.ts'
import { branchRoots, closeBranch, holdBranch, holdDays, seeBranch } from '#server/domain/moderation/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { askOf } from '../../../ask.server.ts'
import { orErrorPage, textOf, tryForm } from '../../../forms.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

/** ?of=NAME: the branch of a member; without, where trees begin. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = staffOf(locals, url)
  const name = url.searchParams.get('of')
  const ask = askOf(url, 30)
  if (!name) return { branch: null, roots: await branchRoots(locals.app, viewer, ask), days: holdDays }
  return orErrorPage(async () => {
    const account = await findAccountByUsername(locals.app, name)
    if (!account) throw notFound()
    return { branch: await seeBranch(locals.app, viewer, account.id, ask), roots: null, days: holdDays }
  })
}

export const actions: Actions = {
  hold: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { const days = Number(textOf(data, 'days')); return { done: days ? 'held' : 'released', count: await holdBranch(locals.app, viewer, textOf(data, 'id'), days) } })
  },
  close: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => ({ done: 'closed', count: await closeBranch(locals.app, viewer, textOf(data, 'id')) }))
  },
}
