import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findByAll, wordsOf } from './brute.ts'
import type { Near } from './brute.ts'
import { buildSegment, findInSegment, readSegment, segmentBytes } from './segment.ts'

/** Numbers that are the same in every run. */
function dice(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => { state ^= state << 13; state ^= state >>> 17; state ^= state << 5; return state | 0 }
}
const random = (count: number, seed: number) => { const next = dice(seed); return Int32Array.from({ length: count * wordsOf }, next) }
/** The hash with exactly this many of its bits turned over, chosen by chance. */
function changed(hash: Int32Array, bits: number, seed: number): Int32Array {
  const next = dice(seed)
  const turned = new Set<number>()
  while (turned.size < bits) turned.add((next() >>> 8) % 256)
  const copy = hash.slice()
  for (const bit of turned) copy[bit >> 5]! ^= 1 << (bit & 31)
  return copy
}
const sorted = (found: Near[], hashes: Int32Array) => found.map(({ query, place, distance }) => `${query} ${distance} ${hashes.subarray(place * wordsOf, place * wordsOf + wordsOf).join()}`).sort()

test('neighbours planted at each distance from 0 to 40 are found up to 31, all of them, and not from 32 on', () => {
  const queries = random(40, 7)
  const planted: Int32Array[] = []
  for (let query = 0; query < 40; query++) for (let bits = 0; bits <= 40; bits++) planted.push(changed(queries.subarray(query * wordsOf, query * wordsOf + wordsOf), bits, query * 100 + bits + 1))
  const hashes = Int32Array.from([...random(30_000, 99), ...planted.flatMap((one) => [...one])])
  const segment = buildSegment(hashes)
  for (const most of [31, 24, 16, 10, 7, 0]) {
    const found = findInSegment(segment, queries, most)
    expect(sorted(found, segment.hashes)).toEqual(sorted(findByAll(segment.hashes, queries, most), segment.hashes))
    expect(found.length).toBe(40 * (most + 1))
  }
  expect(() => findInSegment(segment, queries, 32)).toThrow(RangeError)
})

test('whatever the hashes are, the index finds what comparing with all of them finds', () => {
  // Few different words and halves, so that buckets are long and equal words many: worse than any real list.
  const word = fc.oneof(fc.constantFrom(0, -1, 0x0f0f0f0f, 0x10000, 1), fc.integer({ min: 0, max: 40 }), fc.integer())
  const hash = fc.array(word, { minLength: wordsOf, maxLength: wordsOf })
  fc.assert(fc.property(fc.array(hash, { maxLength: 200 }), fc.array(hash, { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 31 }), (all, asked, most) => {
    const segment = buildSegment(Int32Array.from(all.flat()))
    const queries = Int32Array.from(asked.flat())
    expect(sorted(findInSegment(segment, queries, most), segment.hashes)).toEqual(sorted(findByAll(segment.hashes, queries, most), segment.hashes))
    expect(segment.count).toBe(new Set(all.map((one) => Int32Array.from(one).join())).size)
  }), { numRuns: 60 })
})

test('bits that differ are found wherever they lie', () => {
  const hashes = random(2000, 3)
  const segment = buildSegment(hashes)
  fc.assert(fc.property(fc.integer({ min: 0, max: 1999 }), fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 31 }), (place, bits) => {
    const query = segment.hashes.slice(place * wordsOf, place * wordsOf + wordsOf)
    for (const bit of bits) query[bit >> 5]! ^= 1 << (bit & 31)
    expect(findInSegment(segment, query, 31)).toContainEqual({ query: 0, place, distance: bits.length })
  }), { numRuns: 300 })
})

test('an index is read again from its memory, and other bytes are none', () => {
  const segment = buildSegment(random(500, 5))
  const again = readSegment(segment.buffer)!
  expect(findInSegment(again, segment.hashes.slice(0, wordsOf), 31)).toEqual([{ query: 0, place: 0, distance: 0 }])
  expect(readSegment(new SharedArrayBuffer(segmentBytes(10)))).toBeNull()
  expect(buildSegment(new Int32Array(0)).count).toBe(0)
})
