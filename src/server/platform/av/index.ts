import { join } from 'node:path'
import { isChildError, runInChild } from '../child/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { MadeFile } from '../images/index.ts'
import type { Grid } from './pictures.ts'

export type { Grid } from './pictures.ts'

export type AvTask = {
  input: string
  /** the one container to read it as; nothing is guessed */
  demuxer: string
  /** where the files go; it exists and is empty */
  folder: string
  /** keeps a lossless copy of lossless music, without its tags, beside what is played */
  lossless?: boolean
  limits: { /** seconds */ duration: number; pixels: number }
}
/** `grid`: where the pictures lie in a file of many. */
export type AvFile = MadeFile & { grid?: Grid }
export type MadeAv = {
  kind: 'video' | 'audio'
  /** seconds */
  duration: number
  width: number | null
  height: number | null
  thumbhash: Buffer | null
  colour: string | null
  tags: { title?: string; artist?: string; album?: string }
  waveform: number[] | null
  /** LUFS of what came, before it was made as loud as everything else; null for silence */
  loudness: number | null
  files: AvFile[]
  /** of pictures that were taken from it, about one a second and sixty at most */
  fingerprints: Fingerprint[]
}

/** A picture of a film that isn't made ready yet: one file, and what it and a few more moments look like. */
export type EarlyPoster = { file: string; mime: string; width: number; height: number; bytes: number; thumbhash: Buffer; colour: string; fingerprints: Fingerprint[] }

const worker = join(import.meta.dirname, 'worker.ts')
const longest = 3 * 60 * 60 // seconds; the child itself stops far earlier, by the film's length

/**
 * Makes a film or a sound playable everywhere, in a child process. `onPoster` hears of a film's first picture long before the rest.
 * Rejects with a ChildError: videoBroken, audioBroken, mediaTooLong, tooManyPixels, mediaTimeout, …
 */
export async function makePlayable(task: AvTask, onProgress?: (progress: number) => void, onPoster?: (poster: EarlyPoster) => void): Promise<MadeAv> {
  const made = await runInChild<MadeAv>(worker, { make: task }, { seconds: longest, megabytes: 2500 }, onProgress, (part) => {
    const poster = part as EarlyPoster
    onPoster?.({ ...poster, thumbhash: Buffer.from(poster.thumbhash), fingerprints: poster.fingerprints.map(received) })
  })
  return { ...made, thumbhash: made.thumbhash && Buffer.from(made.thumbhash), fingerprints: made.fingerprints.map(received) }
}

/** Buffers arrive as bare bytes. */
const received = (one: Fingerprint): Fingerprint => ({ ...one, hashes: Buffer.from(one.hashes) })

export type AvStatus = { works: boolean; version: string; problem: string | null }

/** Can video and music be made ready on this machine? `problem` says why not, in words for the one who runs it. */
export async function avEngineStatus(): Promise<AvStatus> {
  try {
    const { version } = await runInChild<{ version: string }>(worker, { status: true }, { seconds: 20, megabytes: 1000 })
    return { works: true, version, problem: null }
  } catch (error) {
    const detail = isChildError(error) ? error.detail : String(error)
    return { works: false, version: '', problem: `The FFmpeg library (npm package node-av) does not load on this system (${process.platform}-${process.arch}). Run npm install again. ${detail}` }
  }
}
