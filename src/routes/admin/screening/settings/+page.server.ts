import { changeScreening, screeningSettings } from '#server/domain/screening/index.ts'
import { textOf, tryForm } from '../../../forms.server.ts'
import { staffOf } from '../../staff.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => ({ settings: await screeningSettings(locals.app, staffOf(locals, url, 'admin')) })

export const actions: Actions = {
  default: async ({ locals, url, request }) => {
    const viewer = staffOf(locals, url, 'admin')
    const data = await request.formData()
    return tryForm(data, async () => {
      await changeScreening(locals.app, viewer, { messageWords: data.get('messageWords') === 'yes', url: textOf(data, 'url'), secret: textOf(data, 'secret'), when: textOf(data, 'when'), failing: textOf(data, 'failing'), seconds: textOf(data, 'seconds') })
      return { done: 'saved' }
    })
  },
}
