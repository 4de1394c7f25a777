import { expect, test } from 'vitest'
import { rowsOf, scaleOf, stretches } from './scale.ts'

test.each([
  [0, false, [0, 0.25, 0.5, 0.75, 1]],
  [7, false, [0, 2, 4, 6, 8]],
  [100, false, [0, 25, 50, 75, 100]],
  [0.03, false, [0, 0.01, 0.02, 0.03]],
  [1, true, [0, 1]],
  [3, true, [0, 1, 2, 3]],
  [1_234_567, true, [0, 500_000, 1_000_000, 1_500_000]],
])('the lines behind a plot up to %d are round (whole: %s)', (most, whole, lines) => {
  expect(scaleOf(most, whole)).toEqual(lines)
})

test('a table of many rows is thinned, and ends with the last', () => {
  expect(rowsOf(3)).toEqual([0, 1, 2])
  const rows = rowsOf(336)
  expect(rows.length).toBeLessThanOrEqual(24)
  expect(rows.at(-1)).toBe(335)
})

test('where nothing is known, the line is broken', () => {
  const lines = stretches([1, 2, null, 3], (x, y) => ({ x, y }))
  expect(lines.map((line) => line.length)).toEqual([2, 1])
})
