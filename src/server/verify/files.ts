import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import type { App } from '#server/app.ts'
import { blobName, storedName } from '#server/domain/media/index.ts'
import { byHash } from '#server/platform/files/index.ts'
import { selectFolderFiles, selectKnownKeys, selectShard } from './queries-files.ts'
import { mostOfEach } from './queries.ts'
import type { Checked, Difference } from './queries.ts'

/** An upload writes its file before its row: what is younger than this may still get one. */
const settled = 3_600_000
const shards = 256
const page = 200

type Findings = { checked: Checked[]; differences: Difference[] }

/**
 * Compares storage with the rows: files that are missing, have another size, or belong to nobody; with `deep`, every file is
 * read and its hash compared with its name. Holds one part in 256 of the lists at a time.
 */
export async function verifyFiles(app: App, deep: boolean, onStep: (done: number, all: number) => void): Promise<Findings> {
  const checked = { files: 0, strays: 0 }
  const found = new Map<string, Difference[]>()
  const tell = (one: Difference) => {
    const list = found.get(one.what) ?? []
    if (list.length < mostOfEach) list.push(one)
    found.set(one.what, list)
  }
  const old = (modified: Date) => modified.getTime() < app.now().getTime() - settled
  for (let shard = 0; shard < shards; shard++) {
    onStep(shard, shards)
    const stored = new Map<string, { bytes: number; modified: Date }>()
    for await (const { name, ...facts } of app.files.entries(`${byHash}/${shard.toString(16).padStart(2, '0')}`)) stored.set(name, facts)
    for (const row of await selectShard(app.database.queries, shard)) {
      const name = blobName(row.sha256)
      const there = stored.get(name)
      stored.delete(name)
      checked.files++
      if (!there) { if (row.needed_by) tell({ what: 'media files', id: row.needed_by, expected: name, found: 'no such file' }) }
      else if (there.bytes !== row.bytes) tell({ what: 'media files', id: row.needed_by ?? name, expected: `${name} of ${row.bytes} bytes`, found: `${there.bytes} bytes` })
      else if (deep && !(await sameBytes(app, row.sha256))) tell({ what: 'media files', id: row.needed_by ?? name, expected: name, found: 'other bytes of the same length' })
    }
    for (const [name, { bytes, modified }] of stored) {
      checked.strays++
      if (old(modified)) tell({ what: 'files without a row', id: name, expected: 'no file', found: `${bytes} bytes` })
    }
  }
  await inFolders(app, checked, tell, old)
  return {
    checked: [{ name: 'media files', rows: checked.files }, { name: 'files without a row', rows: checked.strays }],
    differences: [...found.values()].flat(),
  }
}

/** What is on its way in, or was kept by a former version, lies in folders of its own. */
async function inFolders(app: App, checked: { files: number; strays: number }, tell: (one: Difference) => void, old: (modified: Date) => boolean): Promise<void> {
  for (let last = '0'; ;) {
    const rows = await selectFolderFiles(app.database.queries, last, page)
    for (const { id, key, files } of rows) {
      checked.files += files.length
      for (const file of files) if (!(await app.files.stat(storedName(key, file)))) tell({ what: 'media files', id, expected: storedName(key, file), found: 'no such file' })
    }
    if (rows.length < page) break
    last = rows.at(-1)!.id
  }
  let batch: { name: string; key: string; bytes: number }[] = []
  const check = async () => {
    const known = await selectKnownKeys(app.database.queries, batch.map((one) => one.key))
    for (const { name, key, bytes } of batch) if (!known.has(key)) tell({ what: 'files without a row', id: name, expected: 'no file', found: `${bytes} bytes` })
    batch = []
  }
  for await (const { name, bytes, modified } of app.places.disk.entries()) {
    if (name.startsWith(`${byHash}/`)) continue
    checked.strays++
    if (old(modified)) batch.push({ name, key: name.split('/')[1] ?? '', bytes })
    if (batch.length >= page) await check()
  }
  await check()
}

async function sameBytes(app: App, sha256: Buffer): Promise<boolean> {
  const content = await app.files.read(blobName(sha256))
  if (!content) return false
  const hash = createHash('sha256')
  await pipeline(content, hash)
  return hash.digest().equals(sha256)
}
