import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { closeCase, lockCase } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { conflict, invalidForm } from '#server/platform/errors.ts'
import { forStaff } from './act.ts'
import { minutes } from './add.ts'
import { updateChecks, updateOrder } from './queries.ts'
import { answerAuthority } from './tell.ts'
import { senderChecks, stopReasons } from './types.ts'
import type { OrderId } from './types.ts'

const clean = (text: string) => text.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim().slice(0, 3000)

/** What was done to be sure of the sender, by whom and when. `genuine`: with it, the order counts as verified. */
export async function checkSender(app: App, moderator: Account, id: OrderId, given: { checks: string[]; genuine: boolean }): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const { order } = await forStaff(tx, moderator, id)
    const done = senderChecks.filter((one) => given.checks.includes(one))
    const mine = { by: moderator.username, at: app.now().toISOString() }
    const checks = { ...order.checks, ...Object.fromEntries(done.filter((one) => !order.checks[one]).map((one) => [one, mine])) }
    if (given.genuine && !order.confirmed_at && !senderChecks.some((one) => checks[one])) throw invalidForm([{ field: 'checks', message: 'error.orderCheckFirst' }])
    await updateChecks(tx, order.id, checks)
    if (given.genuine && !order.verified_at) await updateOrder(tx, order.id, { verified_at: app.now() })
    await audit(app, tx, moderator, given.genuine ? 'order.verify' : 'order.check', { kind: 'order', id: order.id }, { case: order.case_id, checks: done })
  })
}

/** It can't be carried out because … : the clock stops, the authority gets the answer of Annex III (EU 2021/784, Article 3(7) and (8)). */
export async function stopClock(app: App, moderator: Account, id: OrderId, given: { reason: string; words: string }): Promise<void> {
  const reason = stopReasons.find((one) => one === given.reason)
  const words = clean(given.words)
  if (!reason || !words) throw invalidForm([...reason ? [] : [{ field: 'reason', message: 'error.choose' }], ...words ? [] : [{ field: 'words', message: 'error.required' }]])
  await app.database.inTransaction(async (tx) => {
    const { order } = await forStaff(tx, moderator, id)
    if (order.state !== 'open') throw conflict('alreadySo')
    await updateOrder(tx, order.id, { state: 'stopped', stop_reason: reason, stop_words: words, stopped_at: app.now() })
    await answerAuthority(app, tx, order)
    await audit(app, tx, moderator, 'order.stop', { kind: 'order', id: order.id }, { case: order.case_id, reason })
  })
}

/** What stood in the way is over, or the clarification came: a new hour begins. */
export async function restartClock(app: App, moderator: Account, id: OrderId): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const { order } = await forStaff(tx, moderator, id)
    if (order.state !== 'stopped') throw conflict('alreadySo')
    await updateOrder(tx, order.id, { state: 'open', due_at: new Date(app.now().getTime() + minutes * 60_000), alarmed: null })
    await app.jobs.add(tx, 'alarmOrders', {}, { key: `alarmOrders:${order.id}` })
    await audit(app, tx, moderator, 'order.restart', { kind: 'order', id: order.id }, { case: order.case_id })
  })
}

/** It is no order (the sender isn't who they say), or the authority took it back. Nothing is removed. */
export async function setAside(app: App, moderator: Account, id: OrderId, given: { as: 'refused' | 'withdrawn'; words: string }): Promise<void> {
  const words = clean(given.words)
  if (!words) throw invalidForm([{ field: 'words', message: 'error.required' }])
  await app.database.inTransaction(async (tx) => {
    const { order } = await forStaff(tx, moderator, id)
    if (order.state !== 'open' && order.state !== 'stopped') throw conflict('alreadySo')
    await updateOrder(tx, order.id, { state: given.as, stop_words: words, done_at: app.now(), done_by_id: moderator.id })
    const row = order.case_id ? await lockCase(tx, order.case_id) : undefined
    if (row?.state === 'open') await closeCase(app, tx, row, { outcome: given.as === 'withdrawn' ? 'withdrawn' : 'dismissed', decisionId: null, byId: moderator.id })
    await audit(app, tx, moderator, given.as === 'refused' ? 'order.refuse' : 'order.withdraw', { kind: 'order', id: order.id }, { case: order.case_id })
  })
}
