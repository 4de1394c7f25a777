/** One hash of the list (its place there) within the distance asked for; `query` is the place of what was asked. */
export type Near = { query: number; place: number; distance: number }

export const wordsOf = 8
export const bytesOf = 32

/** In how many bits two numbers of 32 bits differ. */
export function differing(one: number, other: number): number {
  let bits = one ^ other
  bits -= (bits >>> 1) & 0x55555555
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** The distance of two hashes of 256 bits where it is at most `most`; otherwise some larger number. */
export function distanceWithin(one: Int32Array, at: number, other: Int32Array, otherAt: number, most: number): number {
  let sum = 0
  for (let word = 0; word < wordsOf && sum <= most; word++) sum += differing(one[at + word]!, other[otherAt + word]!)
  return sum
}

/** Every hash within `most` bits of each query, by comparing with all of them: the truth, and quick enough for short lists. */
export function findByAll(hashes: Int32Array, queries: Int32Array, most: number): Near[] {
  const found: Near[] = []
  for (let query = 0; query < queries.length / wordsOf; query++) for (let place = 0; place < hashes.length / wordsOf; place++) {
    const distance = distanceWithin(queries, query * wordsOf, hashes, place * wordsOf, most)
    if (distance <= most) found.push({ query, place, distance })
  }
  return found
}

/** Hashes one after the other as numbers of 32 bits; copied, so that they lie where such numbers must. */
export function asWords(hashes: Uint8Array): Int32Array {
  const words = new Int32Array(hashes.length / 4)
  new Uint8Array(words.buffer).set(hashes)
  return words
}
