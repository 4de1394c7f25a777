import { expect, test } from 'vitest'
import { categories, categoryFacts } from '#server/domain/cases/index.ts'
import type { Category } from '#server/domain/cases/index.ts'
import { templateCsv } from './csv.ts'
import { publish } from './publish.ts'
import { few } from './suppress.ts'
import type { Counted } from './types.ts'

const noughts = () => Object.fromEntries(categories.map((one) => [one, 0])) as Counted['received']['rules']
const empty = (): Counted => ({
  received: { rules: noughts(), law: noughts(), lawBy: { members: 0, outsiders: 0 }, lawItems: 0 },
  answered: { rules: { acted: 0, dismissed: 0, median: null, p90: null, byCategory: {} }, law: { acted: 0, dismissed: 0, median: null, p90: null, byCategory: {} } },
  done: { notices: { acts: {}, categories: noughts(), law: 0 }, ownLaw: { acts: {}, categories: noughts(), law: 0 }, ownRules: { acts: {}, categories: noughts(), law: 0 } },
  how: { alone: 0, noticed: 0, person: 0 }, outcomes: {}, judged: { right: 0, wrong: 0 }, objected: { authors: 0, reporters: 0 },
  appeals: { authors: { upheld: 0, partly: 0, overturned: 0 }, reporters: { upheld: 0, partly: 0, overturned: 0 }, median: { authors: null, reporters: null } },
  orders: { countries: {}, states: {}, items: 0, minutes: null }, paused: 0, staff: { people: 2, languages: ['ar', 'en'] },
})

/** Every way to give `most` or less to so many counts. */
function* worlds(counts: number, most: number): Generator<number[]> {
  if (counts === 0) return yield []
  for (let first = 0; first <= most; first++) for (const rest of worlds(counts - 1, most - first)) yield [first, ...rest]
}
/** Of all worlds that are shown alike, which numbers are the same small one? Those would be known. */
function known(all: Iterable<number[]>, most: number, shown: (world: number[]) => string, numbers: (world: number[]) => Record<string, number>): string[] {
  const alike = new Map<string, number[][]>()
  for (const world of all) { const key = shown(world); const group = alike.get(key); if (group) group.push(world); else alike.set(key, [world]) }
  return [...alike.values()].flatMap((group) => {
    // At the edge of what is tried, larger worlds are missing.
    if (group.some((world) => world.reduce((sum, one) => sum + one, 0) > most - 8)) return []
    return Object.keys(numbers(group[0]!)).flatMap((name) => {
      const possible = new Set(group.map((world) => numbers(world)[name]!))
      const [only] = possible
      return possible.size === 1 && only! > 0 && only! < few ? [`${name} = ${only} of ${JSON.stringify(group.slice(0, 3))}`] : []
    })
  })
}

test('what the community did by itself, for the law and for its rules, alone and together, gives no small number away', () => {
  const shown = ([lawA, lawB, rulesA, rulesB]: number[]) => {
    const counted = empty()
    counted.done.ownLaw = { acts: { a: lawA!, b: lawB! }, categories: { ...noughts(), spam: lawA! + lawB! }, law: lawA! + lawB! }
    counted.done.ownRules = { acts: { a: rulesA!, b: rulesB! }, categories: { ...noughts(), spam: rulesA! + rulesB! }, law: 0 }
    return JSON.stringify(publish(counted).done)
  }
  const numbers = ([lawA, lawB, rulesA, rulesB]: number[]) => ({ lawA: lawA!, lawB: lawB!, rulesA: rulesA!, rulesB: rulesB!, law: lawA! + lawB!, rules: rulesA! + rulesB!, a: lawA! + rulesA!, b: lawB! + rulesB! })
  expect(known(worlds(4, 18), 18, shown, numbers)).toEqual([])
})

