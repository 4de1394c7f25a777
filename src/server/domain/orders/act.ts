import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { closeCase, demandStaff, lockCase } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { decide, decisionsById } from '#server/domain/moderation/index.ts'
import { sealCase } from '#server/domain/vault/index.ts'
import { conflict, invalid, invalidForm, isHearthError, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { answerAuthority, orderReason } from './tell.ts'
import { lockOrder, selectItems, updateItemDecision, updateOrder } from './queries.ts'
import type { ItemRow, OrderRow } from './queries.ts'
import { purposes } from './types.ts'
import type { OrderId } from './types.ts'

const law = 'Regulation (EU) 2021/784, Article 3'
/** EU 2021/784, Article 11(3): as long as necessary, but not exceeding six weeks. */
export const quietDays = 42
export const day = 86_400_000

/** The order, locked, for somebody who moderates and whom it isn't about. */
export async function forStaff(tx: Tx, moderator: Account, id: string): Promise<{ order: OrderRow; items: ItemRow[] }> {
  demandStaff(moderator)
  const order = isId(id) ? await lockOrder(tx, id) : undefined
  const items = order ? await selectItems(tx, order.id) : []
  if (!order || items.some((one) => one.account_id === moderator.id)) throw notFound()
  return { order, items }
}

/**
 * Does what was ordered, in one step: posts are removed for everybody and profiles frozen, or (`where`: 'territory') both are withheld from
 * readers in the countries where the order holds, and nowhere else. Everything is sealed for six months; the author is
 * told, unless that was forbidden; the authority gets its answer (Annex II). Needs an answer whether it serves a protected purpose. Twice is the same as once.
 */
export async function comply(app: App, moderator: Account, id: OrderId, given: { purpose: string; words: string; where?: string }): Promise<void> {
  const purpose = purposes.find((one) => one === given.purpose)
  if (!purpose) throw invalidForm([{ field: 'purpose', message: 'error.choose' }])
  const words = given.words.toWellFormed().replaceAll('\0', '').trim().slice(0, 3000)
  const { order, items } = await app.database.inTransaction(async (tx) => {
    const found = await forStaff(tx, moderator, id)
    if (found.order.state !== 'open' && found.order.state !== 'stopped') throw conflict('alreadySo')
    if (!found.order.test && !found.items.some((one) => one.account_id)) throw invalid('orderNothingFound')
    if (given.where === 'territory' && found.order.territory.length === 0) throw invalidForm([{ field: 'where', message: 'error.choose' }])
    // Pressed twice, or by two at once: one does it.
    if (found.order.acting_until && found.order.acting_until > app.now()) throw conflict('orderUnderWay')
    const quietUntil = found.order.quiet ? found.order.quiet_until ?? new Date(app.now().getTime() + quietDays * day) : null
    await updateOrder(tx, found.order.id, { purpose, purpose_words: words, acting_until: new Date(app.now().getTime() + 2 * 60_000), done_in: given.where === 'territory' ? found.order.territory : [], ...quietUntil ? { quiet_until: quietUntil } : {} })
    return { ...found, order: { ...found.order, quiet_until: quietUntil, done_in: given.where === 'territory' ? found.order.territory : [] } }
  })
  const todo = items.filter((one) => one.account_id && !one.decision_id)
  try {
    for (const [accountId, own] of Map.groupBy(todo, (one) => one.account_id!)) await disable(app, moderator, order, accountId, own)
  } catch (error) {
    await app.database.inTransaction((tx) => updateOrder(tx, id, { acting_until: null }))
    throw error
  }
  await app.database.inTransaction(async (tx) => {
    const { order: now, items: after } = await forStaff(tx, moderator, id)
    if (now.done_at) return
    const row = now.case_id ? await lockCase(tx, now.case_id) : undefined
    if (row?.state === 'open') await closeCase(app, tx, row, { outcome: 'acted', decisionId: after.find((one) => one.decision_id)?.decision_id ?? null, byId: moderator.id })
    if (now.case_id && !now.test) await sealCase(app, tx, { caseId: now.case_id, orderId: now.id, byId: moderator.id })
    await updateOrder(tx, now.id, { state: 'complied', done_at: app.now(), done_by_id: moderator.id, acting_until: null, stop_reason: null, stopped_at: null })
    await answerAuthority(app, tx, now)
    await audit(app, tx, moderator, 'order.comply', { kind: 'order', id: now.id }, { case: now.case_id, purpose, verified: now.verified_at !== null, ...now.done_in.length ? { territory: now.done_in } : {}, minutes: Math.round((app.now().getTime() - now.received_at.getTime()) / 60_000), ...now.quiet ? { quiet: true } : {} })
  })
}

/** Everything of one account that the order names. What is gone by now needs no decision. */
async function disable(app: App, moderator: Account, order: OrderRow, accountId: AccountId, items: ItemRow[]): Promise<void> {
  const person = await findAccount(app, accountId)
  if (!person) return
  const reason = await orderReason(person.locale, { authority: order.form.authority, reference: order.reference, redress: order.form.redress, country: order.country, law: order.kind === 'terrorism' ? law : order.form.law, territory: order.done_in })
  const base = { ground: 'law', territory: order.done_in, law: order.kind === 'terrorism' ? law : order.form.law, reason, category: order.kind === 'terrorism' ? 'terrorism' : 'other', strike: 0, note: `${order.form.authority} ${order.reference}` }
  for (const [postsWanted, own] of [[true, items.filter((one) => one.post_id && one.post_state !== null)], [false, items.filter((one) => !one.post_id)]] as const) {
    for (let at = 0; at < own.length; at += 50) {
      const part = own.slice(at, at + 50)
      const decisionId = await decide(app, moderator, { accountId }, { ...base, act: postsWanted ? 'remove_post' : 'freeze', ...postsWanted ? { postIds: part.flatMap((one) => one.post_id ?? []) } : {} }, { order: { quietUntil: order.quiet_until, authority: order.form.authority, reference: order.reference } })
        .catch((problem: unknown) => { if (isHearthError(problem) && (problem.code === 'postGone' || problem.code === 'alreadySo')) return null; throw problem })
      if (!decisionId) continue
      const [made] = await decisionsById(app, moderator, [decisionId])
      await app.database.inTransaction(async (tx) => {
        await updateItemDecision(tx, order.id, part.map((one) => one.position), decisionId)
        if (made?.caseId) await sealCase(app, tx, { caseId: made.caseId, orderId: order.id, byId: moderator.id })
      })
    }
  }
}
