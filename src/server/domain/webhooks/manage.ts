import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { conflict, invalidForm, notAllowed, notFound } from '#server/platform/errors.ts'
import { readAddress } from '#server/platform/fetch/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { countWebhooks, deleteWebhook, insertDelivery, insertWebhook, selectDeliveries, selectDelivery, selectWebhook, selectWebhooks, updatePaused, updateSecret, updateWebhook } from './queries.ts'
import type { DeliveryRow, WebhookRow } from './queries.ts'
import { newWebhookSecret, webhookSeal } from './secret.ts'
import { webhookEvents } from './types.ts'
import type { DeliveryView, WebhookDraft, WebhookEvent, WebhookId, WebhookView } from './types.ts'

const mostWebhooks = 20
const graceMs = 24 * 3_600_000

/** Only the owner: what a webhook tells leaves the house. */
function demandOwner(actor: Account): void {
  demandAdmin(actor)
  if (actor.role !== 'owner') throw notAllowed()
}

/** All webhooks, with what was last sent to each. Only for the owner. */
export async function webhooks(app: App, actor: Account): Promise<WebhookView[]> {
  demandOwner(actor)
  return (await selectWebhooks(app.database.queries)).map((row) => viewOf(row, row.last))
}

/** One webhook. Throws notFound. */
export async function webhookById(app: App, actor: Account, id: string): Promise<WebhookView> {
  demandOwner(actor)
  return viewOf(await found(app, id), null)
}

/** Adds one and gives its secret, which is shown this once. Problems name `url` and `events`. */
export async function addWebhook(app: App, actor: Account, draft: WebhookDraft): Promise<{ id: WebhookId; secret: string }> {
  demandOwner(actor)
  const { url, events } = readDraft(app, draft)
  const [id, secret, seal]: [WebhookId, string, Awaited<ReturnType<typeof webhookSeal>>] = [app.newId(), newWebhookSecret(), await webhookSeal(app)]
  await app.database.inTransaction(async (tx) => {
    if (await countWebhooks(tx) >= mostWebhooks) throw conflict('tooManyWebhooks', { most: mostWebhooks })
    await insertWebhook(tx, { id, url, events, secret: seal.seal(secret), allAudiences: draft.allAudiences === true, ownerId: actor.id, at: app.now() })
    await audit(app, tx, actor, 'webhook.add', { kind: 'webhook', id }, { host: new URL(url).host, events })
  })
  return { id, secret }
}

/** Changes where it goes and what it hears. */
export async function changeWebhook(app: App, actor: Account, id: string, draft: WebhookDraft): Promise<void> {
  demandOwner(actor)
  const { url, events } = readDraft(app, draft)
  await app.database.inTransaction(async (tx) => {
    if (!isId(id) || !(await updateWebhook(tx, id as WebhookId, { url, events, allAudiences: draft.allAudiences === true }))) throw notFound()
    await audit(app, tx, actor, 'webhook.change', { kind: 'webhook', id }, { host: new URL(url).host, events })
  })
}

/** A new secret, shown this once; the one before it signs as well for a day, so that nothing is missed. */
export async function renewWebhookSecret(app: App, actor: Account, id: string): Promise<string> {
  demandOwner(actor)
  const secret = newWebhookSecret()
  const seal = await webhookSeal(app)
  await app.database.inTransaction(async (tx) => {
    if (!isId(id) || !(await updateSecret(tx, id as WebhookId, seal.seal(secret), new Date(app.now().getTime() + graceMs)))) throw notFound()
    await audit(app, tx, actor, 'webhook.secret', { kind: 'webhook', id })
  })
  return secret
}

/** Pauses it, or lets it go on: what happened meanwhile isn't told; what waited to be sent again is sent. */
export async function pauseWebhook(app: App, actor: Account, id: string, paused: boolean): Promise<void> {
  demandOwner(actor)
  await app.database.inTransaction(async (tx) => {
    if (!isId(id) || !(await updatePaused(tx, id as WebhookId, paused ? app.now() : null, paused ? 'owner' : null))) throw notFound()
    await audit(app, tx, actor, paused ? 'webhook.pause' : 'webhook.resume', { kind: 'webhook', id })
  })
}

