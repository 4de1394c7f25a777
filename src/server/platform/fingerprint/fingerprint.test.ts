import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { scene } from '../../../../tests/media/pictures.ts'
import { measure } from '../../../../tests/media/robustness.ts'
import { fingerprintFrame, lumaOf, pdqDistance, pdqOf, pdqTurnsOf, sameWithin, turns } from './index.ts'

/** Meta's own pictures and hashes: not part of Hearth, beside it where it is worked on. */
const vectors = join(import.meta.dirname, '../../../../../shared/vectors/pdq')
const published = {
  'bridge-1-original.jpg': 'f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22',
  'bridge-2-rotate-90.jpg': '30a10efd71cc3d429013d48d0ffffc52e34e0e17ada952a9d29685211ea9e5af',
  'c.png': 'e4cc89d91c623842f8d1f1d9a398e78c9f199a3bf87925f2b7e11e0bf061b064',
}
const here = existsSync(join(vectors, 'c.png'))
if (!here) process.stderr.write('\n!! The published PDQ vectors (../shared/vectors/pdq) are not here: these tests are SKIPPED. Only the hashes that are kept with Hearth are compared.\n\n')

const first = (hashes: Buffer) => hashes.subarray(0, 32)

test.skipIf(!here)('every published picture has its published hash', async () => {
  for (const [file, hash] of Object.entries(published)) {
    const found = await fingerprintFrame(join(vectors, file))
    expect(found.quality, file).toBeGreaterThanOrEqual(80)
    expect(pdqDistance(first(found.hashes), Buffer.from(hash, 'hex')), file).toBeLessThanOrEqual(4)
  }
})

test.skipIf(!here)('without shrinking first the hashes of the bridge are the same to the bit', async () => {
  for (const [file, hash] of Object.entries(published).slice(0, 2)) {
    const { data, info } = await sharp(join(vectors, file)).raw().toBuffer({ resolveWithObject: true })
    expect(pdqOf(lumaOf(data, info.channels), info.width, info.height).bits.toString('hex')).toBe(hash)
  }
})

test.skipIf(!here)('the altered bridges are found again, and so is the one that was turned', async () => {
  const original = await fingerprintFrame(join(vectors, 'bridge-1-original.jpg'))
  for (const name of ['blur-a-little', 'blur-a-lot', 'high-contrast', 'high-saturation', 'sharpen-a-little', 'shrink-a-little', 'shrink-a-lot', 'square-512x512']) {
    const altered = await fingerprintFrame(join(vectors, `mod-${name}.jpg`))
    expect(pdqDistance(first(altered.hashes), first(original.hashes)), name).toBeLessThanOrEqual(16)
  }
  const turned = (at: number) => original.hashes.subarray(at * 32, at * 32 + 32)
  const distances = turns.map((_, at) => pdqDistance(turned(at), Buffer.from(published['bridge-2-rotate-90.jpg'], 'hex')))
  expect(turns[distances.indexOf(Math.min(...distances))]).toBe('rotate90')
  expect(Math.min(...distances)).toBeLessThanOrEqual(sameWithin)
})

/** Pictures of pure numbers, whose hashes were computed when the implementation agreed with the published ones to the bit. */
const painted = (width: number, height: number, of: (x: number, y: number) => number) => Float32Array.from({ length: width * height }, (_, at) => of((at % width) / width, Math.floor(at / width) / height))
const noise = (width: number, height: number) => { let state = 12_345; return painted(width, height, () => { state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0; return state >>> 24 }) }
const own: [string, Float32Array, number, number, string, number][] = [
  ['noise, 64 × 64', noise(64, 64), 64, 64, '1104eaa979a47711d48aa8a5628a3910c8b7f046f5af40e28ff3a9667baf77f4', 100],
  ['noise, 300 × 90', noise(300, 90), 300, 90, '25bd6c4fc81d1501c131b8941237acec4a828fd50a60e57d69ef3da63359eebe', 100],
  ['rings, 300 × 200', painted(300, 200, (x, y) => 128 + 120 * Math.sin(40 * Math.hypot(x - 0.3, y - 0.6))), 300, 200, 'c29f38f1829e8b1d30dea85e8660b90cfb20857eed6017eec920daaa257527fe', 100],
  ['waves, 129 × 511', painted(129, 511, (x, y) => 128 + 50 * Math.sin(19 * x + 8 * y) + 70 * Math.sin(31 * x * y - 5 * y) * x), 129, 511, 'd6c9ad55d689ad555689ad55568d5555aaa5552aaa5a5496eb46009dab3d5668', 100],
  ['steps, 704 × 704', painted(704, 704, (x, y) => (Math.floor(x * 7) * 37 + Math.floor(y * 5) * 91 + Math.floor(x * y * 11) * 53) % 256), 704, 704, '577162d5d48f2a7452b6b0741bd32587ec29c4da96b0752abb0eb664c7d0387c', 100],
]
test.for(own)('%s: the hash stays what it was', ([, luma, width, height, hash, quality]) => {
  const found = pdqOf(Float32Array.from(luma), width, height)
  expect([found.bits.toString('hex'), found.quality]).toEqual([hash, quality])
})

