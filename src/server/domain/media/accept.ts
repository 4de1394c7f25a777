import type { Readable } from 'node:stream'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { invalid, notAllowed } from '#server/platform/errors.ts'
import { cleanText } from '#server/platform/text/count.ts'
import { newMediaKey, originalFile, storedName } from './files.ts'
import { limits, uploadLimit } from './limits.ts'
import { insertMedia, selectOwn } from './queries.ts'
import { examine } from './receive.ts'
import type { MediaId, MediaPurpose, MediaView } from './types.ts'
import { presentMedia } from './view.ts'
import { laneOf } from './lane.ts'

const purposes: MediaPurpose[] = ['post', 'avatar', 'cover', 'instance']

/**
 * Takes one file from a stream: decided by its content, never its name, bounded by kind, hashed, stored, and put in line
 * to be made ready. Codes: fileTypeUnknown, fileEmpty, imageTooLarge, videoTooLarge, audioTooLarge, tooManyPixels.
 */
export async function acceptUpload(app: App, owner: Account, stream: Readable, meta: { name?: string; purpose?: string }): Promise<MediaView> {
  const purpose = purposes.find((one) => one === (meta.purpose || 'post'))
  if (!purpose) throw invalid('badValue')
  await mayUpload(app, owner, purpose)
  await app.limits.use(uploadLimit, owner.id)
  const key = newMediaKey()
  try {
    const seen = await examine(app, stream, storedName(key, originalFile), purpose)
    const id = app.newId<'media'>() as MediaId
    const name = cleanText((meta.name ?? '').replace(/[\\/]/g, ' ')).slice(0, 200)
    return await app.database.inTransaction(async (tx) => {
      await insertMedia(tx, { id, ownerId: owner.id, key, name, purpose, ...seen })
      await app.jobs.add(tx, 'processMedia', { mediaId: id }, { maxAttempts: 3, queue: laneOf(seen.kind, id) })
      return presentMedia((await selectOwn(tx, owner.id, id))!)
    })
  } catch (error) {
    await app.files.remove(storedName(key)).catch(() => {})
    throw error
  }
}

async function mayUpload(app: App, owner: Account, purpose: MediaPurpose): Promise<void> {
  if (owner.state !== 'active' && owner.state !== 'limited') throw notAllowed()
  if (purpose === 'instance' && owner.role !== 'owner' && owner.role !== 'admin') throw notAllowed()
  if (purpose === 'avatar' && (await readSettings(app)).picturePolicy === 'none') throw notAllowed('picturesNotAllowed')
}

export const mostUploadBytes = Math.max(...Object.values(limits.bytes))
