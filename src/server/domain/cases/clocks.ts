import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import type { Clock } from './categories.ts'
import { selectClocks, upsertClock } from './queries-clocks.ts'

/** How long each kind of case may wait, in minutes, where the owner didn't say otherwise. An order's hour is the law's (EU 2021/784, Article 3(3)). */
export const usualMinutes: Record<Clock, number> = { order: 60, child: 60, illegal: 24 * 60, rules: 72 * 60, appeal: 7 * 24 * 60, welcome: 24 * 60 }
export const clocks = Object.keys(usualMinutes) as Clock[]

/** How long each kind of case may wait here, in minutes. */
export async function clockMinutes(on: Queries | Tx): Promise<Record<Clock, number>> {
  const changed = await selectClocks(on)
  return { ...usualMinutes, ...Object.fromEntries(changed.filter((row) => row.clock in usualMinutes).map((row) => [row.clock, row.minutes])) }
}

/** The owner promises other times; what waits already keeps its own. An order never gets more than its hour. */
export async function setClocks(app: App, actor: Account, given: Partial<Record<Clock, number>>): Promise<void> {
  demandAdmin(actor)
  const wanted = clocks.flatMap((clock) => { const minutes = given[clock]; return minutes === undefined ? [] : [{ clock, minutes }] })
  const most = (clock: Clock) => clock === 'order' ? 60 : 43_200
  const problems = wanted.filter(({ clock, minutes }) => !Number.isInteger(minutes) || minutes < 5 || minutes > most(clock)).map(({ clock }) => ({ field: clock, message: 'error.badValue' }))
  if (problems.length) throw invalidForm(problems)
  await app.database.inTransaction(async (tx) => {
    for (const one of wanted) await upsertClock(tx, one)
    await audit(app, tx, actor, 'desk.clocks', { kind: 'settings', id: 'desk' }, Object.fromEntries(wanted.map((one) => [one.clock, one.minutes])))
  })
}
