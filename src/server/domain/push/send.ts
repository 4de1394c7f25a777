import { loadCatalogue } from '#i18n/load.ts'
import { translator } from '#i18n/translate.ts'
import type { App } from '#server/app.ts'
import { countriesOfPost } from '#server/domain/withholding/index.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { appKinds, appTypeOf, seeNotification } from '#server/domain/notifications/index.ts'
import type { NotificationView } from '#server/domain/notifications/index.ts'
import { isHearthError } from '#server/platform/errors.ts'
import { pushRequest } from '#server/platform/webpush/index.ts'
import { deliver } from './deliver.ts'
import { pushKeys, tokenSeal } from './keys.ts'
import { deleteDead, deleteOfRevoked, selectPairs, selectSubscriptionById } from './queries.ts'
import type { SubscriptionRow } from './queries.ts'
import { wordsOf } from './words.ts'

const typeOf = Object.fromEntries(appKinds.map((kind) => [kind, appTypeOf(kind) ?? '']))
const keepTrying = 48 * 3600 // seconds a push service holds a message for a device that is off
const longestWait = 24 * 3600 // seconds, whatever a push service asks for
const mostTries = 8

/** What follows from new notifications: a job for each device that wants to hear of one. Twice replaces what waits. */
export async function pushNotifications(app: App, notificationIds: string[]): Promise<void> {
  const pairs = await selectPairs(app.database.queries, notificationIds, typeOf, app.now())
  await app.jobs.addAll(app.database.queries, 'push', pairs.map((pair) => ({ notificationId: pair.notification_id, subscriptionId: pair.subscription_id })), { maxAttempts: mostTries, keyOf: ({ notificationId, subscriptionId }) => `push:${notificationId}:${subscriptionId}` })
}

/**
 * Job: one message to one device. Everything is asked again now: the right to see, the switches, the token. The
 * subscription of a device that is gone (404, 410) goes quietly; who asks to wait is waited for; failures are tried again later.
 */
export async function sendPush(app: App, notificationId: string, subscriptionId: string, tries = 0): Promise<void> {
  const [pair] = await selectPairs(app.database.queries, [notificationId], typeOf, app.now(), subscriptionId)
  const target = pair && await selectSubscriptionById(app.database.queries, subscriptionId)
  const viewer = target && await findAccount(app, target.account_id)
  const notification = viewer && await seeNotification(app, viewer, notificationId).catch((error: unknown) => { if (isHearthError(error)) return null; throw error })
  // What a filter of the member's hides among notifications isn't pushed either.
  if (!notification || notification.post?.filtered.some((one) => one.action === 'hide' && one.contexts.includes('notifications'))) return
  const [keys, settings, message] = await Promise.all([pushKeys(app), readSettings(app), messageOf(app, viewer, target, notification)])
  const { status, retryAfter } = await deliver(app, pushRequest(target, message, { keys, subject: subjectOf(app.config.publicUrl, settings.contactEmail), seconds: keepTrying, topic: notificationId }))
  if (status < 300) return
  if (status === 404 || status === 410) return deleteDead(app.database.queries, target.id, target.endpoint)
  if (status === 429 || status === 503) {
    if (tries + 1 >= mostTries) return
    const wait = Math.min(longestWait, Math.max(retryAfter ?? 60 * 2 ** tries, 1))
    return app.jobs.add(app.database.queries, 'push', { notificationId, subscriptionId, tries: tries + 1 }, { runAt: new Date(app.now().getTime() + wait * 1000), key: `push-later:${notificationId}:${subscriptionId}`, maxAttempts: mostTries })
  }
  // What the service will never take isn't offered again; that the message is too long says nothing about the device.
  if (status >= 400 && status < 500 && status !== 408) {
    app.log.warn('a push service refused a message', { status, host: new URL(target.endpoint).host })
    return
  }
  throw new Error(`a push service answered ${status}`)
}

/** Job: what belongs to revoked tokens goes. */
export const forgetDeadPush = (app: App): Promise<void> => deleteOfRevoked(app.database.queries)

async function messageOf(app: App, viewer: Account, target: SubscriptionRow, full: NotificationView): Promise<string> {
  // Where this device is nobody knows: what is withheld somewhere is pushed without its words.
  const notification = full.post && (await countriesOfPost(app, full.post.id)).size > 0 ? { ...full, post: null } : full
  const i = translator(viewer.locale, await loadCatalogue(viewer.locale))
  const avatar = (notification.from ?? notification.post?.author)?.avatarUrl ?? '/favicon.svg'
  const token = target.sealed_token ? (await tokenSeal(app)).unseal(target.sealed_token) : null
  return JSON.stringify({
    ...(token === null ? {} : { access_token: token }), preferred_locale: viewer.locale, notification_id: notification.id, notification_type: appTypeOf(notification.kind),
    icon: new URL(avatar, app.config.publicUrl).href, ...wordsOf(i, notification),
  })
}

/** Push services want to know whom to ask: an address of mail, or of the site. */
const subjectOf = (publicUrl: string, email: string) => email ? `mailto:${email}` : publicUrl.startsWith('https:') ? publicUrl : 'mailto:nobody@localhost'
