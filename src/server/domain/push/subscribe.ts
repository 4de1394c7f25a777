import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { goodPushKeys } from '#server/platform/webpush/index.ts'
import { pushServerKey, tokenSeal } from './keys.ts'
import { deleteSubscription, selectSubscription, updateWishes, upsertSubscription } from './queries.ts'
import type { SubscriptionRow } from './queries.ts'
import { alertTypes } from './types.ts'
import type { Alerts, DeviceId, NewSubscription, PushDevice, PushSubscription, PushWishes } from './types.ts'

/** Where messages for this device go from now on; it has one subscription, the last. Throws a form error for an address or keys that can't be used. */
export async function subscribeToPush(app: App, viewer: Account, device: PushDevice, target: NewSubscription, wishes: PushWishes = {}): Promise<PushSubscription> {
  const [p256dh, auth] = [plain(target.keys.p256dh), plain(target.keys.auth)]
  if (!goodEndpoint(app, target.endpoint)) throw invalidForm([{ field: 'endpoint', message: 'error.badPushAddress' }])
  if (!goodPushKeys(p256dh, auth)) throw invalidForm([{ field: 'keys', message: 'error.badPushKeys' }])
  const sealed = 'tokenId' in device ? (await tokenSeal(app)).seal(device.token) : null
  const now = app.now()
  await upsertSubscription(app.database.queries, device, {
    id: app.newId(), account_id: viewer.id, endpoint: target.endpoint, p256dh, auth, standard: target.standard ?? false, sealed_token: sealed,
    alerts: JSON.stringify(alertsOf(wishes.alerts ?? {})), policy: wishes.policy ?? 'all', created_at: now, updated_at: now,
  })
  return pushSubscription(app, device)
}

/** The device's subscription; not found when it has none. */
export async function pushSubscription(app: App, device: DeviceId): Promise<PushSubscription> {
  const row = await selectSubscription(app.database.queries, device)
  if (!row) throw notFound()
  return { id: row.id, endpoint: row.endpoint, standard: row.standard, alerts: alertsOf(row.alerts), policy: row.policy, serverKey: await pushServerKey(app) }
}

/** Changes what the device is told: the alerts given replace all; what is left out stays. Not found when it has no subscription. */
export async function changePush(app: App, device: DeviceId, wishes: PushWishes): Promise<PushSubscription> {
  await updateWishes(app.database.queries, device, { alerts: wishes.alerts && JSON.stringify(alertsOf(wishes.alerts)), policy: wishes.policy, updated_at: app.now() })
  return pushSubscription(app, device)
}

/** Nothing is pushed to the device any more. Twice is the same as once. */
export const endPush = (app: App, device: DeviceId): Promise<void> => deleteSubscription(app.database.queries, device)

const alertsOf = (given: Partial<Alerts> | SubscriptionRow['alerts']): Alerts => Object.fromEntries(alertTypes.map((type) => [type, given[type] === true])) as Alerts
const plain = (text: string) => text.trim().replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '').slice(0, 200)

/** An address on the web by https; where else one may send is decided at each sending. */
function goodEndpoint(app: App, text: string): boolean {
  if (text.length > 2000 || !URL.canParse(text)) return false
  const url = new URL(text)
  return !url.username && !url.password && (url.protocol === 'https:' || (url.protocol === 'http:' && app.config.fetchAllow.includes(url.host)))
}
