import { join } from 'node:path'
import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { openCase } from '#server/domain/cases/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import type { Actor } from '#server/domain/instance/index.ts'
import { letterWords } from '#server/domain/moderation/index.ts'
import { openSeal } from '#server/platform/seal/index.ts'
import { hashSecret, newSecret } from '#server/platform/secrets/index.ts'
import { insertFile, insertItems, insertOrder } from './queries.ts'
import type { OrderFile } from './receive.ts'
import { territoryOf } from './territory.ts'
import type { OrderForm, OrderId } from './types.ts'

/** EU 2021/784, Article 3(3): as soon as possible and in any event within one hour of receipt. National orders name their own time; ours is the same hour. */
export const minutes = 60
export const orderSeal = (app: App) => openSeal(join(app.config.dataFolder, 'keys', 'orders.key'))

type Item = { address: string; accountId: AccountId | null; postId: string | null }
/** An order is there: its case stands on the desk, its clock runs, everybody who moderates hears of it at once. */
export async function addOrderTo(app: App, given: { form: OrderForm; items: Item[]; file: OrderFile | null; test: boolean; locale: 'en' | 'ar'; by: Actor }): Promise<{ token: string; orderId: OrderId }> {
  const { form, items, file, test } = given
  const [orderId, token, confirm] = [app.newId<'order'>(), newSecret(), newSecret()]
  const first = items.find((one) => one.accountId)?.accountId ?? null
  const postsOf = (accountId: AccountId | null) => items.flatMap((one) => one.accountId === accountId && one.postId ? [one.postId as PostId] : [])
  const link = `${app.config.publicUrl}/legal/order/${token}?confirm=${confirm}`
  const letter = test ? null : await letterWords(app, given.locale, 'orderReceived', { number: orderId, link })
  const sealed = file ? (await orderSeal(app)).sealBytes(file.data) : null
  await app.database.inTransaction(async (tx) => {
    const { caseId } = await openCase(app, tx, {
      source: 'order', kind: 'order', subject: `order:${orderId}`, accountId: first, category: form.kind === 'terrorism' ? 'terrorism' : 'other', postIds: postsOf(first).slice(0, 50),
      others: [...new Set(items.flatMap((one) => one.accountId ?? []))].filter((id) => id !== first).map((accountId) => ({ accountId, postIds: postsOf(accountId) })),
      severity: 4, record: 1, summary: `${form.authority} · ${form.reference}`, details: { href: `/admin/orders/${orderId}`, ...test ? { test } : {} },
    }, { alone: true })
    const now = app.now()
    await insertOrder(tx, { id: orderId, kind: form.kind, test, case_id: caseId, token_hash: hashSecret(token), form, territory: territoryOf(form), reference: form.reference, country: form.country, quiet: form.quiet, received_at: now, due_at: new Date(now.getTime() + minutes * 60_000), checks: { confirmHash: hashSecret(confirm).toString('hex') } as object })
    await insertItems(tx, orderId, items)
    if (file && sealed) await insertFile(tx, { orderId, name: file.name.replace(/[^\p{L}\p{N}._ -]/gu, '_').slice(0, 100) || 'order', mime: 'application/octet-stream', bytes: file.data.length, sealed })
    if (letter) await app.mailer.post(tx, { to: form.contactEmail, ...letter })
    await app.jobs.add(tx, 'alarmOrders', {}, { key: `alarmOrders:${orderId}` })
    await audit(app, tx, given.by, test ? 'order.test' : 'order.receive', { kind: 'order', id: orderId }, { case: caseId, kind: form.kind, addresses: items.length, country: form.country, ...form.quiet ? { quiet: true } : {} })
  })
  return { token, orderId }
}
