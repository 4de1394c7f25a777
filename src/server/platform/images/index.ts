import { join } from 'node:path'
import { warmChildren } from '../child/warm.ts'
import type { Fingerprint } from '../fingerprint/index.ts'

export type MadeFile = { name: string; file: string; mime: string; width: number | null; height: number | null; bytes: number }
export type MadePicture = { width: number; height: number; animated: boolean; thumbhash: Buffer; colour: string; files: MadeFile[]; fingerprints: Fingerprint[] }
export type PictureTask = {
  input: string
  /** where the files go; it exists and is empty */
  folder: string
  purpose: 'post' | 'avatar' | 'cover' | 'instance'
  /** what the content was recognised as: 'jpeg', 'png', 'heic', …; empty for any */
  format: string
  pixels: number
  frames: number
}

export type LookTask = Pick<PictureTask, 'input' | 'format' | 'pixels' | 'frames'>
export type PictureWork = { make: PictureTask } | { look: LookTask }

const worker = join(import.meta.dirname, 'worker.ts')

/** Makes pictures in child processes. Its calls reject with a ChildError: imageBroken, tooManyFrames, tooManyPixels, mediaTimeout, … */
export type Pictures = {
  /** The files of a picture. `sender`: whose it is; only theirs share a process. */
  make(sender: string, task: PictureTask, onProgress?: (progress: number) => void): Promise<MadePicture>
  /** What a picture looks like, without making anything of it. */
  look(sender: string, task: LookTask): Promise<Fingerprint[]>
  /** Ends the processes that wait for more. */
  close(): void
}

/** One for the whole program. Processes that have nothing to do end by themselves, and with this one. */
export function pictureMaker(): Pictures {
  const children = warmChildren(worker)
  // Buffers arrive as bare bytes.
  const received = (found: Fingerprint[]) => found.map((one) => ({ ...one, hashes: Buffer.from(one.hashes) }))
  return {
    async make(sender, task, onProgress) {
      const made = await children.run<MadePicture>(sender, { make: task } satisfies PictureWork, { seconds: 180, megabytes: 1500 }, onProgress)
      return { ...made, thumbhash: Buffer.from(made.thumbhash), fingerprints: received(made.fingerprints) }
    },
    look: async (sender, task) => received(await children.run<Fingerprint[]>(sender, { look: task } satisfies PictureWork, { seconds: 60, megabytes: 1500 })),
    close: () => children.close(),
  }
}
