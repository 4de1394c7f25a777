// What is done to pictures on their way through the world, and how far each takes the fingerprint.
import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { fingerprintFrame, pdqDistance } from '../../src/server/platform/fingerprint/index.ts'
import { scene } from './pictures.ts'

type Change = (image: Sharp, size: { width: number; height: number }) => Sharp
export type Alteration = { name: string; change: Change; /** the same picture for everybody, and for PDQ */ harmless: boolean }

const crop = (part: number): Change => (image, { width, height }) => {
  const [x, y] = [Math.round(width * part / 2), Math.round(height * part / 2)]
  return image.extract({ left: x, top: y, width: width - 2 * x, height: height - 2 * y })
}
const each = <Value>(values: Value[], made: (value: Value) => Alteration) => values.map(made)

export const alterations: Alteration[] = [
  ...each([30, 50, 70, 90], (quality) => ({ name: `JPEG ${quality}`, harmless: true, change: (image: Sharp) => image.jpeg({ quality }) })),
  ...each([30, 60, 85], (quality) => ({ name: `WebP ${quality}`, harmless: true, change: (image: Sharp) => image.webp({ quality, effort: 2 }) })),
  ...each([30, 55], (quality) => ({ name: `AVIF ${quality}`, harmless: true, change: (image: Sharp) => image.avif({ quality, effort: 0 }) })),
  ...each([0.75, 0.5, 0.25], (scale) => ({ name: `resized to ${scale * 100} %`, harmless: true, change: (image: Sharp, { width }: { width: number }) => image.resize({ width: Math.round(width * scale) }) })),
  { name: 'resized to 512 × 512', harmless: true, change: (image) => image.resize(512, 512, { fit: 'fill' }) },
  { name: 'blurred, σ 1', harmless: true, change: (image) => image.blur(1) }, { name: 'blurred, σ 3', harmless: true, change: (image) => image.blur(3) },
  { name: 'sharpened', harmless: true, change: (image) => image.sharpen() }, { name: 'sharpened, σ 3', harmless: true, change: (image) => image.sharpen({ sigma: 3 }) },
  { name: 'in grey', harmless: false, change: (image) => image.greyscale() },
  { name: '15 % brighter', harmless: false, change: (image) => image.modulate({ brightness: 1.15 }) },
  { name: 'more contrast', harmless: false, change: (image) => image.linear(1.3, -38) },
  ...each([0.02, 0.05, 0.1, 0.2], (part) => ({ name: `cropped by ${part * 100} %`, harmless: false, change: crop(part) })),
  { name: 'a border of 5 %', harmless: false, change: (image, { width }) => { const by = Math.round(width * 0.05); return image.extend({ top: by, bottom: by, left: by, right: by, background: '#fff' }) } },
  { name: 'a caption below', harmless: false, change: (image, { height }) => image.extend({ bottom: Math.round(height * 0.12), background: '#000' }) },
  ...each([1, 2, 5], (degrees) => ({ name: `turned by ${degrees}°`, harmless: false, change: (image: Sharp) => image.rotate(degrees, { background: '#000' }) })),
  ...each([90, 180, 270], (degrees) => ({ name: `turned by ${degrees}°`, harmless: false, change: (image: Sharp) => image.rotate(degrees) })),
  { name: 'mirrored', harmless: false, change: (image) => image.flop() },
  { name: 'mirrored and turned by 90°', harmless: false, change: (image) => image.flop().rotate(90) },
]

/** `upright`: distances of the pictures as they are held; `turned`: the nearest of the eight turns that are kept. */
export type Measured = { name: string; harmless: boolean; upright: number[]; turned: number[] }

/** How far each alteration takes these pictures (made ones where none are given). */
export async function measure(pictures?: (Buffer | string)[]): Promise<Measured[]> {
  const originals = pictures ?? await Promise.all([1, 2, 3, 4, 5, 6].map(async (seed) => (await scene(1200, 800 + seed * 40, seed)).png({ compressionLevel: 1 }).toBuffer()))
  const table: Measured[] = alterations.map(({ name, harmless }) => ({ name, harmless, upright: [], turned: [] }))
  for (const original of originals) {
    const { width, height } = await sharp(original).metadata()
    const before = await fingerprintFrame(original)
    const kept = Array.from({ length: 8 }, (_, at) => before.hashes.subarray(at * 32, at * 32 + 32))
    for (const [at, { change }] of alterations.entries()) {
      const image = change(sharp(original).removeAlpha(), { width, height })
      const after = await fingerprintFrame(await image.toBuffer())
      const now = after.hashes.subarray(0, 32)
      table[at]!.upright.push(pdqDistance(kept[0]!, now))
      table[at]!.turned.push(Math.min(...kept.map((one) => pdqDistance(one, now))))
    }
  }
  return table
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!

/** The table as Markdown: median and largest distance. */
export const asTable = (table: Measured[]): string => ['| what was done | distance: median | largest | with the eight turns: median | largest |', '| --- | --: | --: | --: | --: |',
  ...table.map(({ name, upright, turned }) => `| ${name} | ${median(upright)} | ${Math.max(...upright)} | ${median(turned)} | ${Math.max(...turned)} |`)].join('\n')
