import type { App } from '#server/app.ts'
import { categories } from '#server/domain/cases/index.ts'
import type { Category } from '#server/domain/cases/index.ts'
import { acts, isGentle } from '#server/domain/moderation/index.ts'
import { orderFigures } from '#server/domain/orders/index.ts'
import { countPaused, selectAnswered, selectAppeals, selectDecided, selectJudged, selectObjected, selectOutcomes, selectReceived, selectStaffLanguages } from './queries.ts'
import type { Period } from './queries.ts'
import { origins } from './types.ts'
import type { Counted, Origin } from './types.ts'

/** Acts that somebody feels: all but those that give back or do nothing. */
export const counts = acts.filter((act) => !isGentle(act))
/** What a rule can do; in the order of the page. */
const outcomes = ['quarantine', 'refuse', 'hold', 'limit', 'flag'] as const
const orderStates = ['complied', 'refused', 'withdrawn', 'stopped', 'open'] as const

const noughts = <Key extends string>(keys: readonly Key[]) => Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>
/** A stored word that no longer is a category counts as 'other'. */
const categoryOf = (text: string): Category => categories.find((one) => one === text) ?? 'other'

/** Everything of a period, counted once, in a dozen queries that each read only its rows. */
export async function count(app: App, period: Period): Promise<Counted> {
  const on = app.database.queries
  const [received, answered, decided, ruled, judged, objected, appeals, orders, paused, staff] = await Promise.all([
    selectReceived(on, period), selectAnswered(on, period), selectDecided(on, period, counts), selectOutcomes(on, period), selectJudged(on, period), selectObjected(on, period), selectAppeals(on, period), orderFigures(app, period.from, period.to), countPaused(on, period), selectStaffLanguages(on),
  ])
  const result: Counted = {
    received: { rules: noughts(categories), law: noughts(categories), lawBy: { members: 0, outsiders: 0 }, lawItems: 0 },
    answered: { rules: { acted: 0, dismissed: 0, median: null, p90: null, byCategory: {} }, law: { acted: 0, dismissed: 0, median: null, p90: null, byCategory: {} } },
    done: Object.fromEntries(origins.map((one) => [one, { acts: noughts(counts), categories: noughts(categories), law: 0 }])) as Counted['done'],
    how: { alone: 0, noticed: 0, person: 0 }, outcomes: noughts(outcomes), judged, objected,
    appeals: { authors: { upheld: 0, partly: 0, overturned: 0 }, reporters: { upheld: 0, partly: 0, overturned: 0 }, median: { authors: null, reporters: null } },
    orders: { countries: {}, states: Object.fromEntries(orderStates.map((state) => [state, orders.all[state]])), items: orders.all.addresses, minutes: orders.all.medianMinutes }, paused, staff,
  }
  for (const row of received) {
    const law = row.door !== 'rules'
    result.received[law ? 'law' : 'rules'][categoryOf(row.category)] += row.count
    if (row.door !== 'rules') { result.received.lawBy[row.door] += row.count; result.received.lawItems += row.items }
  }
  for (const row of answered) {
    const of = result.answered[row.law ? 'law' : 'rules']
    if (row.category === null) Object.assign(of, { acted: row.acted, dismissed: row.dismissed, median: row.median, p90: row.p90 })
    else of.byCategory[categoryOf(row.category)] = { count: row.acted + row.dismissed, median: row.median }
  }
  for (const row of decided) {
    const origin: Origin = row.origin === 'notices' ? 'notices' : row.law ? 'ownLaw' : 'ownRules'
    const of = result.done[origin]
    of.acts[row.act] = (of.acts[row.act] ?? 0) + row.count
    of.categories[categoryOf(row.category)] += row.count
    if (row.law) of.law += row.count
    if (row.origin === 'own') result.how[row.how] += row.count
  }
  for (const row of ruled) if (row.outcome in result.outcomes) result.outcomes[row.outcome]! += row.count
  for (const row of appeals) if (row.who) { result.appeals[row.who] = { upheld: row.upheld, partly: row.partly, overturned: row.overturned }; result.appeals.median[row.who] = row.median }
  for (const row of orders.groups) {
    const country = row.country.toUpperCase() || '??'
    result.orders.countries[country] = (result.orders.countries[country] ?? 0) + row.received
  }
  return result
}
