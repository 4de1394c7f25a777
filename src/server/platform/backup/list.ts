import { createInterface } from 'node:readline'
import type { Files } from '../files/index.ts'
import { Manifest, MediaLine } from './manifest.ts'
import { readPacked } from './pack.ts'

/** The finished backups of a place, the oldest first. */
export async function listBackups(place: Files): Promise<Manifest[]> {
  const found: Manifest[] = []
  for await (const name of place.list('backups')) {
    if (!name.endsWith('/manifest.json')) continue
    const read = await readManifest(place, name)
    if (read) found.push(read)
  }
  return found.sort((a, b) => a.id < b.id ? -1 : 1)
}

async function readManifest(place: Files, name: string): Promise<Manifest | undefined> {
  const stream = await place.read(name)
  if (!stream) return undefined
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Manifest.parse(JSON.parse(Buffer.concat(parts).toString('utf8')))
}

/** The media of a backup, line by line. */
export async function* mediaLines(place: Files, manifest: Manifest, identity: string | null): AsyncIterable<MediaLine> {
  const stored = await place.read(manifest.media.file)
  if (!stored) throw new Error(`${manifest.media.file} is missing`)
  const plain = await readPacked(stored, { identity: manifest.encrypted ? identity : null, compress: true })
  for await (const line of createInterface({ input: plain, crlfDelay: Infinity })) if (line) yield MediaLine.parse(JSON.parse(line))
}
