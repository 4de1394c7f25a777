// PDQ, a perceptual hash of 256 bits: what a picture looks like, not what its bytes are. The algorithm is published by
// Meta (ThreatExchange); its parts keep the order of the paper, so that both can be read side by side.

/** `bits`: 32 bytes, written as the published lists write them. `quality` 0 … 100: below 50 the picture is too plain to compare. */
export type Pdq = { bits: Buffer; quality: number }

/** The same picture turned and mirrored, in the order of `turns`. */
export type PdqTurns = { turns: Buffer[]; quality: number }

/** Names of the eight ways to hold a picture, in the order in which they are kept; their places are stored. */
export const turns = ['upright', 'rotate90', 'rotate180', 'rotate270', 'flipX', 'flipY', 'flipPlus1', 'flipMinus1'] as const

const small = 64
const waves = 16
/** Smaller sides say nothing. */
const leastSide = 5

/** Hashes brightness, row by row, `width` × `height` numbers of 0 … 255. Changes `luma`. */
export function pdqOf(luma: Float32Array, width: number, height: number): Pdq {
  const { turns: [upright], quality } = pdqTurnsOf(luma, width, height, 1)
  return { bits: upright!, quality }
}

/** The hashes of all eight turns, for the price of one. Changes `luma`. */
export function pdqTurnsOf(luma: Float32Array, width: number, height: number, count: number = turns.length): PdqTurns {
  if (width < leastSide || height < leastSide) return { turns: Array.from({ length: count }, () => Buffer.alloc(32)), quality: 0 }
  const tiny = shrink(luma, width, height)
  const spectrum = wavesOf(tiny)
  return { turns: turnings.slice(0, count).map((turn) => bitsOf(turn(spectrum))), quality: qualityOf(tiny) }
}

/** Brightness as PDQ weighs it, from interleaved colours of 3 or 4 channels, or from grey of 1. */
export function lumaOf(pixels: Uint8Array, channels: number): Float32Array {
  const count = Math.floor(pixels.length / channels)
  const luma = new Float32Array(count)
  if (channels < 3) for (let at = 0; at < count; at++) luma[at] = pixels[at * channels]!
  else for (let at = 0, from = 0; at < count; at++, from += channels) luma[at] = 0.299 * pixels[from]! + 0.587 * pixels[from + 1]! + 0.114 * pixels[from + 2]!
  return luma
}

