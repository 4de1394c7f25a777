import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { heic } from '../../../../tests/media/heic.ts'
import * as given from '../../../../tests/media/pictures.ts'
import type { MadePicture, PictureTask } from './index.ts'
import { pictureMaker } from './index.ts'
import { makePicture } from './pictures.ts'

let folder: string
let round = 0
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'hearth-pictures-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

type Made = MadePicture & { at: string }
async function make(content: Buffer, format: string, more: Partial<PictureTask> = {}): Promise<Made> {
  const at = join(folder, String(++round))
  await mkdir(at)
  await writeFile(join(at, 'input'), content)
  return { ...await makePicture({ input: join(at, 'input'), folder: at, purpose: 'post', format, pixels: 40_000_000, frames: 300, ...more }), at }
}
const largest = (made: Made, type: string) => join(made.at, made.files.filter((one) => one.file.startsWith('still') && one.file.endsWith(type)).at(-1)!.file)
/** The colour at a part of the width and height, as a screen of sRGB shows it. */
async function colourAt(file: string, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const place = (Math.floor(info.height * y) * info.width + Math.floor(info.width * x)) * info.channels
  return [...data.subarray(place, place + 3)]
}
const near = (found: number[], wanted: number[]) => { expect(Math.max(...found.map((value, at) => Math.abs(value - wanted[at]!))), `${found} is ${wanted}`).toBeLessThan(14) }
const tiles = [['red', 'lime'], ['blue', 'white']]
const corners = async (file: string) => Promise.all([[0.2, 0.2], [0.8, 0.2], [0.2, 0.8], [0.8, 0.8]].map(([x, y]) => colourAt(file, x!, y!)))
const [red, lime, blue, white] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]] as const
const nearAll = (found: number[][], ...wanted: (readonly number[])[]) => found.forEach((one, at) => near(one, [...wanted[at]!]))

test('a photo in tiles, as iPhones write it, is put together', async () => {
  const made = await make(await heic(folder, { tiles, width: 240, height: 200 }), 'heic')
  expect(made).toMatchObject({ width: 240, height: 200, animated: false })
  for (const type of ['webp', 'avif']) nearAll(await corners(largest(made, type)), red, lime, blue, white)
})

test('a phone held sideways or a selfie is turned as the file says', async () => {
  const turned = await make(await heic(folder, { tiles, width: 240, height: 200, turn: 3 }), 'heic')
  expect(turned).toMatchObject({ width: 200, height: 240 })
  nearAll(await corners(largest(turned, 'webp')), blue, red, white, lime)
  nearAll(await corners(largest(await make(await heic(folder, { tiles, width: 240, height: 200, mirrored: true }), 'heic'), 'webp')), lime, red, white, blue)
})

test('ten bits a colour are read too', async () => {
  nearAll(await corners(largest(await make(await heic(folder, { tiles, width: 240, height: 200, tenBits: true }), 'heic'), 'avif')), red, lime, blue, white)
})

test('colours wider than sRGB stay wide, others need no profile', async () => {
  const p3 = await given.profileOf('p3')
  const wide = await make(await heic(folder, { tiles, width: 240, height: 200, profile: p3 }), 'heic')
  for (const type of ['webp', 'avif']) {
    const file = largest(wide, type)
    expect((await sharp(file).metadata()).icc).toEqual(p3)
    // Red of Display P3, still full, in its own numbers.
    const { data } = await sharp(file, { ignoreIcc: true }).extract({ left: 20, top: 20, width: 1, height: 1 }).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    near([...data], [255, 0, 0])
  }
  const deep = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#ff0000' } }).toColourspace('rgb16').withIccProfile('srgb').png().toBuffer()
  expect((await sharp(deep).metadata()).depth).toBe('ushort')
  const plain = await make(deep, 'png')
  expect((await sharp(largest(plain, 'webp')).metadata()).icc).toBeUndefined()
  near(await colourAt(largest(plain, 'webp'), 0.5, 0.5), [255, 0, 0])
  const both = await make(await sharp({ create: { width: 300, height: 200, channels: 3, background: '#ff0000' } }).withIccProfile('p3').png().toBuffer(), 'png')
  near(await colourAt(largest(both, 'avif'), 0.5, 0.5), [255, 0, 0])
  expect(both.colour).toBe(plain.colour)
})

