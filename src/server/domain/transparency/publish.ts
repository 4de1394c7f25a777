import type { Category } from '#server/domain/cases/index.ts'
import { few, isHidden, split, withheld } from './suppress.ts'
import type { Split } from './suppress.ts'
import type { Counted, DoneShown, Transparency } from './types.ts'

type Figures = Omit<Transparency, 'year' | 'from' | 'through' | 'final' | 'madeAt'>
type Counts = Record<string, number>

/**
 * What may be read by anybody. Each table has a whole of its own, and no two wholes add up to a third: so a small one hides nothing
 * but itself. The one number that stands in two tables (what rules noticed and a person confirmed) is hidden in both or in neither.
 */
export function publish(counted: Counted): Figures {
  const { received, done, orders } = counted
  const law = split(received.law)
  const [how, judged] = tie(counted.how, 'noticed', counted.judged, 'right')
  const countries = split(orders.countries)
  return {
    received: { rules: split(received.rules), law, lawBy: split(received.lawBy), lawItems: law.total === null ? null : received.lawItems },
    answered: { rules: answered(counted.answered.rules, split(received.rules)), law: answered(counted.answered.law, law) },
    done: { notices: doneShown([done.notices]), ...own(counted) },
    automation: { how, outcomes: split(counted.outcomes), judged, wrongShare: share(judged, 'wrong') },
    objections: { authors: objections(counted, 'authors'), reporters: objections(counted, 'reporters') },
    orders: { countries, states: split(orders.states), items: countries.total === null ? null : orders.items, minutes: countries.total ? orders.minutes : null },
    paused: split({ paused: counted.paused }).total,
    staff: counted.staff,
  }
}

function answered({ acted, dismissed, median, p90, byCategory }: Counted['answered']['rules'], received: Split): Figures['answered']['rules'] {
  const outcomes = split({ acted, dismissed })
  // That there is a middle says that there were five: only where that is to be seen anyway.
  const medians = Object.fromEntries(Object.entries(byCategory).flatMap(([category, one]) => one.count >= few && !isHidden(received, category) ? [[category, one.median]] : [])) as Partial<Record<Category, number>>
  return { outcomes, times: outcomes.total ? { median, p90 } : { median: null, p90: null }, medians }
}

const add = (parts: Counts[]) => parts.reduce((all, part) => { for (const [key, count] of Object.entries(part)) all[key] = (all[key] ?? 0) + count; return all }, {})
const sum = (counts: Counts) => Object.values(counts).reduce((all, one) => all + one, 0)

function doneShown(parts: Counted['done']['notices'][]): DoneShown {
  const acts = add(parts.map((one) => one.acts))
  const law = parts.reduce((all, one) => all + one.law, 0)
  return { acts: split(acts), categories: split(add(parts.map((one) => one.categories))), grounds: split({ law, rules: sum(acts) - law }) }
}

/** Either both apart, and together what can be added up from that; or only together. */
function own({ done }: Counted): Pick<Figures['done'], 'own' | 'ownLaw' | 'ownRules'> {
  const together = doneShown([done.ownLaw, done.ownRules])
  if (together.grounds.parts === null || together.grounds.parts.law === null) return { own: together, ownLaw: null, ownRules: null }
  const [ownLaw, ownRules] = [doneShown([done.ownLaw]), doneShown([done.ownRules])]
  return { own: { acts: plus(ownLaw.acts, ownRules.acts), categories: plus(ownLaw.categories, ownRules.categories), grounds: together.grounds }, ownLaw, ownRules }
}

/** The sum of what is shown; a part that is hidden in one of them is hidden. */
function plus(a: Split, b: Split): Split {
  if (a.total === null || b.total === null) return withheld
  const total = a.total + b.total
  if ((a.parts === null && a.total > 0) || (b.parts === null && b.total > 0)) return { total, parts: null }
  const keys = Object.keys({ ...a.parts, ...b.parts })
  return { total, parts: Object.fromEntries(keys.map((key) => { const [one, two] = [a.parts?.[key] ?? (a.parts && key in a.parts ? null : 0), b.parts?.[key] ?? (b.parts && key in b.parts ? null : 0)]; return [key, one === null || two === null ? null : one + two] })) }
}

function objections({ objected, appeals }: Counted, who: 'authors' | 'reporters'): Figures['objections']['authors'] {
  const outcome = split(appeals[who])
  return { received: split({ [who]: objected[who] }).total, answered: outcome, overturnedShare: share(outcome, 'overturned'), median: outcome.total ? appeals.median[who] : null }
}

/** Two tables with one number in common: hidden in one, it is hidden in the other. */
function tie(a: Counts, ofA: string, b: Counts, ofB: string): [Split, Split] {
  const [first, second] = [split(a), split(b)]
  if (!isHidden(first, ofA) && !isHidden(second, ofB)) return [first, second]
  return [split(a, [ofA]), split(b, [ofB])]
}

function share(of: Split, key: string): number | null {
  const part = of.parts?.[key] ?? null
  return part === null || !of.total ? null : part / of.total
}
