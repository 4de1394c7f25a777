// Runs in a child process only: see index.ts.
import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { refuse } from '../child/worker.ts'
import { makePicture } from '../images/pictures.ts'
import { lengthOf, makeFilm, makeLossless, makeSound, pictureAt } from './film.ts'
import { earlyPoster } from './early.ts'
import type { AvFile, AvTask, EarlyPoster, MadeAv } from './index.ts'
import { look } from './look.ts'
import type { Look } from './look.ts'
import { viewer } from './pictures.ts'
import { gainFor, renditionsOf, samplePause, steadyRate } from './plan.ts'
import { indexFragments, masterPlaylist, mediaPlaylist } from './playlist.ts'
import type { Listed } from './playlist.ts'
import type { Input } from './source.ts'
import { readTags } from './tags.ts'

export const hlsMime = 'application/vnd.apple.mpegurl'

/** Decides by what is inside whether this is a film or a sound, and makes its files; tells a film's first picture at once. */
export async function make(task: AvTask, onProgress: (progress: number) => void, onPoster: (poster: EarlyPoster) => void = () => {}): Promise<MadeAv> {
  const input: Input = { path: task.input, demuxer: task.demuxer }
  const until = deadline()
  // Of what can't be read this way the next lines tell.
  const early = await earlyPoster(task).catch(() => null)
  if (early) onPoster(early)
  const seen = await look(input, { ...task.limits, onTime: () => until.check() }).catch(broken('mediaBroken'))
  onProgress(0.08)
  const duration = seen.film?.duration || seen.sound?.duration || 0
  if (duration > task.limits.duration) throw refuse('mediaTooLong')
  // What a second costs at most, on a slow machine, for the largest pictures.
  until.extend(duration * 15)
  if (seen.film) return film(task, input, seen, seen.film, { check: until.check, onProgress })
  if (seen.sound) return sound(task, input, seen.sound, { check: until.check, onProgress })
  throw refuse('mediaEmpty')
}

type Watch = { check(): void; onProgress(progress: number): void }

/** Work that goes on without end ends here, long before its process is ended from outside. */
function deadline() {
  let last = performance.now() + 5 * 60_000
  return {
    check() { if (performance.now() > last) throw refuse('mediaTimeout') },
    extend(seconds: number) { last += seconds * 1000 },
  }
}

async function film(task: AvTask, input: Input, seen: Look, facts: NonNullable<Look['film']>, watch: Watch): Promise<MadeAv> {
  const renditions = renditionsOf(facts)
  const every = samplePause(facts.duration)
  const pictures = viewer(Math.ceil(facts.duration / every))
  const heard = seen.sound
  const onTime = (seconds: number) => {
    watch.check()
    if (facts.duration > 0) watch.onProgress(0.08 + seconds / facts.duration * 0.82)
  }
  await makeFilm(input, {
    folder: task.folder, film: facts, renditions, pixels: task.limits.pixels, onTime, onSample: pictures.take,
    sound: heard ? { channels: heard.channels, ...gainFor(heard.loudness, false) } : null,
  }).catch(broken('videoBroken'))
  watch.onProgress(0.91)
  // The length of what was made is the true one.
  const duration = await lengthOf(join(task.folder, 'play.mp4')).catch(broken('videoBroken'))
  if (!(duration > 0)) throw refuse('videoBroken')
  const frameRate = steadyRate(facts.frameRate).value
  const files: AvFile[] = []
  const listed: Listed[] = []
  for (const one of renditions) {
    const file = `${one.name}.mp4`
    const playlist = `${one.name}.m3u8`
    files.push(await described(task.folder, file, one.name, 'video/mp4', one))
    const index = await indexFragments(join(task.folder, file), duration).catch(broken('videoBroken'))
    listed.push({ ...index, playlist, width: one.width, height: one.height, frameRate })
    await writeFile(join(task.folder, playlist), mediaPlaylist(index, file))
    files.push(await described(task.folder, playlist, `list-${one.name}`, hlsMime, one))
  }
  await writeFile(join(task.folder, 'film.m3u8'), masterPlaylist(listed))
  files.push(await described(task.folder, 'film.m3u8', 'hls', hlsMime, null))
  const grid = await pictures.grid(join(task.folder, 'board.webp'), every)
  if (grid) files.push({ ...await described(task.folder, 'board.webp', 'board', 'image/webp', null), grid })
  watch.onProgress(0.93)
  const still = await poster(task, pictures.best(duration), frameRate).catch(broken('videoBroken'))
  const { width, height } = renditions[0]!
  return {
    kind: 'video', duration, width, height, thumbhash: still.thumbhash, colour: still.colour, tags: {}, waveform: null, loudness: heard ? finite(heard.loudness.lufs) : null,
    files: [...files, ...still.files], fingerprints: pictures.prints(),
  }
}