test.for([
  ['a JPEG with a second picture behind it', 'jpeg', given.talkativeJpeg], ['a JPEG for HDR screens', 'jpeg', given.gainMapJpeg], ['a PNG', 'png', given.talkativePng], ['a WebP', 'webp', given.talkativeWebp],
  ['an AVIF', 'avif', given.talkativeAvif], ['a GIF', 'gif', async () => given.gifOf(3, 60, 40)], ['an animated PNG', 'png', () => given.apng(['#f00', '#00f'])],
  ['a HEIC', 'heic', () => heic(folder, { tiles, width: 240, height: 200 })],
] as const)('nothing that %s tells beside the picture gets out', async ([, format, content]) => {
  const source = await content()
  expect(given.secrets.some((secret) => source.includes(secret))).toBe(true)
  const made = await make(source, format)
  for (const { file } of made.files) {
    const served = await readFile(join(made.at, file))
    for (const secret of given.secrets) expect(served.includes(secret), `${file} tells ${secret}`).toBe(false)
    const { exif, xmp, iptc, comments, orientation, gainMap } = await sharp(served).metadata()
    expect([exif, xmp, iptc, comments, orientation ?? 1, gainMap]).toEqual([undefined, undefined, undefined, undefined, 1, undefined])
    expect(boxesOf(served).filter((box) => !['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'].includes(box))).toEqual([])
    for (const box of ['Exif', 'mime', 'tEXt']) expect(file.endsWith('.avif') && served.includes(box)).toBe(false)
  }
})

/** The chunks of a WebP. */
function boxesOf(webp: Buffer): string[] {
  if (webp.toString('latin1', 0, 4) !== 'RIFF') return []
  const found: string[] = []
  for (let at = 12; at + 8 <= webp.length; at += 8 + webp.readUInt32LE(at + 4) + webp.readUInt32LE(at + 4) % 2) found.push(webp.toString('latin1', at, at + 4))
  return found
}

test('an animated PNG moves on, in its order and pace', async () => {
  const made = await make(await given.apng(['#ff0000', '#00ff00', '#0000ff']), 'png')
  expect(made).toMatchObject({ animated: true, width: 64, height: 48 })
  const play = join(made.at, 'play.webp')
  const { pages, delay, loop } = await sharp(play).metadata()
  expect([pages, delay, loop]).toEqual([3, [200, 200, 200], 0])
  for (const [page, colour] of [red, lime, blue].entries()) {
    const { data } = await sharp(play, { page }).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    near([...data.subarray(0, 3)], [...colour])
  }
})

test('an animated WebP moves on as it came', async () => {
  const frames = await Promise.all(['#ff0000', '#00ff00', '#0000ff'].map((background) => sharp({ create: { width: 64, height: 48, channels: 3, background } }).png().toBuffer()))
  const made = await make(await sharp(frames, { join: { animated: true } }).webp({ delay: [80, 120, 200], lossless: true }).toBuffer(), 'webp')
  expect(made).toMatchObject({ animated: true, width: 64, height: 48 })
  const moving = made.files.find((one) => one.name.startsWith('play'))!
  expect(await sharp(join(made.at, moving.file), { animated: true }).metadata()).toMatchObject({ pages: 3, delay: [80, 120, 200] })
})

test('every picture has its fingerprint, and an animation those of pictures between', async () => {
  const still = await make(await (await given.scene()).jpeg().toBuffer(), 'jpeg')
  expect(still.fingerprints).toMatchObject([{ frameAt: 0, quality: 100 }])
  expect(still.fingerprints[0]!.hashes.length).toBe(256)
  const frames = await Promise.all([1, 2, 3].map(async (seed) => (await given.scene(200, 150, seed)).png().toBuffer()))
  const moving = await make(await sharp(frames, { join: { animated: true } }).gif({ delay: [100, 100, 100] }).toBuffer(), 'gif')
  expect(moving.fingerprints.map((one) => one.frameAt)).toEqual([0, 0.1, 0.2])
})

