import { join } from 'node:path'
import { isChildError, runInChild } from '../child/index.ts'
import type { Fingerprint } from '../fingerprint/index.ts'
import type { MadeFile } from '../images/index.ts'

export type { AvEngine, Input, Probe } from './engine.ts'

/** `ffmpegPath`: use this program instead of the library that comes with Hearth. */
export type AvTask = {
  input: string
  demuxer: string
  folder: string
  ffmpegPath?: string
  limits: { duration: number; pixels: number }
}
export type MadeAv = {
  kind: 'video' | 'audio'
  duration: number
  width: number | null
  height: number | null
  thumbhash: Buffer | null
  colour: string | null
  tags: { title?: string; artist?: string; album?: string }
  waveform: number[] | null
  files: MadeFile[]
  /** of pictures that were taken from it */
  fingerprints?: Fingerprint[]
}

const worker = join(import.meta.dirname, 'worker.ts')

/** Makes a film or a sound playable everywhere, in a child process. Rejects with a ChildError: videoBroken, audioBroken, mediaTooLong, tooManyPixels, mediaTimeout, … */
export const makePlayable = (task: AvTask, onProgress?: (progress: number) => void): Promise<MadeAv> =>
  runInChild(worker, { make: task }, { seconds: 60 * 60, megabytes: 2500 }, onProgress)

export type AvStatus = { works: boolean; engine: 'library' | 'program'; version: string; problem: string | null }

/** Can video and music be made ready on this machine? `problem` says why not, in words for the one who runs it. */
export async function avEngineStatus(config: { ffmpegPath?: string }): Promise<AvStatus> {
  const engine = config.ffmpegPath ? 'program' : 'library'
  try {
    const { version } = await runInChild<{ version: string }>(worker, { status: { ffmpegPath: config.ffmpegPath } }, { seconds: 20, megabytes: 1000 })
    return { works: true, engine, version, problem: null }
  } catch (error) {
    const detail = isChildError(error) ? error.detail : String(error)
    return { works: false, engine, version: '', problem: engine === 'program'
      ? `The program at FFMPEG_PATH (${config.ffmpegPath}) does not run, or lacks H.264 and AAC. Correct the path, or unset it to use the library that comes with Hearth. ${detail}`
      : `The FFmpeg library (npm package node-av) does not load on this system (${process.platform}-${process.arch}). Run npm install again, or install ffmpeg and set FFMPEG_PATH. ${detail}` }
  }
}
