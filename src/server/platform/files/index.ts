import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat, readdir } from 'node:fs/promises'
import { dirname, join, normalize, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { randomBytes } from 'node:crypto'

/** Where media lives. Names are relative paths the program made ('ab/cdef…/large.avif'), never a member's. */
export type Files = {
  /** Stores the whole stream or nothing: temporary name, fsync, rename. */
  put(name: string, content: Readable | Buffer): Promise<{ bytes: number }>
  /** `range` is inclusive, as in HTTP. Undefined when there is no such file. */
  read(name: string, range?: { start: number; end: number }): Promise<Readable | undefined>
  stat(name: string): Promise<{ bytes: number; modified: Date } | undefined>
  /** Removes a file, or a folder with all in it. Missing is fine. */
  remove(name: string): Promise<void>
  /** A local path for programs that need one; local storage only returns its own file. */
  localPath(name: string): Promise<string>
  /** Every file's name, for `verify` and sweeps. */
  list(): AsyncIterable<string>
}

/** Files on this machine's disk, below `folder`. */
export function localFiles(folder: string): Files {
  const path = (name: string) => {
    const full = normalize(join(folder, name))
    if (!full.startsWith(folder + sep)) throw new Error('a file name left its folder')
    return full
  }
  const statOf = async (name: string) => {
    const found = await stat(path(name)).catch(() => undefined)
    return found?.isFile() ? { bytes: found.size, modified: found.mtime } : undefined
  }
  return {
    async put(name, content) {
      const full = path(name)
      await mkdir(dirname(full), { recursive: true })
      const temporary = `${full}.${randomBytes(6).toString('hex')}.part`
      const handle = await open(temporary, 'wx', 0o640)
      try {
        await handle.writeFile(content)
        await handle.sync()
      } catch (error) {
        await handle.close().catch(() => {})
        await rm(temporary, { force: true })
        throw error
      }
      await handle.close()
      await rename(temporary, full)
      return { bytes: (await stat(full)).size }
    },
    async read(name, range) {
      if (!(await statOf(name))) return undefined
      return createReadStream(path(name), range ? { start: range.start, end: range.end } : {})
    },
    stat: statOf,
    async remove(name) { await rm(path(name), { recursive: true, force: true }) },
    async localPath(name) { return path(name) },
    async *list() {
      const walk = async function* (below: string): AsyncIterable<string> {
        for (const entry of await readdir(join(folder, below), { withFileTypes: true }).catch(() => [])) {
          const name = below ? `${below}/${entry.name}` : entry.name
          if (entry.isDirectory()) yield* walk(name)
          else yield name
        }
      }
      yield* walk('')
    },
  }
}