test.for([
  ['a GIF of thousands of frames', 'gif', async () => given.gifOf(5000), 'tooManyFrames'],
  ['a GIF with few bytes for a wall of pixels', 'gif', async () => given.gifOf(200, 2000, 2000), 'tooManyPixels'],
  ['an animated PNG of thousands of frames', 'png', async () => { const png = await given.apng(['#f00', '#00f']); png.writeUInt32BE(100_000, png.indexOf('acTL') + 4); return png }, 'tooManyFrames'],
  ['a WebP that says it is huge', 'webp', async () => given.webpBomb(16_000, 16_000), 'imageBroken'],
  ['an AVIF that says it is huge', 'avif', async () => given.claiming(await given.talkativeAvif(), 20_000, 20_000), 'imageBroken'],
  ['a HEIC that says it is huge', 'heic', () => heic(folder, { tiles, width: 240, height: 200, claims: { width: 20_000, height: 20_000 } }), 'tooManyPixels'],
  ['a HEIC whose tiles are not what they say', 'heic', async () => given.claiming(await heic(folder, { tiles, width: 240, height: 200 }), 6000, 6000), 'imageBroken'],
  ['a JPEG that says it is huge', 'jpeg', async () => given.claimingJpeg(await given.talkativeJpeg(), 65_000, 65_000), 'imageBroken'],
  ['a PNG that calls itself a JPEG', 'jpeg', given.talkativePng, 'imageBroken'],
  ['an AVIF that calls itself a GIF', 'gif', given.talkativeAvif, 'imageBroken'],
  ['words', 'png', async () => Buffer.from('Dear diary'), 'imageBroken'],
] as const)('%s is refused for what it is', async ([, format, content, code]) => {
  await expect(make(await content(), format)).rejects.toMatchObject({ refused: code })
})

test.for([['jpeg', given.talkativeJpeg], ['png', given.talkativePng], ['webp', given.talkativeWebp], ['avif', given.talkativeAvif], ['heic', () => heic(folder, { tiles, width: 240, height: 200 })]] as const)('a %s that was cut off is refused', async ([format, content]) => {
  const whole = await content()
  await expect(make(whole.subarray(0, Math.floor(whole.length * 0.4)), format)).rejects.toMatchObject({ refused: 'imageBroken' })
})

test('the same goes for a picture made in a child process', async () => {
  const at = join(folder, 'child')
  await mkdir(at)
  await writeFile(join(at, 'input'), await heic(folder, { tiles, width: 240, height: 200 }))
  const task: PictureTask = { input: join(at, 'input'), folder: at, purpose: 'post', format: 'heic', pixels: 40_000_000, frames: 300 }
  const pictures = pictureMaker()
  expect(await pictures.make('mara', task)).toMatchObject({ width: 240, height: 200, fingerprints: [{ frameAt: 0 }] })
  expect(await pictures.look('mara', task)).toMatchObject([{ frameAt: 0, hashes: expect.any(Buffer) }])
  await expect(pictures.make('mara', { ...task, pixels: 10_000 })).rejects.toMatchObject({ child: true, code: 'tooManyPixels' })
  expect(await pictures.make('mara', task)).toMatchObject({ width: 240 })
  pictures.close()
})

test('whatever is damaged in a file, it ends as a picture or as a refusal', async () => {
  const whole: [string, Buffer][] = [['jpeg', await given.talkativeJpeg()], ['png', await given.apng(['#f00', '#00f'])], ['webp', await given.talkativeWebp()], ['avif', await given.talkativeAvif()], ['gif', given.gifOf(3, 60, 40)],
    ['heic', await heic(folder, { tiles, width: 240, height: 200, turn: 1 })]]
  const pictures = pictureMaker()
  const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), { minLength: 1, maxLength: 6 })
  await fc.assert(fc.asyncProperty(fc.constantFrom(...whole), fc.boolean(), damage, async ([format, content], early, places) => {
    const hurt = Buffer.from(content)
    for (const [part, value] of places) hurt[Math.floor(part * (early ? Math.min(hurt.length, 1200) : hurt.length))] = value
    const at = join(folder, String(++round))
    await mkdir(at)
    await writeFile(join(at, 'input'), hurt)
    const end = await pictures.make('mara', { input: join(at, 'input'), folder: at, purpose: 'post', format, pixels: 1_000_000, frames: 300 }).then(() => 'made', (error: { code: string }) => error.code)
    expect(['made', 'imageBroken', 'tooManyPixels', 'tooManyFrames']).toContain(end)
  }), { numRuns: 24, endOnFailure: true })
  pictures.close()
})
