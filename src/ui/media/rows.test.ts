import { expect, test } from 'vitest'
import { rowsOf, shapeOf, sizesOf } from './rows.ts'

const pictures = (count: number, width = 3, height = 4) => Array.from({ length: count }, (_, id) => ({ id, width, height }))

test.for([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('%i pictures all have their place, in order, four in a row at most', (count) => {
  const rows = rowsOf(pictures(count))
  expect(rows.flat().map((one) => one.id)).toEqual(pictures(count).map((one) => one.id))
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(4)
})

test('of three, a wide first one has a row of its own', () => {
  expect(rowsOf(pictures(3, 16, 9)).map((row) => row.length)).toEqual([1, 2])
  expect(rowsOf(pictures(3)).map((row) => row.length)).toEqual([3])
})

test('a picture of unknown or absurd shape still has a decent one', () => {
  expect(shapeOf({ width: null, height: null })).toBeCloseTo(4 / 3)
  expect(shapeOf({ width: 1, height: 5000 })).toBe(0.6)
})

test('the browser is told how wide a picture will stand, before it chooses a file', () => {
  expect(sizesOf(1, 1.5)).toBe('(min-width: 700px) 550px, calc(100vw - 32px)')
  // Alone and tall: as wide as its height allows.
  expect(sizesOf(1, 0.6)).toBe('(min-width: 700px) 336px, min(336px, calc(100vw - 32px))')
  expect(sizesOf(0.5)).toBe('(min-width: 700px) 275px, calc(50vw - 16px)')
})
