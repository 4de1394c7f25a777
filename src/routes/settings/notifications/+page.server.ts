import { editPreferences } from '#server/domain/accounts/index.ts'
import { notificationPolicy, setNotificationPolicy } from '#server/domain/notifications/index.ts'
import type { NotificationPolicy, Verdict } from '#server/domain/notifications/index.ts'
import { alertTypes, changePush, endPush, pushServerKey, pushSubscription } from '#server/domain/push/index.ts'
import type { PushPolicy } from '#server/domain/push/index.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { requireViewer, textOf, tryForm } from '../../forms.server.ts'
import type { Actions, PageServerLoad } from './$types.ts'

const kinds = ['follow', 'follow_request', 'mention', 'reply', 'like', 'boost', 'quote', 'poll', 'post', 'edit', 'quoted_update'] as const
const policies = ['notFollowing', 'notFollowers', 'newAccounts', 'privateMentions', 'limitedAccounts'] as const
const verdicts: readonly Verdict[] = ['accept', 'filter', 'drop']
const froms: readonly PushPolicy[] = ['all', 'followed', 'follower', 'none']
const staffOnly: readonly string[] = ['admin.sign_up', 'admin.report']

export const load: PageServerLoad = async ({ locals, url }) => {
  const viewer = requireViewer(locals, url)
  const device = { sessionId: locals.sessionId ?? '0' }
  const [policy, serverKey, push] = await Promise.all([
    notificationPolicy(locals.app, viewer), pushServerKey(locals.app),
    pushSubscription(locals.app, device).catch((error: unknown) => { if (isHearthError(error)) return null; throw error }),
  ])
  return {
    kinds: kinds.map((kind) => ({ kind, on: viewer.preferences.notify?.[kind] !== false })), policy, policies, verdicts, serverKey, froms,
    alerts: alertTypes.filter((type) => viewer.role !== 'member' || !staffOnly.includes(type)).map((type) => ({ type, on: push?.alerts[type] ?? false })),
    push: push && { policy: push.policy, endpoint: push.endpoint },
  }
}

export const actions: Actions = {
  kinds: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    return await tryForm(data, () => editPreferences(locals.app, viewer, { notify: { ...viewer.preferences.notify, ...Object.fromEntries(kinds.map((kind) => [kind, data.has(`notify.${kind}`)])) } })) ?? { saved: true }
  },
  policy: async ({ locals, url, request }) => {
    const viewer = requireViewer(locals, url)
    const data = await request.formData()
    const change: Partial<NotificationPolicy> = {}
    for (const name of policies) change[name] = verdicts.find((verdict) => verdict === textOf(data, name))
    return await tryForm(data, () => setNotificationPolicy(locals.app, viewer, change)) ?? { saved: true }
  },
  push: async ({ locals, url, request }) => {
    requireViewer(locals, url)
    const data = await request.formData()
    const result = await tryForm(data, async () => {
      await changePush(locals.app, { sessionId: locals.sessionId ?? '0' }, { alerts: Object.fromEntries(alertTypes.map((type) => [type, data.has(`alert.${type}`)])), policy: froms.find((from) => from === textOf(data, 'from')) })
    })
    return result ?? { saved: true }
  },
  off: async ({ locals, url }) => {
    requireViewer(locals, url)
    await endPush(locals.app, { sessionId: locals.sessionId ?? '0' })
    return { saved: true }
  },
}
