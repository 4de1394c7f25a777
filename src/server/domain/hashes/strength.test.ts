import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { defaultsOf } from './defaults.ts'
import { inShare, strengthOf } from './strength.ts'
import type { Weighed } from './strength.ts'

const entry = { opinion: null, confidence: null, judgedRight: 0, judgedWrong: 0 }
const weigh = (more: Partial<Weighed>, category: Parameters<typeof defaultsOf>[0] = 'terrorism') => strengthOf({ rule: defaultsOf(category), entry, distance: 0, quality: 100, oneOfMany: false, ...more })

test('near ones get the list’s action, those farther away are held, and from 32 bits on it is another picture', () => {
  expect([null, 0, 10, 11, 20, 21, 31, 32].map((distance) => weigh({ distance }))).toEqual(['quarantine', 'quarantine', 'quarantine', 'hold', 'hold', 'hold', 'hold', null])
  expect([0, 15, 25].map((distance) => weigh({ distance }, 'spam'))).toEqual(['hold', 'hold', 'flag'])
})

test('whatever leaves room for doubt is never more than held', () => {
  for (const doubt of [{ quality: 69 }, { oneOfMany: true }, { entry: { ...entry, confidence: 0.4 } }, { entry: { ...entry, opinion: 'disputed' as const } }, { entry: { ...entry, judgedWrong: 1 } }]) expect(weigh(doubt)).toBe('hold')
  expect(weigh({ quality: 70, entry: { ...entry, confidence: 0.5, judgedRight: 2, judgedWrong: 2 } })).toBe('quarantine')
  expect(weigh({ entry: { ...entry, opinion: 'seed' } })).toBe('flag')
  expect(weigh({ entry: { ...entry, opinion: 'negative' } })).toBeNull()
})

test('a list of which a part is on answers for that part, the same each time', () => {
  const keys = Array.from({ length: 4000 }, () => randomBytes(32))
  const part = keys.filter((key) => inShare(key, 0.25))
  expect(part.length).toBeGreaterThan(800)
  expect(part.length).toBeLessThan(1200)
  expect(part.every((key) => inShare(key, 0.25) && inShare(key, 0.5))).toBe(true)
  expect(keys.every((key) => inShare(key, 1) && !inShare(key, 0))).toBe(true)
})
