// node bench/pictures.ts: pictures per CPU-second through Hearth's pipeline (in a child process, checked, variants
// in AVIF and WebP, placeholder, colour, fingerprints in eight turns, hashes, stored) and through sharp alone, in one
// process that makes the same variants and nothing else.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { localFiles } from '../src/server/platform/files/index.ts'
import { lumaOf, pdqTurnsOf } from '../src/server/platform/fingerprint/index.ts'
import { pictureMaker } from '../src/server/platform/images/index.ts'
import { scene } from '../tests/media/pictures.ts'
import { barePictures } from './bare-pictures.ts'
import { cpuSeconds } from './cpu.ts'
import { tell } from './result.ts'

sharp.concurrency(1)
sharp.cache(false)
const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-'))
const pictures = pictureMaker()
const files = localFiles(join(folder, 'files'))
const kinds = [{ name: '12 megapixels, JPEG', width: 4032, height: 3024, format: 'jpeg', count: 8 }, { name: '2 megapixels, JPEG', width: 1632, height: 1224, format: 'jpeg', count: 12 }, { name: 'screenshot, PNG', width: 1170, height: 2532, format: 'png', count: 8 }] as const

/** As a camera sees: with noise in it. */
async function photo(kind: (typeof kinds)[number], seed: number): Promise<string> {
  const { width, height, format } = kind
  const grain = await sharp({ create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 14 } } }).png({ compressionLevel: 1 }).toBuffer()
  const image = await scene(width, height, seed)
  const file = join(folder, `${format}-${width}-${seed}`)
  await (format === 'png' ? image.png() : image.composite([{ input: grain, blend: 'soft-light' }]).jpeg({ quality: 90 })).toFile(file)
  return file
}

async function hearth(input: string, format: string, name: string, sender = 'mara'): Promise<void> {
  const content = await readFile(input)
  createHash('sha256').update(content).digest()
  createHash('md5').update(content).digest()
  const at = join(folder, name)
  await mkdir(at)
  const made = await pictures.make(sender, { input, folder: at, purpose: 'post', format, pixels: 40_000_000, frames: 300 })
  for (const { file } of made.files) await files.put(`${name}/${file}`, createReadStream(join(at, file)))
  await rm(at, { recursive: true })
}

async function bare(input: string, name: string): Promise<void> {
  await barePictures(input, join(folder, name))
  await rm(join(folder, name), { recursive: true })
}

async function measure(act: () => Promise<void>): Promise<number> {
  const began = cpuSeconds()
  await act()
  return cpuSeconds() - began
}

try {
  let all = { hearth: 0, bare: 0 }
  for (const kind of kinds) {
    const inputs: string[] = []
    for (let seed = 1; seed <= kind.count; seed++) inputs.push(await photo(kind, seed))
    // Once before, so that neither pays for what is loaded the first time.
    await bare(inputs[0]!, 'warm-bare')
    await hearth(inputs[0]!, kind.format, 'warm-hearth')
    const spent = { hearth: 0, bare: 0 }
    // In turns, so that a busy moment of the machine meets both.
    for (const [at, input] of inputs.entries()) {
      spent.bare += await measure(() => bare(input, `b${at}`))
      spent.hearth += await measure(() => hearth(input, kind.format, `h${at}`))
    }
    let cold = 0
    for (const [at, input] of inputs.entries()) cold += await measure(() => hearth(input, kind.format, `c${at}`, `${kind.name} ${at}`))
    all = { hearth: all.hearth + spent.hearth, bare: all.bare + spent.bare }
    tell({ name: `${kind.name}: Hearth`, value: kind.count / spent.hearth, unit: 'pictures per CPU-second' })
    tell({ name: `${kind.name}: sharp alone`, value: kind.count / spent.bare, unit: 'pictures per CPU-second' })
    tell({ name: `${kind.name}: overhead`, value: (spent.hearth / spent.bare - 1) * 100, unit: '%' })
    tell({ name: `${kind.name}: overhead where each is another member's`, value: (cold / spent.bare - 1) * 100, unit: '%' })
  }
  tell({ name: 'pictures altogether: overhead', value: (all.hearth / all.bare - 1) * 100, unit: '%', most: 10 })
  const { data } = await (await scene(704, 704)).raw().toBuffer({ resolveWithObject: true })
  const spent = await measure(async () => { for (let round = 0; round < 50; round++) pdqTurnsOf(lumaOf(data, 3), 704, 704) })
  tell({ name: 'PDQ in eight turns', value: spent / 50 * 1000, unit: 'ms', most: 30 })
} finally {
  pictures.close()
  await rm(folder, { recursive: true, force: true })
}
