import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { clockColour, demandStaff } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { hashSecret } from '#server/platform/secrets/index.ts'
import { addOrderTo, orderSeal } from './add.ts'
import { countFinal, selectOpen, selectFile, selectFileFacts, selectItems, selectOrder, selectOrderByToken, selectOrders, selectSteps } from './queries.ts'
import type { ItemRow, OrderRow } from './queries.ts'
import type { OpenOrder, OrderId, OrderLine, OrderView } from './types.ts'

/** All orders, those that run first; and how many are final within twelve months (two make 'exposed'). */
export async function orders(app: App, moderator: Account): Promise<{ items: OrderLine[]; final: number }> {
  demandStaff(moderator)
  const since = new Date(app.now())
  since.setUTCFullYear(since.getUTCFullYear() - 1)
  const [rows, final] = await Promise.all([selectOrders(app.database.queries, moderator.id, 100), countFinal(app.database.queries, since)])
  return { final, items: rows.map((row) => ({
    id: row.id, test: row.test, kind: row.kind, state: row.state, authority: row.form.authority, country: row.country, reference: row.reference, receivedAt: row.received_at.toISOString(), dueAt: row.due_at.toISOString(),
    colour: colourOf(app, row), items: row.items, review: row.review, finalAt: row.final_at?.toISOString() ?? null,
  })) }
}

/** Orders whose time runs: what every page of those who moderate shows on top. */
export async function openOrders(app: App, moderator: Account): Promise<OpenOrder[]> {
  demandStaff(moderator)
  return (await selectOpen(app.database.queries, moderator.id)).map((row) => ({ id: row.id, test: row.test, authority: row.form.authority, dueAt: row.due_at.toISOString() }))
}

/** One order with all that was done about it. Not found for whom it is about. */
export async function seeOrder(app: App, moderator: Account, id: string): Promise<OrderView> {
  demandStaff(moderator)
  const row = isId(id) ? await selectOrder(app.database.queries, id) : undefined
  const items = row ? await selectItems(app.database.queries, row.id) : []
  if (!row || items.some((one) => one.account_id === moderator.id)) throw notFound()
  return viewOf(app, row, items, true)
}

/** The authority's own page: what came, what was done, when. Nothing of the members that the order doesn't name. */
export async function orderOf(app: App, token: string): Promise<OrderView> {
  const row = token.length === 43 ? await selectOrderByToken(app.database.queries, hashSecret(token)) : undefined
  if (!row || row.test) throw notFound()
  return viewOf(app, row, await selectItems(app.database.queries, row.id), false)
}

/** What the authority attached; its opening is on record. */
export async function orderFile(app: App, moderator: Account, id: string): Promise<{ name: string; data: Buffer }> {
  const order = await seeOrder(app, moderator, id)
  const row = await selectFile(app.database.queries, order.id)
  const data = row ? (await orderSeal(app)).unsealBytes(row.sealed) : null
  if (!row || !data) throw notFound()
  await app.database.inTransaction((tx) => audit(app, tx, moderator, 'order.file', { kind: 'order', id: order.id }))
  return { name: row.name, data }
}

/** An order that is none: to see that the alarms reach everybody and that each knows what to do. Counts nowhere. */
export async function testOrder(app: App, moderator: Account): Promise<OrderId> {
  demandStaff(moderator)
  await app.limits.use({ name: 'testOrders', most: 5, seconds: 3600 }, moderator.id)
  const form = {
    kind: 'terrorism' as const, authority: 'TEST', country: '', contactName: '', contactEmail: '', contactPhone: '', reference: `TEST-${app.now().toISOString().slice(0, 10)}`, issuedOn: '', addresses: [`${app.config.publicUrl}/about`], grounds: [],
    why: 'TEST', law: '', languages: '', redress: '', quiet: false, quietWhy: '', territory: [],
  }
  return (await addOrderTo(app, { form, items: [{ address: form.addresses[0]!, accountId: null, postId: null }], file: null, test: true, locale: moderator.locale, by: moderator })).orderId
}

const colourOf = (app: App, row: OrderRow) => row.state === 'open' ? clockColour(row.received_at, row.due_at, app.now()) : 'fine' as const

async function viewOf(app: App, row: OrderRow, items: ItemRow[], staff: boolean): Promise<OrderView> {
  const [people, file, steps] = await Promise.all([accountViews(app, [...items.flatMap((one) => one.account_id ?? []), ...row.done_by_id ? [row.done_by_id] : []]), selectFileFacts(app.database.queries, row.id), staff ? selectSteps(app.database.queries, row.id) : []])
  const { confirmHash: _, ...checks } = row.checks
  return {
    id: row.id, test: row.test, state: row.state, form: row.form, caseId: staff ? row.case_id : null, receivedAt: row.received_at.toISOString(), dueAt: row.due_at.toISOString(), colour: colourOf(app, row), file: file ?? null,
    items: items.map((one) => ({
      position: one.position, address: one.address, account: staff && one.account_id ? people.get(one.account_id) ?? null : null, kind: one.post_id ? 'post' : one.account_id ? 'profile' : 'unknown', postId: staff ? one.post_id : null,
      excerpt: staff ? one.excerpt : '', decisionId: staff ? one.decision_id : null, withheldIn: one.withheld_in, now: one.post_id ? one.withheld_in.length ? 'withheld' : one.post_state ?? 'gone' : one.account_id ? one.frozen ? 'frozen' : one.withheld_in.length ? 'withheld' : 'there' : 'unknown',
    })),
    confirmedAt: row.confirmed_at?.toISOString() ?? null, checks: staff ? checks : {}, verifiedAt: row.verified_at?.toISOString() ?? null, purpose: row.purpose, purposeWords: staff ? row.purpose_words : '',
    quietUntil: row.quiet_until?.toISOString() ?? null, quietExtended: row.quiet_extended, stop: row.stop_reason && row.stopped_at ? { reason: row.stop_reason, words: row.stop_words, at: row.stopped_at.toISOString() } : null,
    territory: row.territory, doneIn: row.done_in, doneAt: row.done_at?.toISOString() ?? null, doneBy: staff && row.done_by_id ? people.get(row.done_by_id) ?? null : null, review: row.review, reviewUntil: row.review_until?.toISOString() ?? null, reinstatedAt: row.reinstated_at?.toISOString() ?? null,
    finalAt: row.final_at?.toISOString() ?? null, steps: steps.map((one) => ({ act: one.act, by: one.name, at: one.created_at.toISOString(), details: one.details })),
  }
}
