import { editPreferences, editProfile, profileOf } from '#server/domain/accounts/index.ts'
import { blockedAccounts, followedTags, mutedAccounts } from '#server/domain/relationships/index.ts'
import { requireViewer, textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const quotePolicies = ['public', 'followers', 'ask', 'nobody'] as const
const replyPolicies = ['everyone', 'followers', 'followed', 'mentioned', 'nobody'] as const
const namePolicies = ['everyone', 'followed', 'nobody'] as const
const mediaWays = ['covered', 'show', 'hide'] as const

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const [profile, muted, blocked, tags] = await Promise.all([
    profileOf(locals.app, viewer), mutedAccounts(locals.app, viewer, { limit: 80 }), blockedAccounts(locals.app, viewer, { limit: 80 }),
    followedTags(locals.app, viewer),
  ])
  return { locked: profile.locked, discoverable: profile.discoverable, preferences: viewer.preferences, quotePolicies, replyPolicies, namePolicies, mediaWays, muted: muted.items, blocked: blocked.items, tags }
}

export const actions: Actions = {
  ways: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const change = {
      quotePolicy: quotePolicies.find((one) => one === textOf(data, 'quotePolicy')) ?? 'public', replyPolicy: replyPolicies.find((one) => one === textOf(data, 'replyPolicy')) ?? 'everyone',
      mayMention: namePolicies.find((one) => one === textOf(data, 'mayMention')) ?? 'everyone', mayMessage: namePolicies.find((one) => one === textOf(data, 'mayMessage')) ?? 'everyone', sensitive: data.has('sensitive'),
      showMedia: mediaWays.find((one) => one === textOf(data, 'showMedia')) ?? 'covered', openWarnings: data.has('openWarnings'), adult: data.has('adult'),
    }
    return await tryForm(data, () => editPreferences(locals.app, viewer, change)) ?? { saved: true }
  },
  save: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return tryForm(data, async () => { await editProfile(locals.app, viewer, { locked: data.has('locked'), discoverable: data.has('discoverable') }); return { saved: true } })
  },
}
