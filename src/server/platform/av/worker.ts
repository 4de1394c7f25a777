import { access, constants, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { refuse, serveTask } from '../child/worker.ts'
import type { AvEngine } from './engine.ts'
import type { AvTask } from './index.ts'
import { make } from './make.ts'

type Work = { make: AvTask } | { status: { ffmpegPath?: string } }

serveTask(async (task, onProgress) => {
  const work = task as Work
  if ('make' in work) return make(await engineOf(work.make.ffmpegPath), work.make, onProgress)
  return status(work.status.ffmpegPath)
}, 'mediaBroken')

async function engineOf(ffmpegPath: string | undefined): Promise<AvEngine> {
  try {
    if (ffmpegPath) await access(ffmpegPath, constants.X_OK)
    // Loaded only when used: the library's binary is large.
    return ffmpegPath ? (await import('./program.ts')).program(ffmpegPath) : (await import('./library.ts')).library
  } catch (error) {
    throw refuse('avMissing', error instanceof Error ? error.message : String(error))
  }
}

/** Tries the real thing on a second of silence. */
async function status(ffmpegPath: string | undefined): Promise<{ version: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-av-'))
  try {
    const { silence } = await import('./silence.ts')
    const input = await silence(folder)
    await (await engineOf(ffmpegPath)).transcodeAudio({ path: input, demuxer: 'wav' }, { output: join(folder, 'out.m4a'), onTime() {} })
    return { version: ffmpegPath ?? `FFmpeg ${(await import('node-av/lib')).getFFmpegInfo().version}` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