test('what is plain or tiny has no quality', async () => {
  expect(pdqOf(new Float32Array(100 * 100).fill(90), 100, 100).quality).toBe(0)
  expect(pdqOf(new Float32Array(4 * 900).map((_, at) => at % 256), 4, 900)).toEqual({ bits: Buffer.alloc(32), quality: 0 })
  expect((await fingerprintFrame(await sharp({ create: { width: 3, height: 3, channels: 3, background: '#fff' } }).png().toBuffer())).hashes).toEqual(Buffer.alloc(256))
})

test('the eight turns are those of a picture that was really turned', async () => {
  const original = await (await scene(704, 704, 3)).raw().toBuffer({ resolveWithObject: true })
  const open = () => sharp(original.data, { raw: { width: 704, height: 704, channels: 3 } })
  const kept = pdqTurnsOf(lumaOf(original.data, 3), 704, 704).turns
  const really = { upright: open(), rotate90: open().rotate(270), rotate180: open().rotate(180), rotate270: open().rotate(90), flipX: open().flip(), flipY: open().flop(), flipPlus1: open().flop().rotate(270), flipMinus1: open().flop().rotate(90) }
  for (const [at, name] of turns.entries()) {
    const { bits } = pdqOf(lumaOf(await really[name].raw().toBuffer(), 3), 704, 704)
    const distances = kept.map((one) => pdqDistance(one, bits))
    expect(distances[at], name).toBeLessThanOrEqual(16)
    expect(Math.min(...distances.filter((_, other) => other !== at)), name).toBeGreaterThan(60)
  }
})

test('a frame of a film is the same picture, as pixels, as a file or with nothing behind it', async () => {
  const image = await scene(800, 450, 2)
  const { data, info } = await image.clone().raw().toBuffer({ resolveWithObject: true })
  const fromFile = await fingerprintFrame(await image.clone().png().toBuffer(), 12.5)
  expect(fromFile.frameAt).toBe(12.5)
  expect((await fingerprintFrame({ data, width: info.width, height: info.height, channels: 3 }, 12.5))).toEqual(fromFile)
  expect((await fingerprintFrame(await image.clone().ensureAlpha().png().toBuffer(), 12.5)).hashes).toEqual(fromFile.hashes)
})

test('distance counts the bits that differ', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(fc.property(bytes, bytes, (one, other) => {
    const counted = one.reduce((sum, value, at) => sum + (value ^ other[at]!).toString(2).replaceAll('0', '').length, 0)
    expect(pdqDistance(Buffer.from(one), Buffer.from(other))).toBe(counted)
  }))
})

test('a picture that was pressed, resized, blurred or sharpened is found again; another one is not', async () => {
  const pictures = await Promise.all([1, 4].map(async (seed) => (await scene(1000, 700, seed)).png({ compressionLevel: 1 }).toBuffer()))
  for (const { name, harmless, upright } of await measure(pictures)) if (harmless) expect(Math.max(...upright), name).toBeLessThanOrEqual(sameWithin)
  const [one, other] = await Promise.all(pictures.map((picture) => fingerprintFrame(picture)))
  expect(pdqDistance(first(one!.hashes), first(other!.hashes))).toBeGreaterThan(80)
})
