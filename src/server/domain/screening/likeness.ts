import { foldText } from './fold.ts'

/** MinHash (Broder, 1997) of the shingles of four letters: the share of equal numbers estimates how alike two texts are. */
const numbers = 24
const rows = 3
const shingle = 4
/** Shorter ones are alike by chance: thanks, birthdays, good mornings. */
const fewestLetters = 40
const mostLetters = 4_000
/** Of 24; 15 stands for about 0.6 of all shingles in common. */
const alikeFrom = 15

export type Signature = { numbers: Uint32Array; /** two texts that are alike nearly surely share one of these; small enough for a JS number */ bands: number[] }

/** By what a text is known again when a few words of it change; null for texts too short to tell. Names, numbers and signs don't count. */
export function signatureOf(text: string): Signature | null {
  const bare = foldText(text.slice(0, mostLetters * 4)).text.replace(/@[^\s@]{1,60}|https?:\/\//g, '').replace(/[^\p{L}]+/gu, '').slice(0, mostLetters)
  if (bare.length < fewestLetters) return null
  const least = new Uint32Array(numbers).fill(0xffffffff)
  for (let at = 0; at + shingle <= bare.length; at++) {
    let hash = 0x811c9dc5
    for (let unit = at; unit < at + shingle; unit++) hash = Math.imul(hash ^ bare.charCodeAt(unit), 0x01000193)
    hash ^= hash >>> 15
    for (let one = 0; one < numbers; one++) {
      let mixed = Math.imul(hash ^ Math.imul(one + 1, 0x9e3779b1), 0x85ebca6b)
      mixed = (mixed ^ (mixed >>> 13)) >>> 0
      if (mixed < least[one]!) least[one] = mixed
    }
  }
  return { numbers: least, bands: bandsOf(least) }
}

/** Are these two nearly the same text? */
export function alike(a: Uint32Array, b: Uint32Array): boolean {
  let same = 0
  for (let one = 0; one < numbers; one++) if (a[one] === b[one]) same++
  return same >= alikeFrom
}

/** A link as a band of its own: who posts it again is found without comparing words. */
export function linkBand(url: string): number {
  let hash = 0x811c9dc5
  for (let unit = 0; unit < url.length; unit++) hash = Math.imul(hash ^ url.charCodeAt(unit), 0x01000193)
  return firstLinkBand + (hash >>> 0)
}
export const firstLinkBand = (numbers / rows) * 2 ** 32

export const toBytes = (signature: Signature): Buffer => Buffer.from(signature.numbers.buffer)
export const fromBytes = (bytes: Buffer): Uint32Array => new Uint32Array(Uint8Array.from(bytes).buffer)

function bandsOf(least: Uint32Array): number[] {
  return Array.from({ length: numbers / rows }, (_, band) => {
    let hash = 0x811c9dc5
    for (let row = 0; row < rows; row++) hash = Math.imul(hash ^ least[band * rows + row]!, 0x01000193) ^ (hash >>> 11)
    return band * 2 ** 32 + (hash >>> 0)
  })
}
