// Runs in a child process only: see index.ts.
import { join } from 'node:path'
import { stat } from 'node:fs/promises'
import sharp from 'sharp'
import type { OutputInfo, Sharp, SharpOptions } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { refuse } from '../child/worker.ts'
import type { MadeFile, MadePicture, PictureTask } from './index.ts'

sharp.cache(false)
sharp.concurrency(1)
const widths = [320, 640, 1280, 2048]

/** The files of one picture: turned upright, in sRGB, without any metadata, never larger than the source. */
export async function makePicture(task: PictureTask, onProgress: (progress: number) => void = () => {}): Promise<MadePicture> {
  const options = { limitInputPixels: task.pixels, failOn: 'error' as const, sequentialRead: true }
  const facts = await sharp(task.input, options).metadata().catch((error: Error) => { throw refuse('imageBroken', error.message) })
  if (task.format && facts.format !== task.format && !(task.format === 'avif' && facts.format === 'heif')) throw refuse('imageBroken', `is ${facts.format}`)
  const frames = facts.pages ?? 1
  const animated = frames > 1 && (facts.format === 'gif' || facts.format === 'webp')
  if (frames > task.frames) throw refuse('tooManyFrames')
  // Pixels of every frame count: they are all decoded.
  if (animated && facts.width * (facts.pageHeight ?? facts.height) * frames > task.pixels * 5) throw refuse('tooManyPixels')
  const turned = (facts.orientation ?? 1) >= 5
  const width = turned ? facts.height : facts.width
  const height = turned ? facts.width : facts.pageHeight ?? facts.height
  const upright = () => sharp(task.input, options).autoOrient().toColourspace('srgb')
  const targets = sizesOf(task.purpose, width, height)
  const made: MadeFile[] = []
  let done = 0
  const steps = targets.length * 2 + 2
  // Decoded once: the smaller ones are made from the largest.
  const largest = targets.at(-1)!
  const base = await upright().resize({ ...largest, fit: 'cover', position: task.purpose === 'post' ? 'centre' : 'attention' }).raw().toBuffer({ resolveWithObject: true })
    .catch((error: Error) => { throw refuse('imageBroken', error.message) })
  for (const size of targets) {
    const resized = () => sharp(base.data, { raw: { width: base.info.width, height: base.info.height, channels: base.info.channels } }).resize({ ...size, fit: 'fill' })
    for (const type of ['webp', 'avif'] as const) {
      const image = resized()
      made.push(await write(type === 'webp' ? image.webp({ quality: 82, effort: 3 }) : image.avif({ quality: 55, effort: 2, chromaSubsampling: '4:2:0' }), task.folder, `still-${size.width}.${type}`, `image/${type}`))
      onProgress(++done / steps)
    }
  }
  if (animated) made.push(await animation(task, options, width, height))
  const small = await sharp(base.data, { raw: { width: base.info.width, height: base.info.height, channels: base.info.channels } }).resize(100, 100, { fit: 'inside' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const whole = task.purpose === 'post' ? { width, height } : largest
  return { ...whole, animated, thumbhash: Buffer.from(rgbaToThumbHash(small.info.width, small.info.height, small.data)), colour: await dominant(small), files: made }
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

async function animation(task: PictureTask, options: SharpOptions, width: number, height: number): Promise<MadeFile> {
  const wide = Math.min(width, 800)
  const image = sharp(task.input, { ...options, limitInputPixels: task.pixels * 5, animated: true }).resize({ width: wide }).webp({ quality: 75, effort: 2 })
  const file = await write(image, task.folder, 'play.webp', 'image/webp').catch((error: Error) => { throw refuse('imageBroken', error.message) })
  return { ...file, width: wide, height: Math.round(height * wide / width) }
}

async function write(image: Sharp, folder: string, file: string, mime: string): Promise<MadeFile> {
  // sharp writes no metadata unless asked to.
  const { width, height } = await image.toFile(join(folder, file))
  return { name: file.split('.')[0]!, file, mime, width, height, bytes: (await stat(join(folder, file))).size }
}

async function dominant(small: { data: Buffer; info: OutputInfo }): Promise<string> {
  const { dominant: { r, g, b } } = await sharp(small.data, { raw: { width: small.info.width, height: small.info.height, channels: 4 } }).flatten({ background: '#fff' }).stats()
  return `#${[r, g, b].map((value) => value.toString(16).padStart(2, '0')).join('')}`
}
