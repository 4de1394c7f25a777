import { editProfile, profileOf } from '#server/domain/accounts/index.ts'
import { addHiddenPhrase, blockedAccounts, followedTags, hiddenPhrases, mutedAccounts, removeHiddenPhrase } from '#server/domain/relationships/index.ts'
import { requireViewer, textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const [profile, muted, blocked, phrases, tags] = await Promise.all([
    profileOf(locals.app, viewer), mutedAccounts(locals.app, viewer, { limit: 80 }), blockedAccounts(locals.app, viewer, { limit: 80 }),
    hiddenPhrases(locals.app, viewer), followedTags(locals.app, viewer),
  ])
  return { locked: profile.locked, discoverable: profile.discoverable, muted: muted.items, blocked: blocked.items, phrases, tags }
}

export const actions: Actions = {
  save: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => editProfile(locals.app, viewer, { locked: data.has('locked'), discoverable: data.has('discoverable') })) ?? { saved: true }
  },
  hide: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const days = Number(textOf(data, 'days'))
    const result = await tryForm(data, async () => {
      await addHiddenPhrase(locals.app, viewer, { phrase: textOf(data, 'phrase'), wholeWord: data.has('wholeWord'), action: textOf(data, 'action') === 'warn' ? 'warn' : 'hide', seconds: days > 0 && days <= 365 ? days * 86_400 : undefined })
    })
    return result ?? { saved: true }
  },
  show: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => removeHiddenPhrase(locals.app, viewer, textOf(data, 'id'))) ?? { saved: true }
  },
}
