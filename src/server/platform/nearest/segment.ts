// Near neighbours among many hashes of 256 bits, none left out: multi-index hashing (Norouzi, Punjani, Fleet, 2012).
//
// A hash is 8 words of 32 bits. If two hashes differ in at most 31 bits, one of their words differs in at most 3 (else all
// eight would differ in 4: 32). In that word one half of 16 bits differs in at most 1. So each word has two lists: one ordered
// by its first half that holds the second halves, one ordered by its second half that holds the first. 17 places of each are
// looked at, and the other half tells in a few nanoseconds whether the whole word is within 3. Of random hashes one in 100,000
// passes; those are compared whole.
import { bytesOf, differing, wordsOf } from './brute.ts'
import type { Near } from './brute.ts'

const halves = 65_536
const headWords = 16
const magic = 0x48524e31
/** Places take three bytes. */
export const mostInSegment = 2 ** 24 - 1
/** Distances above can't be asked for: the argument above holds up to here. */
export const mostDistance = 31

const setBits = Uint8Array.from({ length: halves }, (_, value) => differing(value, 0))
/** A half as it is, and with each of its bits turned over. */
const turnings = [0, ...Array.from({ length: 16 }, (_, bit) => 1 << bit)]

type Word = {
  /** ordered by the first half, then the second: where each first half begins, the second halves, and which hash it is (in two parts) */
  starts: Uint32Array; seconds: Uint16Array; placeLow: Uint16Array; placeHigh: Uint8Array
  /** ordered by the second half, each word once: where each second half begins, and the first halves */
  otherStarts: Uint32Array; firsts: Uint16Array
}
export type Segment = { count: number; buffer: SharedArrayBuffer; hashes: Int32Array; words: Word[] }

/** How many bytes an index of so many hashes takes: 85 for each, and 4 MiB. */
export const segmentBytes = (count: number) => headWords * 4 + count * bytesOf + wordsOf * 2 * (halves + 1) * 4 + wordsOf * count * 4 + (wordsOf - 1) * count * 3 + 16

/** The parts of an index, where they lie in its memory. */
function layOut(buffer: SharedArrayBuffer, count: number): Segment {
  let at = headWords * 4
  const hashes = new Int32Array(buffer, at, count * wordsOf)
  at += count * bytesOf
  const starts = Array.from({ length: wordsOf * 2 }, () => { const part = new Uint32Array(buffer, at, halves + 1); at += (halves + 1) * 4; return part })
  const pairs = Array.from({ length: wordsOf * 3 - 1 }, () => { const part = new Uint16Array(buffer, at, count); at += count * 2; return part })
  const bytes = Array.from({ length: wordsOf - 1 }, () => { const part = new Uint8Array(buffer, at, count); at += count; return part })
  const none = { low: new Uint16Array(0), high: new Uint8Array(0) }
  const words = Array.from({ length: wordsOf }, (_, word): Word => ({
    starts: starts[word * 2]!, otherStarts: starts[word * 2 + 1]!, seconds: pairs[word * 2]!, firsts: pairs[word * 2 + 1]!,
    // The hashes themselves are in the order of their first word.
    placeLow: word === 0 ? none.low : pairs[wordsOf * 2 + word - 1]!, placeHigh: word === 0 ? none.high : bytes[word - 1]!,
  }))
  return { count, buffer, hashes, words }
}

/** The index in this memory; null where it holds none. */
export function readSegment(buffer: SharedArrayBuffer): Segment | null {
  const [found, count = -1] = new Int32Array(buffer, 0, headWords)
  return found === magic && count >= 0 && count <= mostInSegment && buffer.byteLength === segmentBytes(count) ? layOut(buffer, count) : null
}

/** Makes an index of these hashes (words one after the other); the same hash twice is kept once. At most `mostInSegment`. */
export function buildSegment(hashes: Int32Array): Segment {
  const order = ordered(hashes)
  const buffer = new SharedArrayBuffer(segmentBytes(order.length))
  new Int32Array(buffer, 0, 2).set([magic, order.length])
  const segment = layOut(buffer, order.length)
  for (let place = 0; place < order.length; place++) for (let word = 0, from = order[place]! * wordsOf; word < wordsOf; word++) segment.hashes[place * wordsOf + word] = hashes[from + word]!
  const scratch = { byOther: new Uint32Array(order.length), byWord: new Uint32Array(order.length) }
  for (let word = 0; word < wordsOf; word++) fillWord(segment, word, scratch)
  return segment
}

/** Counting sort of places by one half of a word, keeping the order they come in. */
function sortBy(hashes: Int32Array, word: number, shift: number, from: Uint32Array | null, to: Uint32Array, starts: Uint32Array): void {
  const count = to.length
  starts.fill(0)
  for (let place = 0; place < count; place++) starts[((hashes[place * wordsOf + word]! >>> shift) & 0xffff) + 1]!++
  for (let half = 0; half < halves; half++) starts[half + 1]! += starts[half]!
  const next = starts.slice(0, halves)
  for (let at = 0; at < count; at++) {
    const place = from ? from[at]! : at
    to[next[(hashes[place * wordsOf + word]! >>> shift) & 0xffff]!++] = place
  }
}

