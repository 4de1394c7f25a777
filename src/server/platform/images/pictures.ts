// Runs in a child process only: see index.ts.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { refuse } from '../child/worker.ts'
import { fingerprintFrame, fingerprintOf } from '../fingerprint/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import { apngToWebp } from './apng.ts'
import { dominant } from './dominant.ts'
import type { LookTask, MadeFile, MadePicture, PictureTask } from './index.ts'
import type { Source } from './source.ts'
import { openSource } from './source.ts'

sharp.cache(false)
sharp.concurrency(1)
const widths = [320, 640, 1280, 2048]
/**
 * Measured on photos of 12 megapixels: AVIF at effort 1 is as small as at 2 or 3 and takes half of their time (4 is a
 * tenth smaller and takes ten times as long); WebP at 2 is a twentieth larger than at 3 or 4 and twice as fast.
 */
const encoders = {
  webp: (image: Sharp) => image.webp({ quality: 82, effort: 2 }),
  avif: (image: Sharp) => image.avif({ quality: 55, effort: 1, chromaSubsampling: '4:2:0' }),
}
const broken = (error: Error & { refused?: string }): never => { throw error.refused ? error : refuse('imageBroken', error.message) }

/**
 * The files of one picture: turned upright, in sRGB (or Display P3, where the source's colours need it), without any
 * metadata, never larger than the source; and what it looks like.
 */
export async function makePicture(task: PictureTask, onProgress: (progress: number) => void = () => {}): Promise<MadePicture> {
  const source = await openSource(task)
  const targets = sizesOf(task.purpose, source.width, source.height)
  // A face or a cover stands still.
  const moves = source.moves !== null && task.purpose === 'post'
  const steps = targets.length * 2 + (moves ? 2 : 0)
  const made: MadeFile[] = []
  // Decoded once: the smaller ones are made from the largest.
  const largest = targets.at(-1)!
  const base = await hold(source.upright().resize({ ...largest, fit: 'cover', position: task.purpose === 'post' ? 'centre' : 'attention' }), source.wide).catch(broken)
  let smallest = base
  for (const size of targets.toReversed()) {
    // Once for both kinds; each from the largest, so that none is softened twice.
    smallest = size === largest ? base : await hold(base.open().resize({ ...size, fit: 'fill' }), source.wide)
    for (const type of ['webp', 'avif'] as const) {
      const image = encoders[type](smallest.open())
      made.push(await write(source.wide ? image.keepIccProfile() : image, task.folder, `still-${size.width}.${type}`, `image/${type}`))
      onProgress(made.length / steps)
    }
  }
  made.reverse()
  const moving = moves ? await animation(task, source).catch(broken) : null
  if (moving) made.push(moving)
  const small = await smallest.open().resize(100, 100, { fit: 'inside' }).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const whole = task.purpose === 'post' ? { width: source.width, height: source.height } : largest
  // A profile picture's files show a part only; the fingerprint is of all that was given.
  const first = task.purpose === 'post' ? await fingerprintOf(base.open(), largest) : await fingerprintOf(source.upright(), source).catch(broken)
  return {
    ...whole, animated: moving !== null, thumbhash: Buffer.from(rgbaToThumbHash(small.info.width, small.info.height, small.data)), colour: dominant(small.data), files: made,
    fingerprints: [first, ...await laterFrames(moving ? join(task.folder, moving.file) : task.input, source)],
  }
}

/** Only what a picture looks like; of an animation, its first picture and up to four more. */
export async function lookAtPicture(task: LookTask): Promise<Fingerprint[]> {
  const source = await openSource(task)
  return [await fingerprintOf(source.upright(), source).catch(broken), ...await laterFrames(task.input, source)]
}

type Target = { width: number; height: number }

function sizesOf(purpose: PictureTask['purpose'], width: number, height: number): Target[] {
  const square = Math.min(width, height)
  if (purpose === 'avatar') return [...new Set([96, 400].map((side) => Math.min(side, square)))].map((side) => ({ width: side, height: side }))
  if (purpose === 'cover') return [640, 1500].map((wide) => ({ width: wide, height: Math.round(wide / 3) }))
  const fitting = widths.filter((wide) => wide < width)
  // A source between two steps keeps its own width; very tall ones are bounded too.
  const all = width <= widths.at(-1)! ? [...fitting, width] : fitting
  return all.map((wide) => ({ width: wide, height: Math.max(1, Math.round(height * wide / width)) })).filter((one, at) => at === 0 || one.height <= 8192)
}

/** Decoded pixels in memory, to be opened as often as needed: bare, or with their profile where the colours are wide. */
type Held = { open(): Sharp }

async function hold(image: Sharp, wide: boolean): Promise<Held> {
  if (wide) {
    const tiff = await image.keepIccProfile().tiff({ compression: 'none' }).toBuffer()
    return { open: () => sharp(tiff) }
  }
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  return { open: () => sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } }) }
}

/** Null where only FFmpeg could read it and isn't there: the picture stands still then. */
async function animation(task: PictureTask, source: Source): Promise<MadeFile | null> {
  const width = Math.min(source.width, 800)
  const height = Math.max(1, Math.round(source.height * width / source.width))
  const file = 'play.webp'
  if (source.moves === 'apng') {
    if (!(await apngToWebp(task.input, join(task.folder, file), { width, height }, source.frames))) return null
    return { name: 'play', file, mime: 'image/webp', width, height, bytes: (await stat(join(task.folder, file))).size }
  }
  return { ...await write(source.moving().resize({ width }).webp({ quality: 75, effort: 2 }), task.folder, file, 'image/webp'), width, height }
}

/** An animation can hide a picture between others: up to four more of them, evenly spread, are looked at too. */
async function laterFrames(file: string, source: Source): Promise<Fingerprint[]> {
  if (!source.moves) return []
  const { pages = 1, delay = [] } = await sharp(file).metadata()
  const chosen = new Set([1, 2, 3, 4].map((part) => Math.min(pages - 1, Math.floor(part * pages / 4))).filter((page) => page > 0))
  const found: Fingerprint[] = []
  for (const page of chosen) {
    const frameAt = delay.slice(0, page).reduce((sum, each) => sum + each, 0) / 1000
    found.push(await fingerprintFrame(await sharp(file, { page }).png({ compressionLevel: 1 }).toBuffer(), frameAt))
  }
  return found
}

async function write(image: Sharp, folder: string, file: string, mime: string): Promise<MadeFile> {
  // sharp writes no metadata unless asked to.
  const { width, height, size } = await image.toFile(join(folder, file))
  return { name: file.split('.')[0]!, file, mime, width, height, bytes: size }
}
