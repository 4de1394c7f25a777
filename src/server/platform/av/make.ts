// Runs in a child process only: see index.ts.
import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFile, selectCover } from 'music-metadata'
import { refuse } from '../child/worker.ts'
import type { MadeFile } from '../images/index.ts'
import { makePicture } from '../images/pictures.ts'
import type { AvEngine, Input, Probe } from './engine.ts'
import type { AvTask, MadeAv } from './index.ts'
import { peakMeter } from './peaks.ts'

/** Decides by what is inside whether this is a film or a sound, and makes its files. */
export async function make(engine: AvEngine, task: AvTask, onProgress: (progress: number) => void): Promise<MadeAv> {
  const input: Input = { path: task.input, demuxer: task.demuxer }
  const seen = await engine.probe(input).catch((error: Error) => { throw refuse('mediaBroken', error.message) })
  if (seen.duration > task.limits.duration) throw refuse('mediaTooLong')
  if (seen.video) return film(engine, task, input, seen, seen.video, onProgress)
  if (seen.audio) return sound(engine, task, input, seen, onProgress)
  throw refuse('mediaEmpty')
}

async function film(engine: AvEngine, task: AvTask, input: Input, seen: Probe, video: NonNullable<Probe['video']>, onProgress: (progress: number) => void): Promise<MadeAv> {
  if (video.width < 2 || video.height < 2 || video.width * video.height > task.limits.pixels) throw refuse('tooManyPixels')
  const { width, height } = within(video, 1920, 1080)
  const output = join(task.folder, 'play.mp4')
  const frameRate = video.frameRate > 0 && video.frameRate <= 60 ? Math.round(video.frameRate * 1000) / 1000 : video.frameRate > 60 ? 60 : 30
  const onTime = (seconds: number) => {
    // Headers may lie about the length.
    if (seconds > task.limits.duration) throw refuse('mediaTooLong')
    if (seen.duration) onProgress(seconds / seen.duration * 0.9)
  }
  await engine.transcodeVideo(input, { output, width, height, frameRate, rotation: video.rotation, audio: seen.audio !== null, onTime }).catch(broken('videoBroken'))
  // The length of what was made is the true one, also where the source's header kept silent.
  const made = await engine.probe({ path: output, demuxer: 'mov' }).catch(broken('videoBroken'))
  if (!made.video || made.duration <= 0) throw refuse('videoBroken')
  const poster = join(task.folder, 'poster.png')
  const clean: Input = { path: output, demuxer: 'mov' }
  await engine.frame(clean, { output: poster, at: Math.min(made.duration * 0.1, 10), width, height, rotation: 0 }).catch(() => engine.frame(clean, { output: poster, at: 0, width, height, rotation: 0 })).catch(broken('videoBroken'))
  onProgress(0.93)
  const still = await makePicture({ input: poster, folder: task.folder, purpose: 'post', format: 'png', pixels: task.limits.pixels, frames: 1 })
  await rm(poster)
  return {
    kind: 'video', duration: made.duration, width, height, thumbhash: still.thumbhash, colour: still.colour, tags: {}, waveform: null,
    files: [await described(output, 'play', 'video/mp4', width, height), ...still.files], fingerprints: still.fingerprints,
  }
}

async function sound(engine: AvEngine, task: AvTask, input: Input, seen: Probe, onProgress: (progress: number) => void): Promise<MadeAv> {
  const output = join(task.folder, 'play.m4a')
  const onTime = (seconds: number) => {
    if (seconds > task.limits.duration) throw refuse('mediaTooLong')
    if (seen.duration) onProgress(seconds / seen.duration * 0.8)
  }
  await engine.transcodeAudio(input, { output, onTime }).catch(broken('audioBroken'))
  const meter = peakMeter()
  await engine.pcm({ path: output, demuxer: 'mov' }, (samples) => meter.take(samples)).catch(broken('audioBroken'))
  if (meter.seconds() <= 0) throw refuse('audioBroken')
  onProgress(0.9)
  const { tags, cover } = await readTags(task.input)
  const still = cover ? await coverOf(task, cover) : null
  return {
    kind: 'audio', duration: meter.seconds(), width: still?.width ?? null, height: still?.height ?? null, thumbhash: still?.thumbhash ?? null, colour: still?.colour ?? null,
    tags, waveform: meter.peaks(), files: [await described(output, 'play', 'audio/mp4', null, null), ...still?.files ?? []], fingerprints: still?.fingerprints ?? [],
  }
}

/** Title, artist, album and cover; nothing else of the tags is kept. A file with odd tags still plays. */
async function readTags(path: string): Promise<{ tags: MadeAv['tags']; cover: Uint8Array | null }> {
  try {
    const { common } = await parseFile(path, { duration: false })
    const tag = (text: string | undefined) => text?.toWellFormed().replace(/\p{Cc}/gu, ' ').trim().slice(0, 200)
    const tags = Object.fromEntries(Object.entries({ title: tag(common.title), artist: tag(common.artist), album: tag(common.album) }).filter(([, value]) => value))
    return { tags, cover: selectCover(common.picture)?.data ?? null }
  } catch {
    return { tags: {}, cover: null }
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

async function described(path: string, name: string, mime: string, width: number | null, height: number | null): Promise<MadeFile> {
  return { name, file: path.split(/[\\/]/).at(-1)!, mime, width, height, bytes: (await stat(path)).size }
}

/** As large as fits (either way up), in even numbers, never larger than the source. */
function within(size: { width: number; height: number }, long: number, short: number): { width: number; height: number } {
  const scale = Math.min(1, long / Math.max(size.width, size.height), short / Math.min(size.width, size.height))
  const even = (value: number) => Math.max(2, Math.round(value * scale / 2) * 2)
  return { width: even(size.width), height: even(size.height) }
}

const broken = (code: string) => (error: Error & { refused?: string }): never => { throw error.refused ? error : refuse(code, error.message) }
