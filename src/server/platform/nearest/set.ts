import { findByAll, wordsOf } from './brute.ts'
import { loadSegments, saveSegments } from './file.ts'
import { buildSegment, findInSegment, mostInSegment } from './segment.ts'
import type { Segment } from './segment.ts'

/** What was found: `keys` holds the words of each, one after the other. */
export type Answer = { queries: number[]; distances: number[]; keys: Int32Array }
export type HashSet = {
  add(hashes: Int32Array): void
  find(queries: Int32Array, most: number): Answer
  /** so many hashes; those that were added twice may count twice until they are put together */
  count(): number
  bytes(): number
  save(path: string): Promise<void>
  load(path: string): Promise<boolean>
}

/** Additions wait in a short list until there are so many; then they become an index, and small indexes become one. */
const longTail = 50_000
const mostSegments = 6

/** A growing set of hashes that finds near ones. For one thread. */
export function hashSet(): HashSet {
  let segments: Segment[] = []
  let tail: Int32Array[] = []
  const tailCount = () => tail.reduce((sum, one) => sum + one.length / wordsOf, 0)
  const joined = (parts: Int32Array[]) => {
    const all = new Int32Array(parts.reduce((sum, one) => sum + one.length, 0))
    let at = 0
    for (const part of parts) { all.set(part, at); at += part.length }
    return all
  }
  /** The tail becomes indexes; small ones are made one, as long as that has room. */
  const settle = () => {
    let parts: Int32Array[] = [joined(tail)]
    tail = []
    const small = segments.filter((one) => one.count < mostInSegment / 4)
    if (segments.length >= mostSegments && small.length > 1) {
      segments = segments.filter((one) => !small.includes(one))
      parts = [...parts, ...small.map((one) => one.hashes)]
    }
    const all = parts.length === 1 ? parts[0]! : joined(parts)
    for (let at = 0; at < all.length; at += mostInSegment * wordsOf) segments.push(buildSegment(all.subarray(at, at + mostInSegment * wordsOf)))
  }
  return {
    // Much at once (all that is listed, page by page) is put in order once, at the first question.
    add(hashes) { tail.push(hashes) },
    find(queries, most) {
      if (tailCount() > longTail) settle()
      else if (tail.length > 1) tail = [joined(tail)]
      const answer = { queries: [] as number[], distances: [] as number[], words: [] as number[] }
      const take = (hashes: Int32Array, found: { query: number; place: number; distance: number }[]) => {
        for (const { query, place, distance } of found) {
          answer.queries.push(query)
          answer.distances.push(distance)
          for (let word = 0; word < wordsOf; word++) answer.words.push(hashes[place * wordsOf + word]!)
        }
      }
      for (const segment of segments) take(segment.hashes, findInSegment(segment, queries, most))
      for (const part of tail) take(part, findByAll(part, queries, most))
      return { queries: answer.queries, distances: answer.distances, keys: Int32Array.from(answer.words) }
    },
    count: () => tailCount() + segments.reduce((sum, one) => sum + one.count, 0),
    bytes: () => tailCount() * wordsOf * 4 + segments.reduce((sum, one) => sum + one.buffer.byteLength, 0),
    async save(path) {
      if (tail.length) settle()
      await saveSegments(path, segments)
    },
    async load(path) {
      const found = await loadSegments(path)
      if (found) segments = [...segments, ...found]
      return found !== null
    },
  }
}
