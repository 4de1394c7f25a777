import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { refuse, serveTask } from '../child/worker.ts'
import type { AvTask } from './index.ts'

type Work = { make: AvTask } | { status: true }

serveTask(async (task, onProgress, onPart) => {
  const work = task as Work
  if ('make' in work) {
    const { make } = await import('./make.ts').catch(missing)
    return make(work.make, onProgress, onPart)
  }
  return status()
}, 'mediaBroken')

/** The library's binary is part of an npm package that some systems have no build of. */
const missing = (error: unknown): never => { throw refuse('avMissing', error instanceof Error ? error.message : String(error)) }

/** Tries the real thing on a tenth of a second of silence. */
async function status(): Promise<{ version: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-av-'))
  try {
    const { silence } = await import('./silence.ts')
    const { makeSound } = await import('./film.ts').catch(missing)
    await makeSound({ path: await silence(folder), demuxer: 'wav' }, { output: join(folder, 'out.m4a'), sound: { channels: 1, gain: 0, limited: false }, onTime() {} })
    return { version: `FFmpeg ${(await import('node-av/lib')).getFFmpegInfo().version}` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
