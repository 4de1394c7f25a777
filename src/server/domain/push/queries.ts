import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { PushKeys } from '#server/platform/webpush/index.ts'
import type { DeviceId, PushPolicy } from './types.ts'

export type SubscriptionRow = { id: string; account_id: string; endpoint: string; p256dh: string; auth: string; standard: boolean; sealed_token: Buffer | null; alerts: Record<string, boolean>; policy: PushPolicy }
export type NewSubscriptionRow = Omit<SubscriptionRow, 'alerts'> & { alerts: string; created_at: Date; updated_at: Date }

export async function selectKeys(on: Queries): Promise<PushKeys | undefined> {
  return on.selectFrom('push_keys').select(['public_key as publicKey', 'private_key as privateKey']).executeTakeFirst()
}
/** The first pair stays. */
export async function insertKeys(on: Queries, keys: PushKeys, now: Date): Promise<void> {
  await on.insertInto('push_keys').values({ public_key: keys.publicKey, private_key: keys.privateKey, created_at: now }).onConflict((conflict) => conflict.column('only_row').doNothing()).execute()
}

const ofDevice = (device: DeviceId) => 'tokenId' in device ? { column: 'access_token_id' as const, id: device.tokenId } : { column: 'session_id' as const, id: device.sessionId }

export async function upsertSubscription(on: Queries, device: DeviceId, row: NewSubscriptionRow): Promise<void> {
  const { column, id } = ofDevice(device)
  const { created_at: _, id: __, ...fresh } = row
  await on.insertInto('push_subscriptions').values({ ...row, [column]: id }).onConflict((conflict) => conflict.column(column).doUpdateSet(fresh)).execute()
}
export async function selectSubscription(on: Queries, device: DeviceId): Promise<SubscriptionRow | undefined> {
  const { column, id } = ofDevice(device)
  const row = await on.selectFrom('push_subscriptions').select(['id', 'account_id', 'endpoint', 'p256dh', 'auth', 'standard', 'sealed_token', 'alerts', 'policy']).where(column, '=', id).executeTakeFirst()
  return row as SubscriptionRow | undefined
}
export async function updateWishes(on: Queries, device: DeviceId, change: { alerts?: string; policy?: PushPolicy; updated_at: Date }): Promise<void> {
  const { column, id } = ofDevice(device)
  await on.updateTable('push_subscriptions').set(change).where(column, '=', id).execute()
}
export async function deleteSubscription(on: Queries, device: DeviceId): Promise<void> {
  const { column, id } = ofDevice(device)
  await on.deleteFrom('push_subscriptions').where(column, '=', id).execute()
}
/** Only while it is still the same address: the device may have subscribed anew in between. */
export async function deleteDead(on: Queries, id: string, endpoint: string): Promise<void> {
  await on.deleteFrom('push_subscriptions').where('id', '=', id).where('endpoint', '=', endpoint).execute()
}
/** Those of tokens that were revoked. */
export async function deleteOfRevoked(on: Queries): Promise<void> {
  await sql`delete from push_subscriptions s using access_tokens t where t.id = s.access_token_id and t.revoked_at is not null`.execute(on)
}

export type Pair = { notification_id: string; subscription_id: string }

/** Which of these notifications go to which devices: by kind, by policy, while the token or session is good and the member may act. */
export async function selectPairs(on: Queries, notificationIds: string[], typeOf: Record<string, string>, now: Date, subscriptionId: string | null = null): Promise<Pair[]> {
  const { rows } = await sql<Pair>`
    select n.id as notification_id, s.id as subscription_id
    from notifications n join push_subscriptions s on s.account_id = n.account_id join accounts a on a.id = n.account_id and a.state in ('active', 'limited')
    left join access_tokens t on t.id = s.access_token_id left join sessions e on e.id = s.session_id
    where n.id = any(${notificationIds}::bigint[]) and n.dismissed_at is null and not n.filtered and n.created_at > ${now}::timestamptz - interval '2 days'
      and (${subscriptionId}::bigint is null or s.id = ${subscriptionId}::bigint)
      and t.revoked_at is null and (t.expires_at is null or t.expires_at > ${now}) and (e.id is null or e.expires_at > ${now}) and s.policy <> 'none'
      and s.alerts->>(${JSON.stringify(typeOf)}::jsonb->>n.kind) = 'true'
      and (s.policy = 'all' or n.from_account_id is null or n.kind in ('report', 'signup', 'moderation')
        or s.policy = 'followed' and exists (select 1 from follows f where f.follower_id = n.account_id and f.followed_id = n.from_account_id and f.state = 'accepted')
        or s.policy = 'follower' and exists (select 1 from follows f where f.follower_id = n.from_account_id and f.followed_id = n.account_id and f.state = 'accepted'))`.execute(on)
  return rows
}
export async function selectSubscriptionById(on: Queries, id: string): Promise<SubscriptionRow | undefined> {
  const row = await on.selectFrom('push_subscriptions').select(['id', 'account_id', 'endpoint', 'p256dh', 'auth', 'standard', 'sealed_token', 'alerts', 'policy']).where('id', '=', id).executeTakeFirst()
  return row as SubscriptionRow | undefined
}
