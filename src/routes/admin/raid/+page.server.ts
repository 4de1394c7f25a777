import { redirect } from '@sveltejs/kit'
import { accountView } from '#server/domain/accounts/index.ts'
import { endRaid, readSettings, startRaid } from '#server/domain/instance/index.ts'
import { raidSign } from '#server/domain/moderation/index.ts'
import { textOf, tryForm } from '../../forms.server.ts'
import { staffOf } from '../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  staffOf(locals, url)
  const [{ raid }, sign] = await Promise.all([readSettings(locals.app), raidSign(locals.app)])
  return { raid, sign, by: raid?.byId ? await accountView(locals.app, raid.byId) : null, said: url.searchParams.get('said') }
}

export const actions: Actions = {
  /** Also pressed on the desk, with nothing but what is usual. */
  start: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url)
    const data = await request.formData()
    const chosen = data.has('chosen')
    const failure = await tryForm(data, () => startRaid(locals.app, viewer, chosen ? { hours: Number(textOf(data, 'hours') || 6), joinMode: textOf(data, 'joinMode'), hold: data.has('hold'), bare: data.has('bare'), why: textOf(data, 'why') } : {}))
    return failure ?? redirect(303, '/admin/raid?said=started')
  },
  end: async ({ locals, url }) => {
    await endRaid(locals.app, staffOf(locals, url))
    redirect(303, '/admin/raid?said=ended')
  },
}
