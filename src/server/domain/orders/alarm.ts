import type { App } from '#server/app.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { letterWords } from '#server/domain/moderation/index.ts'
import { tellMany } from '#server/domain/notifications/index.ts'
import { mailMember } from '#server/domain/sessions/index.ts'
import { legalProfile } from './profile.ts'
import { selectOrder, selectStaffToAlarm, takeAlarms } from './queries.ts'
import type { OrderId } from './types.ts'

/** At once, then 30, 15 and 5 minutes before the end, and when it is over. */
const marks = [60, 30, 15, 5, 0] as const

/** From here on, whoever else the contact page names is written to as well. */
const outsideFrom = 30

/** Job, each minute: everybody who moderates hears of an order whose time runs, by notice, push and mail. Each mark once. */
export async function alarmOrders(app: App): Promise<void> {
  const due = await app.database.inTransaction((tx) => takeAlarms(tx, app.now(), marks))
  for (const { id, mark } of due) await alarm(app, id, mark)
}

async function alarm(app: App, id: OrderId, mark: number): Promise<void> {
  const order = await selectOrder(app.database.queries, id)
  if (order?.state !== 'open') return
  const staff = await selectStaffToAlarm(app.database.queries, id)
  const restart = order.due_at.getTime()
  await tellMany(app, staff.map((one) => ({ to: one.id, kind: 'report', data: { caseId: order.case_id ?? '', orderId: id, words: 'order' }, group: `order:${id}:${restart}:${mark}` })))
  const left = String(Math.max(0, Math.ceil((order.due_at.getTime() - app.now().getTime()) / 60_000)))
  for (const one of staff) {
    const words = await letterWords(app, one.locale, order.test ? 'orderTest' : 'orderAlarm', { number: left, link: `${app.config.publicUrl}/admin/orders/${id}` })
    await app.database.inTransaction((tx) => mailMember(app, tx, one.id, words))
  }
  const { contactEmail, locale } = await readSettings(app)
  const contact = (await legalProfile(app)).email || contactEmail
  if (mark > outsideFrom || order.test || !contact) return
  const words = await letterWords(app, locale === 'ar' ? 'ar' : 'en', 'orderAlarm', { number: left, link: `${app.config.publicUrl}/admin/orders/${id}` })
  await app.database.inTransaction((tx) => app.mailer.post(tx, { to: contact, ...words }))
}
