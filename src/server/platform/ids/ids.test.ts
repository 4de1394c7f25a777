import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareIds, idMaker } from './index.ts'

const at = (number: number, above = '1') => {
  const place = { number, above }
  return { place: () => place, made: () => {} }
}

test('ids rise whatever the clock does, and begin above what was there', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -3_600_000, max: 3_600_000 }), { minLength: 2, maxLength: 300 }), (steps) => {
    let clock = 1_800_000_000_000
    const newest = (BigInt(clock + 10_000) << 16n).toString()
    const newId = idMaker(at(3, newest), () => clock)
    let last = newest
    for (const step of steps) {
      clock += step
      const id = newId()
      expect(compareIds(id, last)).toBeGreaterThan(0)
      last = id
    }
  }), { numRuns: 50 })
})

test('a thousand processes in one and the same moment make no id twice', () => {
  const ids = new Set<string>()
  for (let number = 0; number < 1024; number++) {
    const newId = idMaker(at(number), () => 1_800_000_000_000)
    for (let count = 0; count < 100; count++) ids.add(newId())
  }
  expect(ids.size).toBe(102_400)
})

test('whose number becomes another goes on above their own last id', () => {
  let place = { number: 9, above: '1' }
  const newId = idMaker({ place: () => place, made: () => {} }, () => 1_800_000_000_000)
  const before = newId()
  place = { number: 2, above: '1' }
  expect(compareIds(newId(), before)).toBeGreaterThan(0)
})
