import { expect, test } from 'vitest'
import { few, isHidden, split, withheld } from './suppress.ts'
import type { Split } from './suppress.ts'

/** Every table of so many parts, each from 0 to `most`. */
function* tables(parts: number, most: number): Generator<number[]> {
  if (parts === 0) return yield []
  for (const rest of tables(parts - 1, most)) for (let count = 0; count <= most; count++) yield [...rest, count]
}
const named = (counts: number[]) => Object.fromEntries(counts.map((count, at) => [`p${at}`, count]))
/** What the reader sees, as text. */
const seen = (shown: Split) => JSON.stringify(shown)

test('whoever knows the totals and how it is done still can’t tell what a hidden count is', () => {
  for (const [parts, most] of [[2, 30], [3, 16], [4, 9], [5, 7]] as const) {
    // All worlds that look alike from outside.
    const alike = new Map<string, number[][]>()
    for (const counts of tables(parts, most)) {
      const key = seen(split(named(counts)))
      alike.set(key, [...alike.get(key) ?? [], counts])
    }
    for (const [key, worlds] of alike) {
      const shown = JSON.parse(key) as Split
      // Near the edge of what was tried not every world is there.
      const sum = worlds[0]!.reduce((all, one) => all + one, 0)
      if (sum > most) continue
      if (shown.total === null) { expect(new Set(worlds.map((counts) => counts.reduce((all, one) => all + one, 0))).size).toBe(few - 1); continue }
      for (let at = 0; at < parts; at++) {
        if (shown.parts && shown.parts[`p${at}`] !== null) continue
        const possible = new Set(worlds.map((counts) => counts[at]!))
        if (possible.size < 3) expect.fail(`${key}: part ${at} can only be ${[...possible].join(' or ')}`)
      }
    }
  }
})

test('no number from one to four is ever shown, and what is shown is true', () => {
  for (const counts of tables(4, 10)) {
    const shown = split(named(counts))
    const sum = counts.reduce((all, one) => all + one, 0)
    const wrong = Object.entries(shown.parts ?? {}).filter(([key, count]) => count !== null && (count !== named(counts)[key] || (count > 0 && count < few)))
    if (wrong.length || (shown.total !== null && shown.total !== sum)) expect.fail(`${counts.join()} shown as ${seen(shown)}`)
  }
})

test('a table without small counts is shown whole, an empty one as noughts', () => {
  expect(split({ a: 7, b: 0, c: 12 })).toEqual({ total: 19, parts: { a: 7, b: 0, c: 12 } })
  expect(split({ a: 0, b: 0 })).toEqual({ total: 0, parts: { a: 0, b: 0 } })
  expect(split({ a: 9 })).toEqual({ total: 9, parts: { a: 9 } })
})

test('one small count takes two others with it; too little in all takes the table', () => {
  expect(split({ a: 3, b: 20, c: 0, d: 8, e: 6 })).toEqual({ total: 37, parts: { a: null, b: 20, c: 0, d: null, e: null } })
  expect(split({ a: 30, b: 1, c: 1 })).toEqual({ total: 32, parts: { a: null, b: null, c: null } })
  expect(split({ a: 1, b: 2, c: 2 })).toEqual({ total: 5, parts: null })
  expect(split({ a: 2, b: 1 })).toEqual(withheld)
})

test('what is hidden in one table is hidden where it stands again', () => {
  const judged = split({ right: 20, wrong: 3 })
  expect(isHidden(judged, 'right')).toBe(true)
  expect(split({ alone: 0, noticed: 20, person: 30 }, ['noticed'])).toEqual({ total: 50, parts: { alone: 0, noticed: null, person: null } })
})
