import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { DeliveryId, DeliveryState, Told, WebhookEvent, WebhookId } from './types.ts'

export type WebhookRow = {
  id: WebhookId; url: string; events: WebhookEvent[]; sealed_secret: Buffer; sealed_former: Buffer | null; former_until: Date | null; all_audiences: boolean; owner_id: AccountId
  paused_at: Date | null; pause_reason: 'owner' | 'failing' | 'notAllowed' | 'secretLost' | null; failing_since: Date | null; created_at: Date
}
export type DeliveryRow = { id: DeliveryId; webhook_id: WebhookId; event: Told; payload: unknown; state: DeliveryState; tries: number; status: number | null; answer: string; error: string | null; took_ms: number | null; next_at: Date | null; tried_at: Date | null; created_at: Date }

export async function countWebhooks(tx: Tx): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from webhooks`.execute(tx)
  return rows[0]?.n ?? 0
}
export async function insertWebhook(tx: Tx, one: { id: WebhookId; url: string; events: string[]; secret: Buffer; allAudiences: boolean; ownerId: AccountId; at: Date }): Promise<void> {
  await sql`insert into webhooks (id, url, events, sealed_secret, all_audiences, owner_id, created_at) values (${one.id}, ${one.url}, ${one.events}::text[], ${one.secret}, ${one.allAudiences}, ${one.ownerId}, ${one.at})`.execute(tx)
}
export async function updateWebhook(tx: Tx, id: WebhookId, one: { url: string; events: string[]; allAudiences: boolean }): Promise<boolean> {
  const { rows } = await sql`update webhooks set url = ${one.url}, events = ${one.events}::text[], all_audiences = ${one.allAudiences} where id = ${id} returning id`.execute(tx)
  return rows.length > 0
}
export async function updateSecret(tx: Tx, id: WebhookId, secret: Buffer, formerUntil: Date): Promise<boolean> {
  const { rows } = await sql`update webhooks set sealed_former = sealed_secret, former_until = ${formerUntil}, sealed_secret = ${secret} where id = ${id} returning id`.execute(tx)
  return rows.length > 0
}
export async function updatePaused(on: Queries | Tx, id: WebhookId, at: Date | null, reason: WebhookRow['pause_reason']): Promise<boolean> {
  const { rows } = await sql`update webhooks set paused_at = ${at}, pause_reason = ${reason}, failing_since = null where id = ${id} returning id`.execute(on)
  return rows.length > 0
}
export async function deleteWebhook(tx: Tx, id: WebhookId): Promise<boolean> {
  const { rows } = await sql`delete from webhooks where id = ${id} returning id`.execute(tx)
  return rows.length > 0
}
export async function selectWebhooks(on: Queries): Promise<(WebhookRow & { last: { event: string; state: DeliveryState; at: string } | null })[]> {
  const { rows } = await sql<WebhookRow & { last: { event: string; state: DeliveryState; at: string } | null }>`select w.*, (select json_build_object('event', d.event, 'state', d.state, 'at', to_char(coalesce(d.tried_at, d.created_at) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
    from webhook_deliveries d where d.webhook_id = w.id order by d.id desc limit 1) as last from webhooks w order by w.id limit 100`.execute(on)
  return rows
}
export async function selectWebhook(on: Queries, id: string): Promise<WebhookRow | undefined> {
  const { rows } = await sql<WebhookRow>`select * from webhooks where id = ${id}`.execute(on)
  return rows[0]
}
/** Those that want to hear of this and aren't paused. */
export async function selectListening(on: Queries, event: string): Promise<WebhookRow[]> {
  const { rows } = await sql<WebhookRow>`select * from webhooks where ${event} = any(events) and paused_at is null order by id limit 100`.execute(on)
  return rows
}
/** True when it wasn't noted before. */
export async function insertDelivery(tx: Tx, one: { id: DeliveryId; webhookId: WebhookId; event: Told; key: string; payload: unknown; at: Date }): Promise<boolean> {
  const { rows } = await sql`insert into webhook_deliveries (id, webhook_id, event, event_key, payload, next_at, created_at) values (${one.id}, ${one.webhookId}, ${one.event}, ${one.key}, ${JSON.stringify(one.payload)}::jsonb, ${one.at}, ${one.at})
    on conflict (webhook_id, event_key) do nothing returning id`.execute(tx)
  return rows.length > 0
}
export async function selectDelivery(on: Queries, id: string): Promise<DeliveryRow | undefined> {
  const { rows } = await sql<DeliveryRow>`select * from webhook_deliveries where id = ${id}`.execute(on)
  return rows[0]
}
export async function selectDeliveries(on: Queries, webhookId: WebhookId, ask: CleanAsk): Promise<DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`select * from webhook_deliveries where webhook_id = ${webhookId} and ${ask.before ? sql`id < ${ask.before}::bigint` : ask.after ? sql`id > ${ask.after}::bigint` : sql`true`}
    order by id ${ask.after ? sql`asc` : sql`desc`} limit ${ask.limit + 1}`.execute(on)
  return rows
}
/** Deliveries of unpaused webhooks that wait since before `since` for something that should have come. */
export async function selectLate(on: Queries, since: Date, most: number): Promise<{ id: DeliveryId; webhook_id: WebhookId }[]> {
  const { rows } = await sql<{ id: DeliveryId; webhook_id: WebhookId }>`select d.id, d.webhook_id from webhook_deliveries d join webhooks w on w.id = d.webhook_id
    where d.state = 'waiting' and d.next_at < ${since} and w.paused_at is null order by d.id limit ${most}`.execute(on)
  return rows
}
/** One more try begins: the how many-th. */
export async function beginDelivery(on: Queries, id: DeliveryId): Promise<number> {
  const { rows } = await sql<{ tries: number }>`update webhook_deliveries set tries = tries + 1, state = 'waiting' where id = ${id} returning tries`.execute(on)
  return rows[0]?.tries ?? 0
}
export async function endDelivery(on: Queries, id: DeliveryId, one: { state: DeliveryState; status: number | null; answer: string; error: string | null; tookMs: number; at: Date; nextAt: Date | null }): Promise<void> {
  await sql`update webhook_deliveries set state = ${one.state}, status = ${one.status}, answer = ${one.answer}, error = ${one.error}, took_ms = ${one.tookMs}, tried_at = ${one.at}, next_at = ${one.nextAt} where id = ${id}`.execute(on)
}
export async function noteHealth(on: Queries, id: WebhookId, at: Date, well: boolean): Promise<Date | null> {
  const { rows } = await sql<{ failing_since: Date | null }>`update webhooks set failing_since = ${well ? sql`null` : sql`coalesce(failing_since, ${at})`} where id = ${id} returning failing_since`.execute(on)
  return rows[0]?.failing_since ?? null
}
export async function deleteOldDeliveries(on: Queries, before: Date): Promise<void> {
  await sql`delete from webhook_deliveries where created_at < ${before}`.execute(on)
}
