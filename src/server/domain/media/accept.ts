import type { Readable } from 'node:stream'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalid, notAllowed } from '#server/platform/errors.ts'
import { cleanText } from '#server/platform/text/count.ts'
import { allowanceOf, demandRoom } from './allowance.ts'
import { newMediaKey, originalFile, storedName } from './files.ts'
import { uploadLimit } from './limits.ts'
import { insertMedia, selectOwn } from './queries.ts'
import { lockOwner } from './queries-uploads.ts'
import { examine } from './receive.ts'
import type { MediaId, MediaPurpose, MediaView } from './types.ts'
import { presentMedia } from './view.ts'
import { laneOf } from './lane.ts'

const purposes: MediaPurpose[] = ['post', 'avatar', 'cover', 'instance']

type Meta = {
  name?: string
  purpose?: string
  /** how many bytes there must be; fewer are refused as broken off */
  expected?: number
  /** about how many bytes will come, so that what has no room is refused before */
  announced?: number
  /** pace and room were asked for when it was begun */
  counted?: boolean
  /** what must happen together with the new item */
  within?: (tx: Tx, id: MediaId) => Promise<void>
}

/**
 * Takes one file from a stream: decided by its content, never its name, bounded by kind and by the member's room, hashed,
 * stored, and put in line to be made ready. Codes: fileTypeUnknown, fileEmpty, imageTooLarge, videoTooLarge, audioTooLarge,
 * tooManyPixels, quotaFull, uploadBroken.
 */
export async function acceptUpload(app: App, owner: Account, stream: Readable, meta: Meta): Promise<MediaView> {
  const purpose = purposeOf(meta.purpose)
  await mayUpload(app, owner, purpose)
  const allowance = await allowanceOf(app)
  if (!meta.counted) {
    await app.limits.use(uploadLimit, owner.id)
    await demandRoom(app.database.queries, allowance, owner, Math.max(1, meta.announced ?? 1))
  }
  const key = newMediaKey()
  try {
    const seen = await examine(app, stream, storedName(key, originalFile), purpose, allowance.bytes)
    if (meta.expected !== undefined && seen.bytes !== meta.expected) throw invalid('uploadBroken')
    const id = app.newId<'media'>() as MediaId
    const name = cleanText((meta.name ?? '').replace(/[\\/]/g, ' ')).slice(0, 200)
    return await app.database.inTransaction(async (tx) => {
      if (!meta.counted) {
        await lockOwner(tx, owner.id)
        await demandRoom(tx, allowance, owner, seen.bytes)
      }
      await insertMedia(tx, { id, ownerId: owner.id, key, name, purpose, ...seen })
      await meta.within?.(tx, id)
      await app.jobs.add(tx, 'processMedia', { mediaId: id }, { maxAttempts: 3, queue: laneOf(seen.kind, id) })
      return presentMedia((await selectOwn(tx, owner.id, id))!)
    })
  } catch (error) {
    await app.files.remove(storedName(key)).catch(() => {})
    throw error
  }
}

/** What an upload is for; nothing said means for a post. */
export function purposeOf(text: string | undefined): MediaPurpose {
  const purpose = purposes.find((one) => one === (text || 'post'))
  if (!purpose) throw invalid('badValue')
  return purpose
}

/** Throws where this member may not upload for this purpose. */
export async function mayUpload(app: App, owner: Account, purpose: MediaPurpose): Promise<void> {
  if (owner.state !== 'active' && owner.state !== 'limited') throw notAllowed()
  if (purpose === 'instance' && owner.role !== 'owner' && owner.role !== 'admin') throw notAllowed()
  if (purpose === 'avatar' && (await readSettings(app)).picturePolicy === 'none') throw notAllowed('picturesNotAllowed')
}
