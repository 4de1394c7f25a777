import { Webhook } from 'standardwebhooks'
import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { audit, readSettings } from '#server/domain/instance/index.ts'
import { tellMany } from '#server/domain/notifications/index.ts'
import { mailMember } from '#server/domain/sessions/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { isFetchError } from '#server/platform/fetch/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { loadCatalogue } from '#i18n/load.ts'
import { translator } from '#i18n/translate.ts'
import { beginDelivery, deleteOldDeliveries, endDelivery, insertDelivery, noteHealth, selectDelivery, selectLate, selectListening, selectWebhook, updatePaused } from './queries.ts'
import type { WebhookRow } from './queries.ts'
import { webhookSeal } from './secret.ts'
import type { DeliveryId, WebhookEvent, WebhookId } from './types.ts'

/** Seconds until the next try: about a day in all. */
const pauses = [5, 60, 300, 1800, 7200, 18_000, 36_000, 36_000]
const patienceMs = 3 * 86_400_000
const keptDays = 14
const answerBytes = 2000

/**
 * Notes a happening for each webhook that listens, once. `payload` is asked for each, with the member whose webhook it is: what
 * they may not see is null, and isn't told. Whoever runs the community no longer has theirs paused.
 */
export async function tellWebhooks(app: App, event: WebhookEvent, key: string, payload: (owner: Account, allAudiences: boolean) => Promise<object | null>): Promise<void> {
  for (const hook of await selectListening(app.database.queries, event)) {
    const owner = await findAccount(app, hook.owner_id)
    if (!owner || owner.state !== 'active' || owner.role !== 'owner') {
      await updatePaused(app.database.queries, hook.id, app.now(), 'notAllowed')
      continue
    }
    const data = await payload(owner, hook.all_audiences)
    if (!data) continue
    const id: DeliveryId = app.newId()
    await app.database.inTransaction(async (tx) => {
      const fresh = await insertDelivery(tx, { id, webhookId: hook.id, event, key, payload: { type: event, timestamp: app.now().toISOString(), data }, at: app.now() })
      if (fresh) await enqueue(app, tx, { id, webhook_id: hook.id })
    })
  }
}

/** Job: one delivery, signed as Standard Webhooks says (standardwebhooks.com). Any 2xx is well; anything else is tried again for about a day. */
export async function deliverWebhook(app: App, deliveryId: string, again = false): Promise<void> {
  const row = isId(deliveryId) ? await selectDelivery(app.database.queries, deliveryId) : undefined
  const hook = row && await selectWebhook(app.database.queries, row.webhook_id)
  if (!row || !hook || (row.state === 'delivered' && !again)) return
  // Paused: it waits, and goes on with the rest when the webhook does.
  if (hook.paused_at && row.event !== 'ping' && !again) return
  const tries = await beginDelivery(app.database.queries, row.id)
  const began = performance.now()
  const at = app.now()
  const body = Buffer.from(JSON.stringify(row.payload))
  const signed = await signature(app, hook, `msg_${row.id}`, at, body)
  // The key of the secrets is gone, as after a restore without it: nothing goes out unsigned.
  if (!signed) {
    await endDelivery(app.database.queries, row.id, { state: 'failed', status: null, answer: '', error: 'secretLost', tookMs: 0, at, nextAt: null })
    if (!hook.paused_at) await giveUp(app, hook, 'secretLost')
    return
  }
  const outcome = await app.outbound.ask(hook.url, {
    method: 'POST', body, bytes: answerBytes, tooLong: 'cut', seconds: 10, redirects: 0, secure: true,
    headers: { 'content-type': 'application/json', 'webhook-id': `msg_${row.id}`, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)), 'webhook-signature': signed },
  }).then((answer) => ({ status: answer.status, answer: answer.body.toString('utf8').toWellFormed().replaceAll('\0', ''), error: null }), (error: unknown) => {
    if (!isFetchError(error)) throw error
    return { status: null, answer: '', error: error.code as string }
  })
  const well = outcome.status !== null && outcome.status >= 200 && outcome.status < 300
  const pause = well || row.event === 'ping' || (again && row.state !== 'waiting') ? undefined : pauses[tries - 1]
  const nextAt = pause === undefined ? null : new Date(at.getTime() + pause * 1000)
  await endDelivery(app.database.queries, row.id, { ...outcome, state: well ? 'delivered' : nextAt ? 'waiting' : 'failed', tookMs: Math.round(performance.now() - began), at: app.now(), nextAt })
  if (nextAt) await enqueue(app, app.database.queries, { id: row.id, webhook_id: hook.id }, nextAt)
  const failing = await noteHealth(app.database.queries, hook.id, at, well)
  // Gone for good, or for days: nobody waits for it any more. The owner sees why.
  if (!hook.paused_at && (outcome.status === 410 || (failing && at.getTime() - failing.getTime() > patienceMs))) await giveUp(app, hook, 'failing')
}

/** One receiver's deliveries go one after the other: in order, and one that hangs holds up nobody else's. */
const enqueue = (app: App, on: Tx | Queries, row: { id: DeliveryId; webhook_id: WebhookId }, runAt?: Date): Promise<void> =>
  app.jobs.add(on, 'deliverWebhook', { deliveryId: row.id }, { key: `webhook:${row.id}`, maxAttempts: 1, queue: `webhook:${row.webhook_id}`, ...runAt ? { runAt } : {} })

/** Job: what should have gone out ten minutes ago and didn't, because the program was killed meanwhile or the webhook was paused, goes out now. */
export async function resumeWebhooks(app: App): Promise<void> {
  for (const row of await selectLate(app.database.queries, new Date(app.now().getTime() - 600_000), 500)) await enqueue(app, app.database.queries, row)
}

/** Job: the log is kept for two weeks. */
export const sweepWebhookLog = (app: App): Promise<void> => deleteOldDeliveries(app.database.queries, new Date(app.now().getTime() - keptDays * 86_400_000))

async function giveUp(app: App, hook: WebhookRow, reason: 'failing' | 'secretLost'): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    await updatePaused(tx, hook.id, app.now(), reason)
    await audit(app, tx, 'program', 'webhook.pause', { kind: 'webhook', id: hook.id }, { reason })
    const owner = await findAccount(app, hook.owner_id)
    if (!owner) return
    const [settings, catalogue] = await Promise.all([readSettings(app), loadCatalogue(owner.locale, 'letters')])
    const i = translator(owner.locale, catalogue)
    const words = { community: settings.name, host: new URL(hook.url).host }
    await mailMember(app, tx, owner.id, { subject: i.t('mail.webhook.subject', words), text: `${i.t(reason === 'failing' ? 'mail.webhook.text' : 'mail.webhook.secretLost', words)}\n\n${app.config.publicUrl}/admin/webhooks/${hook.id}\n`, kind: 'webhook' })
  })
  await tellMany(app, [{ to: hook.owner_id, kind: 'report', data: { webhook: hook.id }, group: `webhook:${hook.id}:${app.newId()}` }])
}

/** By the secret, and for a day after a change by the former one as well. */
async function signature(app: App, hook: WebhookRow, id: string, at: Date, body: Buffer): Promise<string> {
  const seal = await webhookSeal(app)
  const sealed = [hook.sealed_secret, ...hook.sealed_former && hook.former_until && hook.former_until > at ? [hook.sealed_former] : []]
  return sealed.flatMap((one) => {
    const secret = seal.unseal(one)
    return secret === null ? [] : [new Webhook(secret).sign(id, at, body)]
  }).join(' ')
}