async function poster(task: AvTask, at: number, frameRate: number) {
  const frame = await pictureAt(join(task.folder, 'play.mp4'), at, frameRate)
  const file = join(task.folder, 'poster.png')
  await sharp(frame.data, { raw: { width: frame.width, height: frame.height, channels: 3 } }).png({ compressionLevel: 1 }).toFile(file)
  try {
    return await makePicture({ input: file, folder: task.folder, purpose: 'post', format: 'png', pixels: task.limits.pixels, frames: 1 })
  } finally {
    await rm(file, { force: true })
  }
}

async function sound(task: AvTask, input: Input, heard: NonNullable<Look['sound']>, watch: Watch): Promise<MadeAv> {
  const onTime = (seconds: number) => {
    watch.check()
    if (heard.duration > 0) watch.onProgress(0.3 + seconds / heard.duration * 0.5)
  }
  const { tags, cover } = await readTags(task.input)
  // Who gave it a title or an artist made music; a note that was spoken may be held down where it is too loud.
  const music = Boolean(tags.title || tags.artist || heard.channels === 2)
  await makeSound(input, { output: join(task.folder, 'play.m4a'), sound: { channels: heard.channels, ...gainFor(heard.loudness, music) }, onTime }).catch(broken('audioBroken'))
  const files = [await described(task.folder, 'play.m4a', 'play', 'audio/mp4', null)]
  watch.onProgress(0.8)
  if (task.lossless && (task.demuxer === 'flac' || task.demuxer === 'wav')) {
    await makeLossless(input, join(task.folder, 'lossless.flac')).catch(broken('audioBroken'))
    files.push(await described(task.folder, 'lossless.flac', 'lossless', 'audio/flac', null))
  }
  watch.onProgress(0.9)
  const still = cover ? await coverOf(task, cover) : null
  return {
    kind: 'audio', duration: heard.duration, width: still?.width ?? null, height: still?.height ?? null, thumbhash: still?.thumbhash ?? null, colour: still?.colour ?? null,
    tags, waveform: heard.peaks, loudness: finite(heard.loudness.lufs), files: [...files, ...still?.files ?? []], fingerprints: still?.fingerprints ?? [],
  }
}

async function coverOf(task: AvTask, cover: Uint8Array) {
  const file = join(task.folder, 'cover.tmp')
  await writeFile(file, cover)
  try {
    const made = await makePicture({ input: file, folder: task.folder, purpose: 'post', format: '', pixels: task.limits.pixels, frames: 300 })
    return { ...made, files: made.files.filter((one) => one.name.startsWith('still')) }
  } catch {
    return null
  } finally {
    await rm(file, { force: true })
    await rm(join(task.folder, 'play.webp'), { force: true })
  }
}

async function described(folder: string, file: string, name: string, mime: string, size: { width: number; height: number } | null): Promise<AvFile> {
  return { name, file, mime, width: size?.width ?? null, height: size?.height ?? null, bytes: (await stat(join(folder, file))).size }
}

const finite = (value: number) => Number.isFinite(value) ? Math.round(value * 10) / 10 : null
const broken = (code: string) => (error: Error & { refused?: string }): never => { throw error.refused ? error : refuse(code, error.message) }
