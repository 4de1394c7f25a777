import { createReadStream } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { conflict, invalid, notFound, tooMany } from '#server/platform/errors.ts'
import { cleanText } from '#server/platform/text/count.ts'
import { acceptUpload, mayUpload, purposeOf } from './accept.ts'
import { allowanceOf, demandRoom, demandSize } from './allowance.ts'
import type { UploadKind } from './allowance.ts'
import { seeMedia } from './describe.ts'
import { limits, uploadLimit } from './limits.ts'
import { deleteOldUploads, deleteUpload, finishUploadRow, insertUpload, knownUploads, lockOwner, selectUpload, selectUse } from './queries-uploads.ts'
import { foresee } from './receive.ts'
import { sniff } from './sniff.ts'
import type { MediaView } from './types.ts'

const mostUnfinished = 30
/** So many of the largest files may be promised at once, where there is no quota. */
const mostLargest = 4
const kinds: UploadKind[] = ['image', 'video', 'audio']

/** Where bytes lie until a file is whole: on the disk of the process that takes them. */
export const uploadsFolder = (app: App) => join(app.config.dataFolder, 'work', 'uploads')

/**
 * Promises room for a file that will come in pieces; gives its id. Refused before a byte is sent where it can be known:
 * imageTooLarge, videoTooLarge, audioTooLarge, fileTooLarge, fileTypeUnknown, tooManyPixels, fileEmpty, quotaFull, tooManyUploads.
 * `type`: what the sender says it is; only believed as to its size. `head`: how it begins, where the sender tells; looked at again when it came.
 */
export async function beginUpload(app: App, owner: Account, wanted: { name?: string; type?: string; purpose?: string; bytes: number; head?: Buffer }): Promise<string> {
  const purpose = purposeOf(wanted.purpose)
  await mayUpload(app, owner, purpose)
  const allowance = await allowanceOf(app)
  demandSize(allowance, kinds.find((kind) => kind === wanted.type?.split('/')[0]) ?? null, wanted.bytes)
  if (wanted.head?.length) await foresee(wanted.head, purpose)
  await app.limits.use(uploadLimit, owner.id)
  const id = randomBytes(20).toString('hex')
  await app.database.inTransaction(async (tx) => {
    await lockOwner(tx, owner.id)
    const { coming, unfinished } = await selectUse(tx, owner.id)
    if (unfinished >= mostUnfinished || coming + wanted.bytes > mostLargest * Math.max(...Object.values(allowance.bytes))) throw tooMany(3600, 'tooManyUploads')
    await demandRoom(tx, allowance, owner, wanted.bytes)
    await insertUpload(tx, { id, ownerId: owner.id, name: cleanText((wanted.name ?? '').replace(/[\\/]/g, ' ')).slice(0, 200), purpose, bytes: wanted.bytes, at: app.now() })
  })
  return id
}

/** One's own upload, whole or not; anything else isn't found. */
export async function ownUpload(app: App, owner: Account, id: string): Promise<{ bytes: number; mediaId: string | null }> {
  const row = await selectUpload(app.database.queries, owner.id, id)
  if (!row) throw notFound('uploadGone')
  return { bytes: Number(row.bytes), mediaId: row.media_id }
}

/** Looks at the first bytes of what has come so far, so that nobody sends 500 MB of something that is then refused. */
export async function checkBeginning(app: App, id: string): Promise<void> {
  const file = await open(join(uploadsFolder(app), id), 'r')
  try {
    const head = Buffer.alloc(512 * 1024)
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    if (bytesRead > 0 && !(await sniff(head.subarray(0, bytesRead)))) throw invalid('fileTypeUnknown')
  } finally {
    await file.close()
  }
}

/**
 * All bytes are there: becomes a media item, once, however often and by however many it is asked. Throws uploadUnfinished
 * while some are missing, and what `acceptUpload` throws; then the upload is gone, for the same bytes would be refused again.
 */
export async function finishUpload(app: App, owner: Account, id: string): Promise<MediaView> {
  const known = await selectUpload(app.database.queries, owner.id, id)
  if (!known) throw notFound('uploadGone')
  if (known.media_id) return seeMedia(app, owner, known.media_id)
  const path = join(uploadsFolder(app), id)
  const there = await stat(path).then((file) => file.size, () => 0)
  if (there < Number(known.bytes)) {
    const now = await selectUpload(app.database.queries, owner.id, id)
    if (now?.media_id) return seeMedia(app, owner, now.media_id)
    throw conflict('uploadUnfinished')
  }
  const stream = createReadStream(path)
  try {
    const view = await acceptUpload(app, owner, stream, {
      name: known.name, purpose: known.purpose, expected: Number(known.bytes), counted: true,
      within: async (tx, mediaId) => { if (!(await finishUploadRow(tx, id, mediaId))) throw conflict('uploadFinished') },
    })
    await forgetBytes(app, id)
    return view
  } catch (error) {
    const now = await selectUpload(app.database.queries, owner.id, id)
    if (now?.media_id) return seeMedia(app, owner, now.media_id)
    if (isRefusal(error)) await endUpload(app, owner, id)
    throw error
  } finally {
    stream.destroy()
  }
}

const isRefusal = (error: unknown) => typeof error === 'object' && error !== null && 'status' in error && Number(error.status) >= 400 && Number(error.status) < 500

/** Takes back what was begun. Missing is fine. */
export async function endUpload(app: App, owner: Account, id: string): Promise<void> {
  if (!(await selectUpload(app.database.queries, owner.id, id))) return
  await deleteUpload(app.database.queries, owner.id, id)
  await forgetBytes(app, id)
}

async function forgetBytes(app: App, id: string): Promise<void> {
  for (const file of [id, `${id}.json`]) await rm(join(uploadsFolder(app), file), { force: true })
}

/** Job: forgets uploads a day old, and bytes that no row speaks of. */
export async function sweepUploads(app: App): Promise<void> {
  const before = new Date(app.now().getTime() - limits.unattachedHours * 3_600_000)
  for (let gone = ['']; gone.length > 0;) {
    gone = await deleteOldUploads(app.database.queries, before, 200)
    for (const id of gone) await forgetBytes(app, id)
  }
  const files = await readdir(uploadsFolder(app)).catch(() => [])
  const ids = [...new Set(files.map((file) => file.replace(/\.json$/, '')))]
  for (let at = 0; at < ids.length; at += 500) {
    const batch = ids.slice(at, at + 500)
    const known = await knownUploads(app.database.queries, batch)
    for (const id of batch) if (!known.has(id)) await forgetBytes(app, id)
  }
}
