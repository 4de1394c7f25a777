// Runs in a child process only. What the pictures taken from a film are used for.
import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { fingerprintFrame } from '../fingerprint/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { Sample } from './film.ts'

/** Pictures of a film in rows, one every `every` seconds, for looking while one seeks. */
export type Grid = { columns: number; count: number; every: number; width: number; height: number }

const cellSide = 176
const columns = 10
const most = 100
const mostPrints = 60

type Cell = { data: Buffer; at: number; light: number; contrast: number; sharpness: number }

/** Dark, washed out, or all of one colour. */
const empty = ({ light, contrast }: Cell) => light < 24 || light > 235 || contrast < 8

/** Looks at the pictures of a film one by one and keeps little of each. */
export function viewer(expected: number) {
  const cells: Cell[] = []
  const prints: Fingerprint[] = []
  const everyPrint = Math.max(1, Math.ceil(expected / mostPrints))
  let size: { width: number; height: number } | undefined
  let seen = 0
  return {
    async take(sample: Sample): Promise<void> {
      const index = seen++
      const raw = { width: sample.width, height: sample.height, channels: 3 as const }
      if (index % everyPrint === 0 && prints.length < mostPrints) prints.push(await fingerprintFrame({ data: sample.data, ...raw }, Math.round(sample.at * 1000) / 1000))
      if (cells.length >= most) return
      const scale = cellSide / Math.max(sample.width, sample.height)
      size ??= { width: Math.max(2, Math.round(sample.width * scale)), height: Math.max(2, Math.round(sample.height * scale)) }
      const small = await sharp(sample.data, { raw }).resize(size.width, size.height, { fit: 'fill' }).raw().toBuffer()
      cells.push({ data: small, at: sample.at, ...await looks(small, size) })
    },
    prints: () => prints,
    /** The second of the picture that tells most: neither dark nor washed out, sharp, rather early. */
    best(duration: number): number {
      const sharpest = Math.max(...cells.map((cell) => cell.sharpness), 0.001)
      const score = (cell: Cell) => (empty(cell) ? -2 : 0) + Math.min(1, cell.contrast / 55) + cell.sharpness / sharpest - 0.5 * Math.abs(cell.at / Math.max(duration, 0.1) - 0.15)
      return cells.reduce<Cell | undefined>((best, cell) => !best || score(cell) > score(best) ? cell : best, undefined)?.at ?? 0
    },
    /** Is there something to see at this second? */
    tells: (at: number) => cells.some((cell) => cell.at === at && !empty(cell)),
    /** Writes all pictures into one; undefined where there is only one. */
    async grid(output: string, every: number): Promise<Grid | undefined> {
      if (!size || cells.length < 2) return undefined
      const { width, height } = size
      const wide = Math.min(columns, cells.length)
      const image = sharp({ create: { width: wide * width, height: Math.ceil(cells.length / wide) * height, channels: 3, background: '#000' } })
        .composite(cells.map((cell, at) => ({ input: cell.data, raw: { width, height, channels: 3 as const }, left: at % wide * width, top: Math.floor(at / wide) * height })))
      await writeFile(output, await image.webp({ quality: 60, effort: 3 }).toBuffer())
      return { columns: wide, count: cells.length, every, width, height }
    },
  }
}

async function looks(data: Buffer, size: { width: number; height: number }): Promise<{ light: number; contrast: number; sharpness: number }> {
  const { channels, sharpness } = await sharp(data, { raw: { ...size, channels: 3 } }).greyscale().stats()
  return { light: channels[0]?.mean ?? 0, contrast: channels[0]?.stdev ?? 0, sharpness }
}