/** In how many of their bits two hashes differ, 0 … 256; 31 and less is the same picture. */
export function pdqDistance(one: Buffer, other: Buffer): number {
  let differing = 0
  for (let at = 0; at < 32; at += 4) {
    let bits = one.readInt32LE(at) ^ other.readInt32LE(at)
    bits -= (bits >>> 1) & 0x55555555
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
    differing += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return differing
}

/** Two passes of a box filter in both directions (together a tent), then every n-th pixel. */
function shrink(luma: Float32Array, width: number, height: number): Float32Array {
  const tiny = new Float32Array(small * small)
  if (width === small && height === small) return luma
  const other = new Float32Array(luma.length)
  const across = windowOf(width)
  const down = windowOf(height)
  for (let pass = 0; pass < 2; pass++) {
    for (let row = 0; row < height; row++) box(luma, other, row * width, width, across)
    columns(other, luma, width, height, down)
  }
  for (let row = 0; row < small; row++) {
    const from = Math.floor((row + 0.5) * height / small) * width
    for (let column = 0; column < small; column++) tiny[row * small + column] = luma[from + Math.floor((column + 0.5) * width / small)]!
  }
  return tiny
}

const windowOf = (length: number) => Math.floor((length + 2 * small - 1) / (2 * small))

/** Moving average of one row; at its ends over what there is. The window is filled, grows, moves on and shrinks. */
function box(from: Float32Array, to: Float32Array, start: number, length: number, full: number): void {
  const end = start + length
  const half = Math.floor((full + 2) / 2)
  let sum = 0
  let right = start
  let left = start
  let place = start
  while (right < start + half - 1) sum += from[right++]!
  while (right < start + full) {
    sum += from[right++]!
    to[place++] = sum / (right - start)
  }
  while (right < end) {
    sum += from[right++]! - from[left++]!
    to[place++] = sum / full
  }
  while (place < end) {
    sum -= from[left++]!
    to[place++] = sum / (end - left)
  }
}

/** The same down the columns, all of them side by side: memory is read in its order. */
function columns(from: Float32Array, to: Float32Array, width: number, height: number, full: number): void {
  const half = Math.floor((full + 2) / 2)
  const sums = new Float64Array(width)
  const add = (row: number) => { for (let at = 0, place = row * width; at < width; at++, place++) sums[at]! += from[place]! }
  const take = (row: number) => { for (let at = 0, place = row * width; at < width; at++, place++) sums[at]! -= from[place]! }
  const write = (row: number, inside: number) => { for (let at = 0, place = row * width; at < width; at++, place++) to[place] = sums[at]! / inside }
  let right = 0
  let left = 0
  let row = 0
  while (right < half - 1) add(right++)
  while (right < full) { add(right++); write(row++, right) }
  while (right < height) { add(right++); take(left++); write(row++, full) }
  while (row < height) { take(left++); write(row++, height - left) }
}

/** How much there is to see: the sum of the steps between neighbours, in whole hundredths. */
function qualityOf(tiny: Float32Array): number {
  let sum = 0
  const step = (one: number, other: number) => Math.abs(Math.trunc((one - other) * 100 / 255))
  for (let row = 0; row < small; row++) for (let column = 0; column < small; column++) {
    const here = tiny[row * small + column]!
    if (row + 1 < small) sum += step(here, tiny[(row + 1) * small + column]!)
    if (column + 1 < small) sum += step(here, tiny[row * small + column + 1]!)
  }
  return Math.min(100, Math.floor(sum / 90))
}

const cosines = Float64Array.from({ length: waves * small }, (_, at) => {
  const wave = Math.floor(at / small) + 1
  return Math.sqrt(2 / small) * Math.cos(Math.PI / 2 / small * wave * (2 * (at % small) + 1))
})

/** The 16 × 16 lowest waves of a cosine transform, without the constant ones. */
function wavesOf(tiny: Float32Array): Float32Array {
  const half = new Float64Array(waves * small)
  for (let wave = 0; wave < waves; wave++) for (let column = 0; column < small; column++) {
    let sum = 0
    for (let at = 0; at < small; at++) sum += cosines[wave * small + at]! * tiny[at * small + column]!
    half[wave * small + column] = sum
  }
  const spectrum = new Float32Array(waves * waves)
  for (let row = 0; row < waves; row++) for (let wave = 0; wave < waves; wave++) {
    let sum = 0
    for (let at = 0; at < small; at++) sum += half[row * small + at]! * cosines[wave * small + at]!
    spectrum[row * waves + wave] = sum
  }
  return spectrum
}

/** A turn of the picture is a change of signs in its waves, and an exchange of rows and columns. */
const turning = (crossed: boolean, negative: (row: number, column: number) => boolean) => (spectrum: Float32Array): Float32Array => {
  const turned = new Float32Array(waves * waves)
  for (let row = 0; row < waves; row++) for (let column = 0; column < waves; column++) {
    const value = spectrum[row * waves + column]!
    turned[crossed ? column * waves + row : row * waves + column] = negative(row, column) ? -value : value
  }
  return turned
}
const odd = (value: number) => (value & 1) === 1
const turnings = [
  turning(false, () => false),
  turning(true, (_, column) => !odd(column)),
  turning(false, (row, column) => odd(row + column)),
  turning(true, (row) => !odd(row)),
  turning(false, (row) => !odd(row)),
  turning(false, (_, column) => !odd(column)),
  turning(true, () => false),
  turning(true, (row, column) => odd(row + column)),
]

/** A bit for each wave that is stronger than the median; the last wave comes first, as in the published hashes. */
function bitsOf(spectrum: Float32Array): Buffer {
  // The lower one of the two in the middle, as the reference's median of an even count.
  const median = Float32Array.from(spectrum).sort()[spectrum.length / 2 - 1]!
  const bits = Buffer.alloc(32)
  spectrum.forEach((value, at) => { if (value > median) bits[31 - (at >> 3)]! |= 1 << (at & 7) })
  return bits
}
