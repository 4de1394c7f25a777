import { redirect } from '@sveltejs/kit'
import { rules } from '#server/domain/instance/index.ts'
import { claimReport, decide, releaseReport, seeReport } from '#server/domain/moderation/index.ts'
import { orErrorPage, textOf, tryForm } from '../../../forms.server.ts'
import { decisionOf } from '../../decision.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url, params }) => {
  const viewer = staffOf(locals, url)
  const [report, all] = await Promise.all([orErrorPage(() => seeReport(locals.app, viewer, params.id)), rules(locals.app, locals.locale)])
  return { report, rules: all }
}

export const actions: Actions = {
  claim: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    return tryForm(await request.formData(), async () => { await claimReport(locals.app, viewer, params.id); return { done: 'claimed' } })
  },
  release: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    return tryForm(await request.formData(), async () => { await releaseReport(locals.app, viewer, params.id); return { done: 'released' } })
  },
  /** Takes a removal back, also after the report was decided. */
  restore: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      const { account } = await seeReport(locals.app, viewer, params.id)
      await decide(locals.app, viewer, { accountId: account.id, postId: textOf(data, 'postId') }, { act: 'restore_post' })
      return { done: 'restored' }
    })
  },
  decide: async ({ locals, url, params, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => {
      await decide(locals.app, viewer, { reportId: params.id }, decisionOf(data))
      redirect(303, '/admin/reports')
    })
  },
}
