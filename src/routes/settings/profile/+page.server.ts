import { editProfile, profileOf, setPicture } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { requireViewer, textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const mostFields = 4

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const [profile, settings] = await Promise.all([profileOf(locals.app, viewer), readSettings(locals.app)])
  return { profile, picturePolicy: settings.picturePolicy, mostFields }
}

export const actions: Actions = {
  save: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => ({ saved: true, held: await editProfile(locals.app, viewer, {
      displayName: textOf(data, 'displayName'), bio: textOf(data, 'bio'), bot: data.has('bot'),
      fields: Array.from({ length: mostFields }, (_, at) => ({ name: textOf(data, `field${at}Name`), value: textOf(data, `field${at}Value`) })),
    }) === 'held' }))
  },
  picture: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const result = await tryForm(data, async () => {
      const media = textOf(data, 'media')
      await setPicture(locals.app, viewer, textOf(data, 'which') === 'cover' ? 'cover' : 'avatar', isId(media) ? media : null)
    })
    return result ?? { saved: true }
  },
}
