import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import type { Files } from '../files/index.ts'
import { mediaLines } from './list.ts'
import { mediaName } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { measure, readPacked } from './pack.ts'
import { copyIn, countRows, emptyTables, restTriggers, setSequences, tablesOf, withoutKeys } from './tables.ts'

export type RestoreWork = {
  from: Files
  manifest: Manifest
  /** an age identity, where the backup is encrypted */
  identity: string | null
  /** a database whose tables are those of `manifest.migrations` and hold nothing of worth */
  connect(): pg.Client
  media: Files
  keysFolder: string
  onProgress?(what: 'tables' | 'media', done: number, all: number): void
}

/** Puts everything back, in one transaction for the tables, and compares what came with what was written down. Throws an Error that names what is wrong. */
export async function restoreBackup(work: RestoreWork): Promise<{ tables: number; rows: number; files: number; bytes: number }> {
  if (work.manifest.encrypted && work.identity === null) throw new Error('This backup is encrypted: --identity names the file with its key.')
  const rows = await restoreTables(work)
  const media = await restoreMedia(work)
  await restoreKeys(work)
  return { tables: work.manifest.tables.length, rows, ...media }
}

async function restoreTables({ from, manifest, identity, connect, onProgress }: RestoreWork): Promise<number> {
  const client = connect()
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('begin')
    await client.query('set local statement_timeout = 0')
    const there = await tablesOf(client)
    for (const { table, columns } of manifest.tables) {
      const known = there.find((one) => one.table === table)
      const missing = known ? columns.filter((column) => !known.columns.includes(column)) : columns
      if (missing.length) throw new Error(`This Hearth has no place for ${table} (${missing.join(', ')}): the backup was made by another version.`)
    }
    const keys = await withoutKeys(client)
    await restTriggers(client, there, true)
    await emptyTables(client, there)
    let rows = 0
    for (const [at, one] of manifest.tables.entries()) {
      onProgress?.('tables', at, manifest.tables.length)
      const stored = await from.read(one.file)
      if (!stored) throw new Error(`${one.file} is missing from the backup.`)
      const seen = measure()
      stored.once('error', (error) => seen.destroy(error))
      const plain = await readPacked(stored.pipe(seen), { identity: manifest.encrypted ? identity : null, compress: true })
      await pipeline(plain, copyIn(client, one))
      if (seen.facts().sha256 !== one.sha256) throw new Error(`${one.file} was changed since the backup was made.`)
      const came = await countRows(client, one.table)
      if (came !== one.rows) throw new Error(`${one.table} should have ${one.rows} rows, and ${came} came.`)
      rows += came
    }
    await setSequences(client, manifest.sequences)
    await restTriggers(client, there, false)
    await keys.restore()
    await client.query('commit')
    onProgress?.('tables', manifest.tables.length, manifest.tables.length)
    return rows
  } finally {
    await client.end()
  }
}

async function restoreMedia({ from, manifest, identity, media, onProgress }: RestoreWork): Promise<{ files: number; bytes: number }> {
  let files = 0
  let bytes = 0
  for await (const line of mediaLines(from, manifest, identity)) {
    onProgress?.('media', files, manifest.media.files)
    const there = await media.stat(line.name)
    // Broken off before: what is there by its hash is right already.
    if (!there || there.bytes !== line.bytes || !line.name.startsWith('by-hash/')) {
      const stored = await from.read(mediaName(line.name, manifest.encrypted))
      if (!stored) throw new Error(`media/${line.name} is missing from the backup.`)
      const seen = measure()
      const plain = await readPacked(stored, { identity: manifest.encrypted ? identity : null, compress: false })
      plain.once('error', (error) => seen.destroy(error))
      await media.put(line.name, plain.pipe(seen))
      if (seen.facts().sha256 !== line.sha256) {
        await media.remove(line.name)
        throw new Error(`media/${line.name} was changed since the backup was made.`)
      }
    }
    files++
    bytes += line.bytes
  }
  return { files, bytes }
}

async function restoreKeys({ from, manifest, identity, keysFolder }: RestoreWork): Promise<void> {
  for (const key of manifest.keys) {
    const stored = await from.read(key.file)
    if (!stored) throw new Error(`${key.file} is missing from the backup.`)
    const parts: Buffer[] = []
    for await (const part of await readPacked(stored, { identity, compress: false })) parts.push(part as Buffer)
    await mkdir(keysFolder, { recursive: true, mode: 0o700 })
    await writeFile(join(keysFolder, key.name), Buffer.concat(parts), { mode: 0o600 })
  }
}
