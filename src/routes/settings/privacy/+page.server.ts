import { editProfile, profileOf } from '#server/domain/accounts/index.ts'
import { blockedAccounts, followedTags, mutedAccounts } from '#server/domain/relationships/index.ts'
import { requireViewer, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const [profile, muted, blocked, tags] = await Promise.all([
    profileOf(locals.app, viewer), mutedAccounts(locals.app, viewer, { limit: 80 }), blockedAccounts(locals.app, viewer, { limit: 80 }),
    followedTags(locals.app, viewer),
  ])
  return { locked: profile.locked, discoverable: profile.discoverable, muted: muted.items, blocked: blocked.items, tags }
}

export const actions: Actions = {
  save: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => editProfile(locals.app, viewer, { locked: data.has('locked'), discoverable: data.has('discoverable') })) ?? { saved: true }
  },
}
