import { join } from 'node:path'
import { runInChild } from '../child/index.ts'

export type MadeFile = { name: string; file: string; mime: string; width: number | null; height: number | null; bytes: number }
export type MadePicture = { width: number; height: number; animated: boolean; thumbhash: Buffer; colour: string; files: MadeFile[] }
export type PictureTask = {
  input: string
  /** where the files go; it exists and is empty */
  folder: string
  purpose: 'post' | 'avatar' | 'cover' | 'instance'
  /** what the content was recognised as: 'jpeg', 'png', …; empty for any */
  format: string
  pixels: number
  frames: number
}

/** Makes the files of a picture in a child process. Rejects with a ChildError: imageBroken, tooManyFrames, tooManyPixels, mediaTimeout, … */
export const makePictures = (task: PictureTask, onProgress?: (progress: number) => void): Promise<MadePicture> =>
  runInChild(join(import.meta.dirname, 'worker.ts'), task, { seconds: 180, megabytes: 1500 }, onProgress)