test('what machines noticed and what people said of it stand for the same things, and neither tells of the other', () => {
  const shown = ([alone, noticed, person, wrong]: number[]) => {
    const counted = empty()
    counted.how = { alone: alone!, noticed: noticed!, person: person! }
    counted.judged = { right: noticed!, wrong: wrong! }
    return JSON.stringify(publish(counted).automation)
  }
  expect(known(worlds(4, 18), 18, shown, ([alone, noticed, person, wrong]) => ({ alone: alone!, noticed: noticed!, person: person!, wrong: wrong! }))).toEqual([])
})

test('no published number of anything is from one to four, whatever happened', () => {
  let seed = 7
  const some = () => { seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648; return Math.floor((seed / 2_147_483_648) ** 3 * 30) }
  for (let round = 0; round < 500; round++) {
    const counted = empty()
    for (const one of categories) { counted.received.rules[one] = some(); counted.received.law[one] = some(); counted.done.notices.categories[one] = some() }
    const law = Object.values(counted.received.law).reduce((sum, one) => sum + one, 0)
    counted.received.lawBy = { members: law - Math.min(law, 3), outsiders: Math.min(law, 3) }
    counted.received.lawItems = law + some()
    for (const one of ['rules', 'law'] as const) counted.answered[one] = { acted: some(), dismissed: some(), median: 0.5, p90: 99.5, byCategory: { spam: { count: some(), median: 0.5 } } }
    counted.done.notices.acts = { remove_post: some(), warn: some(), suspend: some() }
    counted.done.ownRules.acts = { remove_post: some(), warn: some() }
    counted.how = { alone: some(), noticed: some(), person: some() }
    counted.judged = { right: counted.how.noticed, wrong: some() }
    counted.outcomes = { hold: some(), flag: some(), refuse: some() }
    counted.objected = { authors: some(), reporters: some() }
    counted.appeals.authors = { upheld: some(), partly: some(), overturned: some() }
    counted.orders = { countries: { DE: some(), FR: some() }, states: { complied: some() }, items: 40, minutes: 30.5 }
    counted.paused = some()
    const { staff: _, ...figures } = publish(counted)
    const small = JSON.stringify(figures, (key, value: unknown) => key.endsWith('Share') ? null : value).match(/:[1-4][,}]/)
    expect(small, JSON.stringify(figures)).toBeNull()
  }
})

test('an error rate is told where both numbers are', () => {
  const counted = empty()
  counted.how = { alone: 0, noticed: 15, person: 30 }
  counted.judged = { right: 15, wrong: 5 }
  expect(publish(counted).automation).toMatchObject({ judged: { total: 20 }, wrongShare: 0.25 })
  counted.judged = { right: 15, wrong: 4 }
  expect(publish(counted).automation).toMatchObject({ judged: { total: 19, parts: { right: null, wrong: null } }, wrongShare: null, how: { total: 45, parts: { alone: 0, noticed: null, person: null } } })
})

test('where one of several categories is left out, the EU’s category that holds them is empty and says why', () => {
  const counted = empty()
  const together = Map.groupBy(categories, (one) => categoryFacts(one).dsa)
  const [dsa, [first, second]] = [...together].find(([, ours]) => ours.length > 1) as [string, Category[]]
  const [other] = [...together].find(([name]) => name !== dsa)![1]
  Object.assign(counted.received.law, { [first!]: 20, [second!]: 3, [other!]: 30 })
  counted.received.lawBy = { members: 53, outsiders: 0 }
  const report = { year: 2026, from: '2026-01-01', through: '2026-11-30', final: false, madeAt: '2026-12-01T00:00:00.000Z', ...publish(counted) }
  // After the category and its other name: how many notices there were.
  const cell = (of: typeof report) => { const line = templateCsv(of, '4_notices', 'Harbour').split('\r\n').find((one) => one.includes(`,STATEMENT_CATEGORY_${dsa},,`))!; return [line.split(`,STATEMENT_CATEGORY_${dsa},,`)[1]!.split(',')[0], line.includes('Fewer than 5')] }
  expect(cell(report)).toEqual(['', true])
  Object.assign(counted.received.law, { [second!]: 13 })
  counted.received.lawBy = { members: 63, outsiders: 0 }
  expect(cell({ ...report, ...publish(counted) })[0]).toBe('33')
})