/** The places of all different hashes, in the order of their first word. */
function ordered(hashes: Int32Array): Uint32Array {
  const count = hashes.length / wordsOf
  const [once, twice, starts] = [new Uint32Array(count), new Uint32Array(count), new Uint32Array(halves + 1)]
  sortBy(hashes, 0, 0, null, once, starts)
  sortBy(hashes, 0, 16, once, twice, starts)
  let kept = 0
  for (let from = 0; from < count;) {
    let to = from + 1
    while (to < count && hashes[twice[to]! * wordsOf] === hashes[twice[from]! * wordsOf]) to++
    if (to - from > 1) twice.subarray(from, to).sort((one, other) => compare(hashes, one, other))
    for (let at = from; at < to; at++) if (at === from || compare(hashes, twice[at - 1]!, twice[at]!) !== 0) once[kept++] = twice[at]!
    from = to
  }
  return once.slice(0, kept)
}

function compare(hashes: Int32Array, one: number, other: number): number {
  for (let word = 0; word < wordsOf; word++) {
    const difference = hashes[one * wordsOf + word]! - hashes[other * wordsOf + word]!
    if (difference !== 0) return difference
  }
  return 0
}

function fillWord({ count, hashes, words }: Segment, word: number, { byOther, byWord }: { byOther: Uint32Array; byWord: Uint32Array }): void {
  const { starts, seconds, placeLow, placeHigh, otherStarts, firsts } = words[word]!
  sortBy(hashes, word, 0, null, byOther, otherStarts)
  sortBy(hashes, word, 16, byOther, byWord, starts)
  otherStarts.fill(0)
  for (let at = 0; at < count; at++) {
    const place = byWord[at]!
    const value = hashes[place * wordsOf + word]!
    seconds[at] = value & 0xffff
    if (word > 0) { placeLow[at] = place & 0xffff; placeHigh[at] = place >>> 16 }
    if (at === 0 || hashes[byWord[at - 1]! * wordsOf + word] !== value) otherStarts[(value & 0xffff) + 1]!++
  }
  for (let half = 0; half < halves; half++) otherStarts[half + 1]! += otherStarts[half]!
  const next = otherStarts.slice(0, halves)
  for (let at = 0; at < count; at++) {
    const value = hashes[byWord[at]! * wordsOf + word]!
    if (at === 0 || hashes[byWord[at - 1]! * wordsOf + word] !== value) firsts[next[value & 0xffff]!++] = value >>> 16
  }
}

/** Every hash within `most` bits (at most 31) of each query, each once. */
export function findInSegment(segment: Segment, queries: Int32Array, most: number): Near[] {
  if (most > mostDistance) throw new RangeError('an index finds up to 31 bits')
  const found: Near[] = []
  const within = Math.floor(most / wordsOf)
  for (let query = 0; query < queries.length / wordsOf; query++) {
    for (let word = 0; word < wordsOf; word++) findByWord(segment, queries, query, word, within, most, found)
  }
  return found
}

function findByWord(segment: Segment, queries: Int32Array, query: number, word: number, within: number, most: number, found: Near[]): void {
  const { starts, seconds, otherStarts, firsts } = segment.words[word]!
  const value = queries[query * wordsOf + word]!
  const [first, second] = [value >>> 16, value & 0xffff]
  for (let turn = 0; turn < turnings.length; turn++) {
    const rest = within - (turn === 0 ? 0 : 1)
    if (rest < 0) break
    // The first half is the one that differs in at most 1.
    const near = first ^ turnings[turn]!
    for (let at = starts[near]!, end = starts[near + 1]!; at < end; at++) if (setBits[seconds[at]! ^ second]! <= rest) check(segment, queries, query, word, at, within, most, found)
    // The second half is, and the first isn't: the others were found above.
    const other = second ^ turnings[turn]!
    for (let at = otherStarts[other]!, end = otherStarts[other + 1]!; at < end; at++) {
      const bits = setBits[firsts[at]! ^ first]!
      if (bits < 2 || bits > rest) continue
      const half = firsts[at]!
      const last = starts[half + 1]!
      for (let same = lowest(seconds, other, starts[half]!, last); same < last && seconds[same] === other; same++) check(segment, queries, query, word, same, within, most, found)
    }
  }
}

/** The first place between `from` and `to` whose number isn't below this one. */
function lowest(numbers: Uint16Array, number: number, from: number, to: number): number {
  while (from < to) {
    const middle = (from + to) >>> 1
    if (numbers[middle]! < number) from = middle + 1
    else to = middle
  }
  return from
}

/** Compares the whole hash; one that an earlier word has found is left out. */
function check({ hashes, words }: Segment, queries: Int32Array, query: number, word: number, at: number, within: number, most: number, found: Near[]): void {
  const { placeLow, placeHigh } = words[word]!
  const place = word === 0 ? at : placeLow[at]! | (placeHigh[at]! << 16)
  let distance = 0
  for (let other = 0; other < wordsOf; other++) {
    const bits = differing(queries[query * wordsOf + other]!, hashes[place * wordsOf + other]!)
    if (other < word && bits <= within) return
    distance += bits
    if (distance > most) return
  }
  found.push({ query, place, distance })
}
