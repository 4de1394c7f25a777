import sharp from 'sharp'
import { random } from '../random.ts'
import type { Random } from '../random.ts'
import { bread, cat, fruit, tiles } from './indoors.ts'
import { garden, harbour, hills, sea } from './outdoors.ts'
import type { Drawing, Scene } from './paint.ts'

export const scenes = { hills, sea, harbour, fruit, cat, garden, bread, tiles }
const order: readonly Scene[] = [hills, harbour, cat, sea, bread, garden, hills, fruit, sea, tiles]
const shapes = [[1600, 1067], [1600, 1200], [1280, 1600], [1600, 1067], [1400, 1400], [1600, 900], [1200, 1600]] as const

/** One scene as a whole SVG. The same numbers give the same letters. */
export function draw(scene: Scene, chance: Random, nth: number, width: number, height: number, shift = 0): Drawing {
  const made = scene(chance, nth, width, height, shift)
  return { ...made, svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${made.svg}</svg>` }
}

/** The nth picture of the town: scenes take turns, each time at another hour and in another shape. */
export function drawNth(chance: Random, nth: number): Drawing {
  const [width, height] = shapes[nth % shapes.length]!
  return draw(order[nth % order.length]!, chance, Math.floor(nth / order.length) * 2 + (nth % order.length > 5 ? 1 : 0), width, height)
}

/** As a JPEG with a little grain, like a photograph on paper. */
export async function develop(svg: string): Promise<Buffer> {
  const chance = random(7)
  const side = 192
  const grain = Buffer.alloc(side * side * 3)
  for (let at = 0; at < side * side; at++) grain.fill(Math.round(128 + chance.bell() * 11), at * 3, at * 3 + 3)
  return sharp(Buffer.from(svg)).flatten().composite([{ input: grain, raw: { width: side, height: side, channels: 3 }, tile: true, blend: 'soft-light' }]).jpeg({ quality: 88 }).toBuffer()
}
