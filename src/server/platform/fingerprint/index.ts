import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { lumaOf, pdqTurnsOf } from './pdq.ts'

export { lumaOf, pdqDistance, pdqOf, pdqTurnsOf, turns } from './pdq.ts'
export type { Pdq, PdqTurns } from './pdq.ts'

/** What a picture, or one picture of a film or an animation, looks like. */
export type Fingerprint = {
  /** seconds from the beginning; 0 for a still picture */
  frameAt: number
  /** PDQ of the picture as it is seen and of its seven other turns, in the order of `turns`: 8 × 32 bytes */
  hashes: Buffer
  /** 0 … 100; below 50 there is too little to see to compare it */
  quality: number
}

/** Two hashes at most this far apart show the same picture, where both have the quality that is needed. */
export const sameWithin = 31
export const qualityNeeded = 50

/**
 * Longest side that is hashed as it is. Larger pictures are made this size first, as the reference does with 512:
 * with an odd number of 64 parts each sample stands in the middle of its part, and of the sizes that were tried this
 * one stays nearest to the published hashes (distance 2 to 4), whichever of the reference's programs they came from.
 */
const side = 704

/** Raw pixels, or what sharp reads: the content of a picture file, or its path. */
export type FrameSource = Buffer | string | { data: Buffer; width: number; height: number; channels: 3 | 4 }

/** The fingerprint of one picture. Takes a few milliseconds of this process: call it in a child. Throws what sharp throws. */
export async function fingerprintFrame(source: FrameSource, frameAt = 0): Promise<Fingerprint> {
  const image = typeof source === 'string' || Buffer.isBuffer(source) ? sharp(source) : sharp(source.data, { raw: source })
  const { width, height } = typeof source === 'string' || Buffer.isBuffer(source) ? (await image.metadata()).autoOrient : source
  return fingerprintOf(image.autoOrient(), { width, height }, frameAt)
}

/** The same of a picture that sharp has opened and that is upright; `size` is the size it has. */
export async function fingerprintOf(image: Sharp, size: { width: number; height: number }, frameAt = 0): Promise<Fingerprint> {
  const fitting = Math.max(size.width, size.height) > side ? image.resize(side, side, { fit: 'fill' }) : image
  // Transparent parts as they look on a light page, not as whatever colour hides below them.
  const { data, info } = await fitting.flatten({ background: '#fff' }).toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  const { turns, quality } = pdqTurnsOf(lumaOf(data, info.channels), info.width, info.height)
  return { frameAt, hashes: Buffer.concat(turns), quality }
}
