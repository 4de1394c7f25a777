// node bench/video.ts: seconds of film per CPU-second through Hearth's pipeline (in a child process: looked through,
// measured, decoded once into HLS and MP4 in three sizes, an early picture, poster, storyboard, fingerprints, playlists), and
// through the ffmpeg program of this machine making the same files with three commands. Where there is none, through the
// library with the same filters and encoders, without early picture, storyboard, fingerprints and choosing. In both, sharp
// makes the sizes of a poster from a moment that nobody chose.
import { execFile, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { renditionFilters, sampleFilters, soundGraph, uprightFilters } from '../src/server/platform/av/graph.ts'
import { makePlayable } from '../src/server/platform/av/index.ts'
import { look } from '../src/server/platform/av/look.ts'
import type { Look } from '../src/server/platform/av/look.ts'
import { gainFor, renditionsOf, samplePause, steadyRate } from '../src/server/platform/av/plan.ts'
import { make } from '../tests/media/samples.ts'
import { barePictures } from './bare-pictures.ts'
import { cpuSeconds } from './cpu.ts'
import { tell } from './result.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'hearth-bench-'))
const limits = { duration: 7200, pixels: 40_000_000 }
const rounds = 2
/** Where the poster is taken from, as a part of the film's length. */
const unchosen = 0.15
const films = [
  { name: '1080p, H.264 of a phone', seconds: 12, file: 'phone.mp4', film: { format: 'mp4', video: 'libx264', audio: 'aac', size: '1920x1080', videoOptions: { crf: '12' }, look: 'noise=alls=6:allf=t' }, demuxer: 'mov' },
  { name: '720p, VP9 of a browser', seconds: 30, file: 'browser.webm', film: { format: 'webm', video: 'libvpx-vp9', audio: 'libopus', size: '1280x720', look: 'noise=alls=4:allf=t' }, demuxer: 'matroska' },
] as const
const program = spawnSync('ffmpeg', ['-version']).status === 0

/** What somebody would type who needs the same files. */
async function commands(input: string, seen: Look, at: string): Promise<void> {
  const film = seen.film!
  const renditions = renditionsOf(film).map((one) => ({ ...one, copy: false }))
  const rate = steadyRate(film.frameRate)
  const top = renditions[0]!
  const shared = ['-nostdin', '-v', 'error', '-y', '-threads', '2', '-i', input]
  await run('ffmpeg', [...shared, '-vn', '-af', 'aresample=48000,ebur128=peak=true', '-f', 'null', '-'])
  const graph = [
    `[0:v]${uprightFilters(film, top)},split=${renditions.length + 1}[s]${renditions.map((_, index) => `[i${index}]`).join('')}`,
    ...renditions.map((one, index) => `[i${index}]${renditionFilters(one, top, rate)}[v${index}]`),
    `[s]${sampleFilters(samplePause(film.duration))},scale=176:-2,tile=10x4[board]`,
    `[0:a]${soundGraph(seen.sound!.channels, gainFor(seen.sound!.loudness, false))},asplit=${renditions.length}${renditions.map((_, index) => `[a${index}]`).join('')}`,
  ].join(';')
  const outputs = renditions.flatMap((one, index) => ['-map', `[v${index}]`, '-map', `[a${index}]`, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-profile:v', 'high', '-sc_threshold', '0', '-g', String(Math.round(rate.value * 4)),
    '-maxrate', String(one.maxRate), '-bufsize', String(one.maxRate * 2), '-threads', '2', '-c:a', 'aac', '-b:a', '160k', '-movflags', '+faststart', '-f', 'mp4', join(at, `${one.name}.mp4`)])
  await run('ffmpeg', [...shared, '-filter_complex', graph, ...outputs, '-map', '[board]', '-frames:v', '1', '-c:v', 'libwebp', join(at, 'board.webp')])
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-ss', String(film.duration * unchosen), '-i', join(at, 'play.mp4'), '-frames:v', '1', join(at, 'poster.png')])
  await barePictures(join(at, 'poster.png'), join(at, 'poster'))
}

/** The same way through the library, without choosing or looking at anything. */
async function library(input: string, demuxer: string, at: string): Promise<void> {
  const script = `const { look } = await import(process.argv[1]); const { makeFilm, pictureAt } = await import(process.argv[2]); const { default: sharp } = await import('sharp'); const { renditionsOf, gainFor } = await import(process.argv[3]); const input = ${JSON.stringify({ path: input, demuxer })};
    const seen = await look(input, { ...${JSON.stringify(limits)}, onTime() {} }); await makeFilm(input, { folder: ${JSON.stringify(at)}, film: seen.film, renditions: renditionsOf(seen.film).map((one) => ({ ...one, copy: false })), pixels: 4e7, onTime() {}, async onSample() {}, sound: { channels: seen.sound.channels, ...gainFor(seen.sound.loudness, false) } });
    const { data, width, height } = await pictureAt(${JSON.stringify(join(at, 'play.mp4'))}, seen.film.duration * ${unchosen}, seen.film.frameRate); await sharp(data, { raw: { width, height, channels: 3 } }).png({ compressionLevel: 1 }).toFile(${JSON.stringify(join(at, 'poster.png'))}); process.exit(0)`
  const part = (name: string) => new URL(`../src/server/platform/av/${name}.ts`, import.meta.url).href
  await run(process.execPath, ['--input-type=module', '-e', script, part('look'), part('film'), part('plan')], { cwd: import.meta.dirname })
  await barePictures(join(at, 'poster.png'), join(at, 'poster'))
}

async function measure(act: () => Promise<unknown>): Promise<number> {
  const began = cpuSeconds()
  await act()
  return cpuSeconds() - began
}

const place = async (name: string) => {
  const at = join(folder, name)
  await mkdir(at)
  return at
}

try {
  let all = { hearth: 0, bare: 0 }
  for (const { name, file, film, demuxer, seconds } of films) {
    const input = join(folder, file)
    await make(folder, { ...film, file, seconds })
    const seen = await look({ path: input, demuxer }, { ...limits, onTime() {} })
    const spent = { hearth: Infinity, bare: Infinity }
    // In turns, and the better of each: a busy machine makes the same work cost more, never less.
    for (let round = 1; round <= rounds; round++) {
      const bare = await place(`b-${file}-${round}`)
      spent.bare = Math.min(spent.bare, await measure(() => program ? commands(input, seen, bare) : library(input, demuxer, bare)))
      const made = await place(`h-${file}-${round}`)
      spent.hearth = Math.min(spent.hearth, await measure(() => makePlayable({ input, demuxer, folder: made, limits })))
    }
    all = { hearth: all.hearth + spent.hearth, bare: all.bare + spent.bare }
    tell({ name: `${name}: Hearth`, value: seconds / spent.hearth, unit: 'seconds of film per CPU-second' })
    tell({ name: `${name}: ${program ? 'ffmpeg' : 'the library'} alone`, value: seconds / spent.bare, unit: 'seconds of film per CPU-second' })
    tell({ name: `${name}: overhead`, value: (spent.hearth / spent.bare - 1) * 100, unit: '%' })
  }
  tell({ name: 'films altogether: overhead', value: (all.hearth / all.bare - 1) * 100, unit: '%', most: 10 })
} finally {
  await rm(folder, { recursive: true, force: true })
}
