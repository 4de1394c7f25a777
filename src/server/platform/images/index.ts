import { join } from 'node:path'
import { runInChild } from '../child/index.ts'
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

/** Makes the files of a picture in a child process. Rejects with a ChildError: imageBroken, tooManyFrames, tooManyPixels, mediaTimeout, … */
export const makePictures = (task: PictureTask, onProgress?: (progress: number) => void): Promise<MadePicture> =>
  runInChild(worker, { make: task } satisfies PictureWork, { seconds: 180, megabytes: 1500 }, onProgress)

/** What a picture looks like, found in a child process without making anything of it. Rejects with a ChildError. */
export async function fingerprintPicture(task: LookTask): Promise<Fingerprint[]> {
  const found = await runInChild<Fingerprint[]>(worker, { look: task } satisfies PictureWork, { seconds: 60, megabytes: 1500 })
  return found.map((one) => ({ ...one, hashes: Buffer.from(one.hashes) }))
}
