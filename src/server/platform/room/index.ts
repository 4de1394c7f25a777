import { statfs } from 'node:fs/promises'
import { diskFull } from '../errors.ts'
import type { Files } from '../files/types.ts'

export type Room = {
  /** Is there too little left to write more? */
  low(): boolean
  /** Looks now rather than in a moment. */
  look(): Promise<boolean>
  close(): void
}

const lookMs = 2_000
/** So that it doesn't change its mind with every file. */
const enough = 1.1

/** Watches how much is free where `folder` lies; `reserve` bytes are kept for the database, which must never meet the end of the disk. */
export async function openRoom(folder: string, reserve: number): Promise<Room> {
  let low = false
  const look = async (): Promise<boolean> => {
    const found = await statfs(folder).catch(() => undefined)
    if (found) low = found.bavail * found.bsize < reserve * (low ? enough : 1)
    return low
  }
  await look()
  const timer = setInterval(() => { look().catch(() => {}) }, lookMs)
  timer.unref()
  return { low: () => low, look, close: () => clearInterval(timer) }
}

/** What the system says of a disk that is full, or a quota that is used up. */
export const isNoRoom = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((error as { code?: string } | null)?.code ?? '')

/** The same files; nothing is added while there is too little room. Throws diskFull then. */
export function filesWithRoom(files: Files, room: Room): Files {
  return {
    ...files,
    async put(name, content) {
      if (room.low()) throw diskFull()
      return files.put(name, content).catch((error: unknown) => { throw isNoRoom(error) ? diskFull() : error })
    },
  }
}
