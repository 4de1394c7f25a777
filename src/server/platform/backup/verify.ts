import type { Files } from '../files/index.ts'
import { mediaLines } from './list.ts'
import { mediaName } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { measure, readPacked } from './pack.ts'
import { factsOf } from './write.ts'

/**
 * Reads a whole backup and names what is missing or changed. With the identity of an encrypted one its content is opened as
 * well; without, the stored bytes are compared with what was written down, and media by size.
 */
export async function verifyBackup(place: Files, manifest: Manifest, identity: string | null, onProgress: (done: number, all: number) => void = () => {}): Promise<{ files: number; wrong: string[] }> {
  const wrong: string[] = []
  const parts = [...manifest.tables, manifest.media, ...manifest.keys]
  for (const { file, sha256 } of parts) {
    const facts = await factsOf(place, file)
    if (!facts) wrong.push(`${file} is missing`)
    else if (facts.sha256 !== sha256) wrong.push(`${file} was changed`)
  }
  const readable = !manifest.encrypted || identity !== null
  if (readable && !wrong.length) for (const one of manifest.tables) {
    const rows = await rowsOf(place, one.file, manifest.encrypted ? identity : null)
    if (rows !== one.rows) wrong.push(`${one.file} holds ${rows} rows instead of ${one.rows}`)
  }
  if (!readable || wrong.includes(`${manifest.media.file} is missing`) || wrong.includes(`${manifest.media.file} was changed`)) return { files: parts.length, wrong }
  let files = 0
  for await (const line of mediaLines(place, manifest, identity)) {
    onProgress(files++, manifest.media.files)
    const stored = await place.read(mediaName(line.name, manifest.encrypted))
    if (!stored) { wrong.push(`media/${line.name} is missing`); continue }
    const seen = measure()
    try {
      const plain = await readPacked(stored, { identity: manifest.encrypted ? identity : null, compress: false })
      for await (const _ of plain.pipe(seen)) { /* only read */ }
      if (seen.facts().sha256 !== line.sha256) wrong.push(`media/${line.name} was changed`)
    } catch (error) {
      wrong.push(`media/${line.name} can't be read: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { files: parts.length + files, wrong }
}

/** PostgreSQL writes a row a line; a newline within a value is written as \\n. */
async function rowsOf(place: Files, file: string, identity: string | null): Promise<number> {
  const stored = await place.read(file)
  if (!stored) return 0
  let rows = 0
  for await (const part of await readPacked(stored, { identity, compress: true })) for (let at = (part as Buffer).indexOf(10); at >= 0; at = (part as Buffer).indexOf(10, at + 1)) rows++
  return rows
}
