import { cancelScheduled, reschedulePost, scheduledOf } from '#server/domain/scheduled/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { askOf } from '../ask.server.ts'
import { requireViewer, textOf, tryForm } from '../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => ({ plans: await scheduledOf(locals.app, requireViewer(locals, url), askOf(url)) })

export const actions: Actions = {
  move: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const moved = await tryForm(data, async () => {
      const at = textOf(data, 'at')
      if (!at) throw invalidForm([{ field: 'scheduledAt', message: 'error.badDate' }])
      // With JavaScript the field's own minutes to UTC come along; without, the time is in UTC.
      const minutes = Number(textOf(data, 'zone')) || 0
      await reschedulePost(locals.app, viewer, textOf(data, 'id'), new Date(Date.parse(`${at}Z`) + minutes * 60_000))
    })
    return moved ?? { saved: true }
  },
  cancel: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => cancelScheduled(locals.app, viewer, textOf(data, 'id'))) ?? { saved: true }
  },
}