export async function removeWebhook(app: App, actor: Account, id: string): Promise<void> {
  demandOwner(actor)
  await app.database.inTransaction(async (tx) => {
    if (!isId(id) || !(await deleteWebhook(tx, id as WebhookId))) throw notFound()
    await audit(app, tx, actor, 'webhook.remove', { kind: 'webhook', id })
  })
}

/** Sends 'ping' now, paused or not: is anybody there? */
export async function pingWebhook(app: App, actor: Account, id: string): Promise<void> {
  demandOwner(actor)
  const row = await found(app, id)
  await app.limits.use({ name: 'webhookPing', most: 60, seconds: 3600 }, actor.id)
  const delivery = app.newId<'delivery'>()
  await app.database.inTransaction(async (tx) => {
    await insertDelivery(tx, { id: delivery, webhookId: row.id, event: 'ping', key: `ping:${delivery}`, payload: { type: 'ping', timestamp: app.now().toISOString(), data: {} }, at: app.now() })
    await app.jobs.add(tx, 'deliverWebhook', { deliveryId: delivery }, { key: `webhook:${delivery}`, maxAttempts: 1 })
  })
}

/** What was sent, the newest first, kept for two weeks. */
export async function webhookLog(app: App, actor: Account, id: string, ask: PageAsk): Promise<Page<DeliveryView>> {
  demandOwner(actor)
  const row = await found(app, id)
  const clean = cleanAsk(ask)
  const page = cutPage(await selectDeliveries(app.database.queries, row.id, clean), clean, (one) => one.id)
  return { ...page, items: page.items.map(deliveryView) }
}

/** Sends it once more, as it was. */
export async function redeliver(app: App, actor: Account, deliveryId: string): Promise<void> {
  demandOwner(actor)
  const row = isId(deliveryId) ? await selectDelivery(app.database.queries, deliveryId) : undefined
  if (!row) throw notFound()
  await app.limits.use({ name: 'webhookPing', most: 60, seconds: 3600 }, actor.id)
  await app.jobs.add(app.database.queries, 'deliverWebhook', { deliveryId: row.id, again: true }, { key: `webhook:${row.id}`, maxAttempts: 1 })
}

async function found(app: App, id: string): Promise<WebhookRow> {
  const row = isId(id) ? await selectWebhook(app.database.queries, id) : undefined
  if (!row) throw notFound()
  return row
}

function readDraft(app: App, draft: WebhookDraft): { url: string; events: WebhookEvent[] } {
  const read = readAddress(draft.url.trim(), app.config.fetchAllow)
  const events = webhookEvents.filter((event) => draft.events.includes(event))
  const problems = [
    ...read && (read.url.protocol === 'https:' || read.allowed) ? [] : [{ field: 'url', message: 'error.webhookUrl' as const }],
    ...events.length ? [] : [{ field: 'events', message: 'error.webhookEvents' as const }],
  ]
  if (!read || problems.length) throw invalidForm(problems)
  return { url: read.url.href, events }
}

function viewOf(row: WebhookRow, last: WebhookView['last']): WebhookView {
  return { id: row.id, url: row.url, events: row.events, allAudiences: row.all_audiences, paused: row.paused_at ? row.pause_reason ?? 'owner' : null, failingSince: row.failing_since?.toISOString() ?? null, formerUntil: row.former_until?.toISOString() ?? null, createdAt: row.created_at.toISOString(), last }
}

const deliveryView = (row: DeliveryRow): DeliveryView => ({
  id: row.id, event: row.event, state: row.state, tries: row.tries, status: row.status, tookMs: row.took_ms, error: row.error, answer: row.answer, payload: JSON.stringify(row.payload, null, 2),
  createdAt: row.created_at.toISOString(), triedAt: row.tried_at?.toISOString() ?? null, nextAt: row.state === 'waiting' ? row.next_at?.toISOString() ?? null : null,
})
