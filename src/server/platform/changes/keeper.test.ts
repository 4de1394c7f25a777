import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keeper } from './keeper.ts'

const noted = (words: string[], until = Infinity) => ({ words: new Set(words), until })

test('what is kept goes when something it depends on changes, when its time is over, and when all is forgotten', () => {
  const kept = keeper<string>(10_000)
  kept.keep('one', 'a', noted(['p1', 'v7']), { bytes: 100, since: kept.mark() })
  kept.keep('two', 'b', noted(['p2'], 50), { bytes: 100, since: kept.mark() })
  kept.changed(['p3'])
  expect([kept.get('one', 0), kept.get('two', 49), kept.get('two', 50)]).toEqual(['a', 'b', undefined])
  kept.changed(['p9', 'v7'])
  expect(kept.get('one', 0)).toBeUndefined()
  kept.keep('one', 'a', noted([]), { bytes: 100, since: kept.mark() })
  kept.changed(['g'])
  expect([kept.get('one', 0), kept.size()]).toMatchObject([undefined, { entries: 0, bytes: 0 }])
})

test('what changed while it was read is not kept', () => {
  const kept = keeper<string>(10_000)
  const since = kept.mark()
  kept.changed(['p1'])
  kept.keep('one', 'old', noted(['p1']), { bytes: 1, since })
  kept.keep('two', 'fine', noted(['p2']), { bytes: 1, since })
  expect([kept.get('one', 0), kept.get('two', 0)]).toEqual([undefined, 'fine'])
  const later = kept.mark()
  kept.forgetAll()
  kept.keep('three', 'old', noted(['p3']), { bytes: 1, since: later })
  expect(kept.get('three', 0)).toBeUndefined()
  const early = kept.mark()
  for (let at = 0; at < 20_001; at++) kept.changed([`p${at + 10}`])
  kept.keep('four', 'who knows', noted(['p1']), { bytes: 1, since: early })
  expect(kept.get('four', 0)).toBeUndefined()
})

test('it holds what it may and no more, the longest unused goes first', () => {
  const kept = keeper<number>(8_000)
  for (let at = 0; at < 8; at++) kept.keep(`k${at}`, at, noted([]), { bytes: 1000, since: kept.mark() })
  kept.get('k0', 0)
  kept.keep('more', 9, noted([]), { bytes: 1000, since: kept.mark() })
  expect([kept.get('k0', 0), kept.get('k1', 0), kept.get('more', 0)]).toEqual([0, undefined, 9])
  kept.keep('huge', 1, noted([]), { bytes: 5000, since: kept.mark() })
  expect(kept.get('huge', 0)).toBeUndefined()
})

test('whatever comes in whatever order, nothing is kept that depends on a later change, and the count of bytes is right', () => {
  const word = fc.constantFrom('p1', 'p2', 'v1', 'w1')
  const step = fc.oneof(
    fc.record({ keep: fc.constantFrom('x', 'y', 'z'), words: fc.uniqueArray(word), back: fc.nat(3) }),
    fc.record({ changed: fc.uniqueArray(fc.oneof(word, fc.constant('g')), { minLength: 1 }) }),
  )
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const kept = keeper<number>(100_000)
    const marks = [kept.mark()]
    const changes: { at: number; words: string[] }[] = []
    const model = new Map<string, { since: number; words: string[] }>()
    steps.forEach((one, at) => {
      if ('keep' in one) {
        const index = Math.max(0, marks.length - 1 - one.back)
        kept.keep(one.keep, at, noted(one.words), { bytes: 10, since: marks[index]! })
        model.set(`${one.keep} ${at}`, { since: index, words: one.words })
      } else {
        kept.changed(one.changed)
        marks.push(kept.mark())
        changes.push({ at: marks.length - 1, words: one.changed })
      }
      for (const key of ['x', 'y', 'z']) {
        const value = kept.get(key, 0)
        if (value === undefined) continue
        const { since, words } = model.get(`${key} ${value}`)!
        expect(changes.some((change) => change.at > since && change.words.some((changed) => changed === 'g' || words.includes(changed)))).toBe(false)
      }
    })
    kept.forgetAll()
    expect(kept.size()).toMatchObject({ entries: 0, bytes: 0 })
  }))
})
