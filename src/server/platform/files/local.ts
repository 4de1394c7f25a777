import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, normalize, sep } from 'node:path'
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
      await mkdir(dirname(full), { recursive: true })
      const temporary = `${full}.${randomBytes(6).toString('hex')}.part`
      try {
        await write(temporary, content)
        await rename(temporary, full)
        // Two names of one file are not renamed into each other: both stay.
        await rm(temporary, { force: true })
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
      return { bytes: (await stat(full)).size }
    },
    async read(name, range) {
      if (!(await statOf(name))) return undefined
      return createReadStream(path(name), range ? { start: range.start, end: range.end } : {})
    },
    stat: statOf,
    async remove(name) { await rm(path(name), { recursive: true, force: true }) },
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

/** A file of ours is linked where the disk can: the same bytes needn't be written twice. */
async function write(to: string, content: Content): Promise<void> {
  if ('path' in content && typeof content.path === 'string') {
    await link(content.path, to).catch(() => copyFile(content.path as string, to))
    const handle = await open(to, 'r+')
    try { await handle.sync() } finally { await handle.close() }
    return
  }
  const handle = await open(to, 'wx', 0o640)
  try {
    await handle.writeFile(content as Exclude<Content, { path: string }>)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
