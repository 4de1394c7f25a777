import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { isChildError } from '#server/platform/child/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict, invalid, notFound, tooLarge } from '#server/platform/errors.ts'
import type { MadePicture } from '#server/platform/images/index.ts'
import { workFolder } from './adopt.ts'
import { ownMedia, seeMedia } from './describe.ts'
import { chosenCover as chosen } from './files.ts'
import { limits } from './limits.ts'
import { picturesOf } from './maker.ts'
import type { MediaRow } from './queries.ts'
import type { Cover } from './queries-cover.ts'
import { lockCover, writeCover, writeCoverPrint } from './queries-cover.ts'
import { nameFiles } from './queries-files.ts'
import type { NamedFile } from './queries-files.ts'
import { sniff } from './sniff.ts'
import { keepFile } from './store.ts'
import type { MediaView, Variant } from './types.ts'

export const coverLimit = { name: 'covers', most: 100, seconds: 3600 }
/** The largest picture that may be sent as a cover, in bytes. */
export const mostCoverBytes = 10 * 1024 * 1024

/**
 * Shows this picture with one's own song, or as the poster of one's own film, in place of what was in the file; also when the
 * file is made anew. Only what was made of the picture is kept. Until it was looked at like every upload, the item is as if still
 * being made. Throws coverUnfit, mediaFailed, screenedMedia, fileEmpty, fileTypeUnknown,
 * imageTooLarge, imageBroken, tooManyPixels, uploadGone.
 */
export async function setCover(app: App, owner: Account, id: string, picture: Readable): Promise<MediaView> {
  const row = await ownMedia(app, owner, id)
  demandCoverable(row)
  await app.limits.use(coverLimit, owner.id)
  const folder = await workFolder(app, 'cover-')
  try {
    const made = await makeCover(app, owner, picture, folder)
    // A name of its own: what was shown before may still be kept by browsers.
    const prefix = `${chosen}${randomBytes(6).toString('hex')}`
    const variants: Variant[] = []
    const files: NamedFile[] = []
    for (const one of made.files.filter((file) => file.name.startsWith('still'))) {
      const file = `${prefix}-${one.file}`
      await rename(join(folder, one.file), join(folder, file))
      variants.push({ ...one, file, name: `${chosen}${one.width}` })
      files.push({ name: file, ...await keepFile(app, join(folder, file)) })
    }
    const cover: Cover = { width: made.width, height: made.height, thumbhash: made.thumbhash.toString('base64'), colour: made.colour }
    await change(app, row, async (tx, before) => {
      await nameFiles(tx, row.id, files)
      await writeCoverPrint(tx, row.id, made.fingerprints[0] ?? null)
      return { cover, variants: [...before.variants.filter((one) => !one.name.startsWith(chosen)), ...variants] }
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return seeMedia(app, owner, id)
}

/** Takes the chosen picture away, so that what was in the file shows again; where none was chosen, a song shows no picture any more. */
export async function removeCover(app: App, owner: Account, id: string): Promise<MediaView> {
  const row = await ownMedia(app, owner, id)
  demandCoverable(row)
  await change(app, row, async (tx, before) => {
    const own = before.variants.filter((one) => !one.name.startsWith(chosen))
    await writeCoverPrint(tx, row.id, null)
    if (before.cover && !('none' in before.cover)) return { cover: null, variants: own }
    return row.kind === 'audio' ? { cover: { none: true }, variants: withoutStills(own) } : { cover: null, variants: own }
  })
  return seeMedia(app, owner, id)
}

/** What remains of newly made files beside what the member decided about the picture. */
export function underCover(made: Variant[], before: { kind: string; cover: Cover | null; variants: Variant[] }): Variant[] {
  const own = before.cover && 'none' in before.cover && before.kind === 'audio' ? withoutStills(made) : made
  return [...own, ...before.variants.filter((one) => one.name.startsWith(chosen))]
}

const withoutStills = (variants: Variant[]) => variants.filter((one) => !one.name.startsWith('still'))

function demandCoverable(row: MediaRow): void {
  if (row.kind !== 'audio' && row.kind !== 'video') throw invalid('coverUnfit')
  if (row.state === 'failed') throw conflict('mediaFailed')
}

async function makeCover(app: App, owner: Account, picture: Readable, folder: string): Promise<MadePicture> {
  const input = join(folder, 'given')
  let bytes = 0
  await pipeline(picture, async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > mostCoverBytes) throw tooLarge('imageTooLarge', { most: mostCoverBytes / 1024 / 1024 })
      yield chunk
    }
  }, createWriteStream(input))
  if (bytes === 0) throw invalid('fileEmpty')
  const file = await open(input)
  const head = await file.read(Buffer.alloc(8192), 0, 8192, 0).finally(() => file.close())
  const type = await sniff(head.buffer.subarray(0, head.bytesRead))
  if (type?.kind !== 'image') throw invalid('fileTypeUnknown')
  try {
    return await picturesOf(app).make(owner.id, { input, folder, purpose: 'post', format: type.mime.slice('image/'.length), pixels: limits.pixels, frames: limits.frames })
  } catch (error) {
    throw isChildError(error) ? invalid(error.code) : error
  }
}

type Decided = { cover: Cover | null; variants: Variant[] }

/** Files that are no longer among the variants are let go; the sweep takes what nobody else needs. */
async function change(app: App, row: MediaRow, decide: (tx: Tx, before: Decided) => Promise<Decided>): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const before = await lockCover(tx, row.id)
    if (!before) throw notFound('uploadGone')
    // What was stopped is evidence.
    if (before.screening === 'held' || before.screening === 'sealed') throw conflict('screenedMedia')
    const now = await decide(tx, before)
    await writeCover(tx, row.id, { ...now, unseen: now.cover !== null && !('none' in now.cover) })
    // As when it was made: it is looked up in the lists, and who has its post open sees it.
    if (before.state === 'ready') await app.record(tx, { type: 'media.ready', mediaId: row.id })
    await app.bus.publish(tx, { type: 'media', accountId: row.account_id, mediaId: row.id })
  })
}
