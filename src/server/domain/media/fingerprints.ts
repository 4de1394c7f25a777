import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '#server/app.ts'
import { isChildError } from '#server/platform/child/index.ts'
import { turns } from '#server/platform/fingerprint/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { originalFile } from './files.ts'
import { openDigests } from './digests.ts'
import { limits } from './limits.ts'
import { picturesOf } from './maker.ts'
import type { FingerprintRow, Unprinted } from './queries-fingerprints.ts'
import { countReadyMedia, countUnprinted, selectFingerprints, selectReadyAfter, selectUnprinted, setHashes, writeFingerprints } from './queries-fingerprints.ts'
import { nameInStorage } from './store.ts'
import type { MediaId, MediaKind } from './types.ts'

/** One picture of a media item: `hashes` are PDQ of the picture as seen, then of its seven other turns (32 bytes each). */
export type FramePrint = { frameAt: number; quality: number; hashes: Buffer[] }
/** By what a media item can be known again: the bytes of the file as it came, and what it looks like. */
export type MediaPrint = { mediaId: MediaId; kind: MediaKind; /** false while it is being made: what it looks like isn't known then */ ready: boolean; sha256: Buffer | null; md5: Buffer | null; sha1: Buffer | null; frames: FramePrint[] }

const page = 200

/** The fingerprints of these media, read at once; ids that don't exist are left out. */
export async function fingerprintsOf(app: App, mediaIds: string[]): Promise<Map<string, MediaPrint>> {
  const ids = [...new Set(mediaIds.filter(isId))]
  return ids.length ? gather(await selectFingerprints(app.database.queries, ids)) : new Map()
}

/** Every ready media item, oldest first, a few at a time: for looking through all that is stored. Starts after `after`. */
export async function* eachFingerprint(app: App, after = '0'): AsyncGenerator<MediaPrint> {
  for (let last = after; ;) {
    const ids = await selectReadyAfter(app.database.queries, last, page)
    yield* gather(await selectFingerprints(app.database.queries, ids)).values()
    if (ids.length < page) return
    last = ids.at(-1)!
  }
}

/** How many media items are ready: what `eachFingerprint` goes through. */
export const countReady = (app: App): Promise<number> => countReadyMedia(app.database.queries)

function gather(rows: FingerprintRow[]): Map<string, MediaPrint> {
  const found = new Map<string, MediaPrint>()
  for (const row of rows) {
    const print = found.get(row.media_id) ?? { mediaId: row.media_id, kind: row.kind, ready: row.ready, sha256: row.sha256, md5: row.md5, sha1: row.sha1?.length ? row.sha1 : null, frames: [] }
    found.set(row.media_id, print)
    if (row.hashes) print.frames.push({ frameAt: row.frame_at ?? 0, quality: row.quality ?? 0, hashes: turns.map((_, at) => row.hashes!.subarray(at * 32, at * 32 + 32)) })
  }
  return found
}

/**
 * Looks at pictures, and hashes files, that were stored before fingerprints were kept. Can be broken off and begun again.
 * Resolves to how many it did, and how many of them could not be read.
 */
export async function fingerprintStored(app: App, onProgress: (done: number, all: number) => void = () => {}): Promise<{ done: number; failed: number }> {
  const all = await countUnprinted(app.database.queries)
  const result = { done: 0, failed: 0 }
  for (let last = '0'; ;) {
    const rows = await selectUnprinted(app.database.queries, last, page)
    for (const row of rows) {
      if (await printStored(app, row)) result.done++
      else result.failed++
      onProgress(result.done + result.failed, Math.max(all, result.done + result.failed))
    }
    if (rows.length < page) return result
    last = rows.at(-1)!.id
  }
}

async function printStored(app: App, row: Unprinted): Promise<boolean> {
  if (!row.hashed) {
    const original = await app.files.read(await nameInStorage(app, row, originalFile))
    if (original) {
      const digests = openDigests('md5', 'sha1')
      for await (const chunk of original) digests.update(chunk)
      const { md5, sha1 } = digests.done()
      await setHashes(app.database.queries, row.id, md5, sha1)
    } else if (row.md5) await setHashes(app.database.queries, row.id, row.md5, Buffer.alloc(0))
    else if (row.printed) return false
  }
  if (row.printed || (row.kind !== 'image' && row.kind !== 'animation')) return true
  // Where the original is gone, the largest picture made of it looks the same.
  const still = row.variants.filter((one) => one.name.startsWith('still') && one.mime === 'image/webp').sort((a, b) => (b.width ?? 0) - (a.width ?? 0))[0]
  const workplace = join(app.config.dataFolder, 'work')
  await mkdir(workplace, { recursive: true })
  const folder = await mkdtemp(join(workplace, 'look-'))
  try {
    for (const [file, mime] of [[originalFile, row.original_mime], [still?.file, still?.mime]] as const) {
      const name = file && await nameInStorage(app, row, file)
      if (!name || !mime || !(await app.files.stat(name))) continue
      const input = await app.files.localPath(name, folder)
      const found = await picturesOf(app).look(row.account_id, { input, format: mime.slice('image/'.length), pixels: limits.pixels, frames: limits.frames })
        .catch((error: unknown) => { if (isChildError(error)) return null; throw error })
      if (!found) continue
      await app.database.inTransaction((tx) => writeFingerprints(tx, row.id, found))
      return true
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return false
}
