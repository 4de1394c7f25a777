// Runs in a child process only.
import { open } from 'node:fs/promises'
import sharp from 'sharp'
import type { Metadata, Sharp, SharpOptions } from 'sharp'
import { refuse } from '../child/worker.ts'
import { apngFrames } from './apng.ts'
import { isWide } from './gamut.ts'
import type { LookTask } from './index.ts'

/** A picture file that was found to be what it says, within all bounds, and not decoded yet. */
export type Source = {
  /** opens it anew: upright, in sRGB or Display P3 */
  upright(): Sharp
  /** opens all frames */
  moving(): Sharp
  /** upright */
  width: number
  height: number
  /** 1 for a still picture */
  frames: number
  /** 'apng' is read by FFmpeg, the other animations by sharp */
  moves: 'gif' | 'webp' | 'apng' | null
  /** its colours don't fit into sRGB: what is made of it carries a Display P3 profile */
  wide: boolean
}

/** Pixels of every frame count: they are all decoded. So many pictures of the largest size an animation may be. */
const animationFactor = 5

/** Looks at the header only (HEIC is decoded). Throws imageBroken, tooManyFrames, tooManyPixels. */
export async function openSource(task: LookTask): Promise<Source> {
  const options: SharpOptions = { limitInputPixels: task.pixels, failOn: 'error', sequentialRead: true }
  const { input, facts } = await read(task, options)
  const apng = facts.format === 'png' && typeof input === 'string' ? apngFrames(await headOf(input)) : 0
  const moves = apng > 1 ? 'apng' : facts.pages && facts.pages > 1 && (facts.format === 'gif' || facts.format === 'webp') ? facts.format : null
  const frames = apng || (facts.pages ?? 1)
  if (frames > task.frames) throw refuse('tooManyFrames')
  const turned = (facts.orientation ?? 1) >= 5
  const tall = facts.pageHeight ?? facts.height
  if (facts.width * tall > task.pixels || (moves && facts.width * tall * frames > task.pixels * animationFactor)) throw refuse('tooManyPixels')
  const wide = isWide(facts.icc)
  // In one step from their own profile: by default sharp would press wide colours into sRGB, and leave 16-bit ones in Display P3 without a word.
  const direct = wide ? 'p3' : facts.space === 'rgb16' && facts.icc ? 'srgb' : null
  return {
    upright: () => direct ? sharp(input, { ...options, ignoreIcc: true }).autoOrient().withIccProfile(direct) : sharp(input, options).autoOrient().toColourspace('srgb'),
    moving: () => sharp(input, { ...options, limitInputPixels: task.pixels * animationFactor, animated: true }),
    width: turned ? tall : facts.width, height: turned ? facts.width : tall, frames: moves ? frames : 1, moves, wide,
  }
}

async function read(task: LookTask, options: SharpOptions): Promise<{ input: string | Buffer; facts: Metadata }> {
  const broken = (error: Error): never => { throw refuse('imageBroken', error.message) }
  if (task.format === 'heic') {
    const { decodeHeif } = await import('./heif.ts')
    const decoded = await decodeHeif(task.input, task.pixels).catch((error: Error & { refused?: string }) => error)
    if (!(decoded instanceof Error)) return { input: decoded, facts: await sharp(decoded, options).metadata().catch(broken) }
    // HEIF is a box with many kinds of picture in it: those of AV1 are sharp's.
    const facts = await sharp(task.input, options).metadata().catch(() => null)
    if (facts?.format !== 'heif' || facts.compression !== 'av1') throw 'refused' in decoded ? decoded : refuse('imageBroken', decoded.message)
    return { input: task.input, facts }
  }
  const facts = await sharp(task.input, options).metadata().catch(broken)
  if (task.format && facts.format !== task.format && !(task.format === 'avif' && facts.format === 'heif')) throw refuse('imageBroken', `is ${facts.format}`)
  return { input: task.input, facts }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
