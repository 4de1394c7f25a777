import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { keepQuiet, reverseDecision } from '#server/domain/moderation/index.ts'
import { extendVault } from '#server/domain/vault/index.ts'
import { conflict, isHearthError } from '#server/platform/errors.ts'
import { day, forStaff, quietDays } from './act.ts'
import { updateOrder } from './queries.ts'
import { orderReason } from './tell.ts'
import type { OrderId } from './types.ts'

/** The silence goes on for six more weeks, once (EU 2021/784, Article 11(3)), or ends now. */
export async function changeQuiet(app: App, moderator: Account, id: OrderId, how: 'extend' | 'end'): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const { order, items } = await forStaff(tx, moderator, id)
    const until = order.quiet_until
    if (!until || until <= app.now() || (how === 'extend' && order.quiet_extended)) throw conflict('alreadySo')
    const next = how === 'end' ? app.now() : new Date(until.getTime() + quietDays * day)
    await updateOrder(tx, order.id, { quiet_until: next, ...how === 'extend' ? { quiet_extended: true } : {} })
    await keepQuiet(app, tx, [...new Set(items.flatMap((one) => one.decision_id ?? []))], next)
    await audit(app, tx, moderator, how === 'extend' ? 'order.quietLonger' : 'order.quietEnds', { kind: 'order', id: order.id }, { case: order.case_id, until: next.toISOString() })
  })
}

/** The provider or the author asked the authority of the home country to look at a cross-border order: it has 72 hours (EU 2021/784, Article 4(3) and (4)). */
export async function askReview(app: App, moderator: Account, id: OrderId): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const { order } = await forStaff(tx, moderator, id)
    if (order.review) throw conflict('alreadySo')
    await updateOrder(tx, order.id, { review: 'asked', review_until: new Date(app.now().getTime() + 72 * 3_600_000) })
    await audit(app, tx, moderator, 'order.reviewAsked', { kind: 'order', id: order.id }, { case: order.case_id })
  })
}

/** What came of the review, or of a court: upheld, or annulled, and then everything comes back as it was (Article 4(7)). */
export async function endReview(app: App, moderator: Account, id: OrderId, how: 'upheld' | 'annulled'): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const { order, items } = await forStaff(tx, moderator, id)
    if (order.review === 'upheld' || order.review === 'annulled') throw conflict('alreadySo')
    await updateOrder(tx, order.id, { review: how, ...how === 'annulled' ? { reinstated_at: app.now(), final_at: null } : {} })
    const reason = await orderReason('en', { authority: order.form.authority, reference: order.reference, redress: '', country: order.country, law: '', territory: [] }, true)
    if (how === 'annulled') for (const decisionId of new Set(items.flatMap((one) => one.decision_id ?? []))) await reverse(decisionId, reason)
    await audit(app, tx, moderator, how === 'upheld' ? 'order.upheld' : 'order.annulled', { kind: 'order', id: order.id }, { case: order.case_id })

    async function reverse(decisionId: string, words: string): Promise<void> {
      // Somebody may have given it back already.
      try { await reverseDecision(app, tx, moderator, decisionId, { reason: words, byAppeal: true }) } catch (problem) { if (!isHearthError(problem) || problem.code !== 'alreadySo') throw problem }
    }
  })
}

/** Nobody can challenge it any more. Two of those in twelve months, and the authority may call the community 'exposed' (Article 5(4)). */
export async function setFinal(app: App, moderator: Account, id: OrderId, final: boolean): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const { order } = await forStaff(tx, moderator, id)
    if (order.state !== 'complied' || (order.final_at !== null) === final || order.review === 'annulled') throw conflict('alreadySo')
    await updateOrder(tx, order.id, { final_at: final ? app.now() : null })
    await audit(app, tx, moderator, final ? 'order.final' : 'order.notFinal', { kind: 'order', id: order.id }, { case: order.case_id })
  })
}

/** The authority or a court wants it kept for longer (Article 6(2)). */
export async function keepLonger(app: App, actor: Account, id: OrderId, until: Date, words: string): Promise<void> {
  demandAdmin(actor)
  await app.database.inTransaction(async (tx) => {
    const { order } = await forStaff(tx, actor, id)
    await extendVault(app, tx, actor, { orderId: order.id, until, words })
    await audit(app, tx, actor, 'order.keepLonger', { kind: 'order', id: order.id }, { case: order.case_id, until: until.toISOString() })
  })
}
