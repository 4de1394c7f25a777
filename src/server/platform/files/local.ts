import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join, normalize, sep } from 'node:path'
import { isPath } from './types.ts'
import type { Content, Files, StoredFile } from './types.ts'

const unfinished = /\.[0-9a-f]{12}\.part$/

/** Files on this machine's disk, below `folder`. Written under a temporary name, synced, then renamed. */
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
  async function* walk(below: string): AsyncIterable<string> {
    const entries = await readdir(below ? path(below) : folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const name = below ? `${below}/${entry.name}` : entry.name
      if (entry.isDirectory()) yield* walk(name)
      else yield name
    }
  }
  return {
    async put(name, content) {
      const full = path(name)
      const temporary = `${full}.${randomBytes(6).toString('hex')}.part`
      try {
        await write(await opened(temporary), content)
        const bytes = (await stat(temporary)).size
        await rename(temporary, full)
        // Two names of one file are not renamed into each other: both stay.
        await rm(temporary, { force: true })
        return { bytes }
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    async read(name, range) {
      if (!(await statOf(name))) return undefined
      return createReadStream(path(name), range ? { start: range.start, end: range.end } : {})
    },
    stat: statOf,
    async remove(name) {
      await rm(path(name), { recursive: true, force: true })
      // An empty folder goes with its last file.
      if (dirname(path(name)) !== folder) await rmdir(dirname(path(name))).catch(() => {})
    },
    async localPath(name) { return path(name) },
    list: async function* (below = '') {
      for await (const name of walk(below)) if (!unfinished.test(name)) yield name
    },
    entries: async function* (below = ''): AsyncIterable<StoredFile> {
      for await (const name of walk(below)) {
        const found = unfinished.test(name) ? undefined : await statOf(name)
        if (found) yield { name, ...found }
      }
    },
    async tidy(before) {
      for await (const name of walk('')) {
        const found = unfinished.test(name) ? await statOf(name) : undefined
        if (found && found.modified < before) await rm(path(name), { force: true })
      }
    },
  }
}

/** A new file, also where its folder is being taken away at this moment. */
async function opened(path: string): Promise<{ path: string; handle: FileHandle }> {
  for (let left = 5; ; left--) {
    await mkdir(dirname(path), { recursive: true })
    try {
      return { path, handle: await open(path, 'wx', 0o640) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || left === 0) throw error
    }
  }
}

/** A file of ours is linked where the disk can: the same bytes needn't be written twice. */
async function write({ path, handle }: { path: string; handle: FileHandle }, content: Content): Promise<void> {
  if (isPath(content)) {
    await handle.close()
    await rm(path)
    await link(content.path, path).catch(() => copyFile(content.path, path))
    const linked = await open(path, 'r+')
    try { await linked.sync() } finally { await linked.close() }
    return
  }
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
