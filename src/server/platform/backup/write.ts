import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import type { Files } from '../files/index.ts'
import { idOf, manifestName, mediaName } from './manifest.ts'
import type { Manifest, MediaLine } from './manifest.ts'
import { listBackups, mediaLines } from './list.ts'
import { measure, putPacked } from './pack.ts'
import { copyOut, countRows, migrationsOf, sequencesOf, tablesOf } from './tables.ts'

export type BackupWork = {
  connect(): pg.Client
  /** where media lies */
  media: Files
  /** a folder of small secret files, kept only where the backup is encrypted */
  keysFolder: string
  to: Files
  /** an age recipient; null: not encrypted */
  recipient: string | null
  now: Date
  /** media files that this backup must not hold */
  leaveOut?: ReadonlySet<string>
  /** goes into the manifest as it is */
  notes?: Record<string, string>
  onProgress?(what: 'tables' | 'media', done: number, all: number): void
}
export type BackupResult = { manifest: Manifest; /** media files that were copied this time, and their bytes */ copied: { files: number; bytes: number }; /** gone while the backup was made: no row needed them any more */ gone: string[]; /** files that it was told to leave out, as far as they were there */ leftOut: number }

/**
 * Makes a backup beside a running server: all tables as of one moment, then the media that they may name. Media that lies
 * in the place already is not copied again. The manifest comes last: what is broken off is no backup.
 */
export async function writeBackup(work: BackupWork): Promise<BackupResult> {
  const encrypted = work.recipient !== null
  const known = await listBackups(work.to)
  let id = idOf(work.now)
  while (known.some((one) => one.id === id)) id = idOf(new Date(Date.parse(`${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6, 11)}:${id.slice(11, 13)}:${id.slice(13)}`) + 1000))
  const folder = `backups/${id}`
  const tables = await writeTables(work, folder)
  const { lines, ...media } = await writeMedia(work, known.at(-1))
  const list = await putPacked(work.to, `${folder}/media.jsonl.zst${encrypted ? '.age' : ''}`, Readable.from(lines.map((line) => `${JSON.stringify(line)}\n`)), { recipient: work.recipient, compress: true })
  const keys = encrypted ? await writeKeys(work, folder) : []
  const manifest: Manifest = {
    format: 1, id, createdAt: work.now.toISOString(), encrypted, ...tables,
    media: { file: `${folder}/media.jsonl.zst${encrypted ? '.age' : ''}`, ...list.stored, files: lines.length, allBytes: lines.reduce((sum, line) => sum + line.bytes, 0) }, keys, ...work.notes || media.leftOut ? { notes: { ...work.notes, ...media.leftOut ? { leftOut: String(media.leftOut) } : {} } } : {},
  }
  await work.to.put(manifestName(id), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`))
  return { manifest, copied: media.copied, gone: media.gone, leftOut: media.leftOut }
}

async function writeTables({ connect, to, recipient, onProgress }: BackupWork, folder: string): Promise<Pick<Manifest, 'tables' | 'sequences' | 'migrations'>> {
  const client = connect()
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query('set local statement_timeout = 0')
    const all = await tablesOf(client)
    const [migrations, sequences] = [await migrationsOf(client), await sequencesOf(client)]
    const tables: Manifest['tables'] = []
    for (const [at, one] of all.entries()) {
      onProgress?.('tables', at, all.length)
      const file = `${folder}/${one.table}.copy.zst${recipient === null ? '' : '.age'}`
      const rows = await countRows(client, one.table)
      const { stream } = copyOut(client, one)
      const { stored } = await putPacked(to, file, stream, { recipient, compress: true })
      tables.push({ ...one, rows, file, ...stored })
    }
    await client.query('commit')
    onProgress?.('tables', all.length, all.length)
    return { tables, sequences, migrations }
  } finally {
    await client.end()
  }
}

/** Files made by hash never change under their name; of the others the size and the time tell. */
async function writeMedia({ media, to, recipient, leaveOut, onProgress }: BackupWork, last: Manifest | undefined) {
  const before = new Map<string, MediaLine>()
  if (last && last.encrypted === (recipient !== null) && !last.encrypted) for await (const line of mediaLines(to, last, null)) before.set(line.name, line)
  const there = new Map<string, number>()
  for await (const { name, bytes } of to.entries('media')) there.set(name, bytes)
  const names = new Map<string, { bytes: number; modified: Date }>()
  let leftOut = 0
  for await (const { name, bytes, modified } of media.entries()) {
    if (leaveOut?.has(name)) leftOut++
    else names.set(name, { bytes, modified })
  }
  const lines: MediaLine[] = []
  const gone: string[] = []
  const copied = { files: 0, bytes: 0 }
  let done = 0
  for (const [name, { bytes, modified }] of names) {
    onProgress?.('media', done++, names.size)
    const target = mediaName(name, recipient !== null)
    const lying = there.get(target)
    const old = before.get(name)
    const byHash = /^by-hash\/[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(name)?.[1]
    if (lying !== undefined && byHash) { lines.push({ name, bytes, sha256: byHash, stored: lying }); continue }
    if (lying !== undefined && old && old.bytes === bytes && old.stored === lying && last && modified < new Date(last.createdAt)) { lines.push(old); continue }
    const source = await media.read(name)
    if (!source) { gone.push(name); continue }
    const { plain, stored } = await putPacked(to, target, source, { recipient, compress: false })
    lines.push({ name, bytes: plain.bytes, sha256: plain.sha256, stored: stored.bytes })
    copied.files++
    copied.bytes += plain.bytes
  }
  onProgress?.('media', names.size, names.size)
  return { lines, gone, copied, leftOut }
}

async function writeKeys({ keysFolder, to, recipient }: BackupWork, folder: string): Promise<Manifest['keys']> {
  const names = await readdir(keysFolder).catch(() => [])
  const keys: Manifest['keys'] = []
  for (const name of names.sort()) {
    const file = `${folder}/key-${name}.age`
    const { stored } = await putPacked(to, file, Readable.from([await readFile(join(keysFolder, name))]), { recipient, compress: false })
    keys.push({ name, file, ...stored })
  }
  return keys
}

/** The facts of what lies there now. */
export async function factsOf(place: Files, name: string): Promise<{ bytes: number; sha256: string } | undefined> {
  const stream = await place.read(name)
  if (!stream) return undefined
  const seen = measure()
  await pipeline(stream, seen.resume())
  return seen.facts()
}
