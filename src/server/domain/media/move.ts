import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { App } from '#server/app.ts'
import { conflict, invalid } from '#server/platform/errors.ts'
import { byHash, homeKnownForMs, setHome } from '#server/platform/files/index.ts'
import type { Files, PlaceName } from '#server/platform/files/index.ts'
import { adoptFiles } from './adopt.ts'
import type { Listed } from './queries-move.ts'
import { selectShard, sumFiles, withMoveLock } from './queries-move.ts'
import { blobName } from './store.ts'

const shards = Array.from({ length: 256 }, (_, index) => index)
const atOnce = 4

export type Moved = { files: number; bytes: number; /** there already, from a run that broke off */ before: number; /** could not be moved, with the reason; they stay where they are */ broken: { name: string; reason: string }[] }

/**
 * Moves all media to another place while members go on: copies with checked sums, then sends new files there, then takes the
 * old copies away (unless `keep`). Files are read from wherever they are meanwhile. Broken off, it goes on where it was when
 * called again. Codes: placeUnknown, moveRuns.
 */
export async function moveMedia(app: App, to: PlaceName, options: { keep?: boolean; onProgress?: (bytes: number, all: number) => void } = {}): Promise<Moved> {
  const target = app.places[to]
  const sources = Object.values(app.places).filter((place) => place !== target)
  if (!target) throw invalid('placeUnknown')
  const done = await withMoveLock(app.database, async () => {
    await adoptFiles(app)
    const moved: Moved = { files: 0, bytes: 0, before: 0, broken: [] }
    const { bytes: all } = await sumFiles(app.database.queries)
    let seen = 0
    const onFile = (bytes: number) => options.onProgress?.(seen += bytes, Math.max(all, seen))
    for (const shard of shards) await copyShard(app, { target, sources, shard }, moved, onFile)
    await setHome(app.database.queries, to)
    // Every process hears of the new home within this time; what was written to the old one until then comes after.
    await wait(homeKnownForMs * 2)
    const late: Moved = { files: 0, bytes: 0, before: 0, broken: [] }
    for (const shard of shards) {
      await copyShard(app, { target, sources, shard }, late, () => {})
      if (!options.keep) await clearShard(target, sources, shard)
    }
    return { ...moved, files: moved.files + late.files, bytes: moved.bytes + late.bytes, broken: late.broken }
  })
  if (!done) throw conflict('moveRuns')
  return done
}

type Way = { target: Files; sources: Files[]; shard: number }
const folderOf = (shard: number) => `${byHash}/${shard.toString(16).padStart(2, '0')}`

async function sizes(files: Files, shard: number): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for await (const { name, bytes } of files.entries(folderOf(shard))) found.set(name, bytes)
  return found
}

async function copyShard(app: App, { target, sources, shard }: Way, moved: Moved, onFile: (bytes: number) => void): Promise<void> {
  const rows = await selectShard(app.database.queries, shard)
  if (rows.length === 0) return
  const there = await sizes(target, shard)
  for (let at = 0; at < rows.length; at += atOnce) {
    await Promise.all(rows.slice(at, at + atOnce).map(async (row) => {
      const name = blobName(row.sha256)
      if (there.get(name) === row.bytes) moved.before++
      else {
        const reason = await copy(row, target, sources)
        if (!reason) { moved.files++; moved.bytes += row.bytes } else moved.broken.push({ name, reason })
      }
      onFile(row.bytes)
    }))
  }
}

/** Undefined when it went well. Trouble with the target ends the whole move; it can be begun again. */
async function copy(row: Listed, target: Files, sources: Files[]): Promise<string | undefined> {
  const name = blobName(row.sha256)
  for (const source of sources) {
    const content = await source.read(name)
    if (!content) continue
    let wrong = false
    const checked = async function* () {
      const hash = createHash('sha256')
      for await (const chunk of content as AsyncIterable<Buffer>) { hash.update(chunk); yield chunk }
      // Before the end, so that nothing is stored.
      if (!hash.digest().equals(row.sha256)) { wrong = true; throw new Error('other bytes') }
    }
    try {
      await target.put(name, Readable.from(checked(), { objectMode: false }))
      return undefined
    } catch (error) {
      if (!wrong) throw error
      return 'its bytes are not those it was stored with'
    }
  }
  return 'it is in no place'
}

async function clearShard(target: Files, sources: Files[], shard: number): Promise<void> {
  for (const source of sources) {
    const here = await sizes(source, shard)
    const there = here.size ? await sizes(target, shard) : here
    for (const [name, bytes] of here) if (there.get(name) === bytes) await source.remove(name)
  }
}
