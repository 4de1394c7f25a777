import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { App } from '#server/app.ts'
import type { EarlyPoster } from '#server/platform/av/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { nameFiles } from './queries-files.ts'
import { writeFingerprints } from './queries-fingerprints.ts'
import { deletePoster, selectWaitingPoster, writePoster, writePosterState } from './queries-poster.ts'
import { keepFile } from './store.ts'
import type { MediaId } from './types.ts'

/**
 * Keeps the first picture of a film that is still being made, with what it and a few more moments look like. It is an event:
 * nobody sees the picture until it was looked at (`settlePoster`).
 */
export async function keepPoster(app: App, item: { id: MediaId }, folder: string, made: EarlyPoster): Promise<void> {
  const kept = await keepFile(app, join(folder, made.file))
  const { mime, width, height, colour } = made
  // A name of its own: what an attempt before this one left may have been looked at already.
  const file = `early-${randomBytes(6).toString('hex')}.webp`
  await app.database.inTransaction(async (tx) => {
    if (!(await writePoster(tx, item.id, { file, mime, width, height, thumbhash: made.thumbhash.toString('base64'), colour }))) return
    await nameFiles(tx, item.id, [{ name: file, sha256: kept.sha256 }])
    await writeFingerprints(tx, item.id, made.fingerprints)
    await app.record(tx, { type: 'media.poster', mediaId: item.id })
  })
}

/** The file name of a first picture that nobody has looked at; undefined where none waits. */
export const waitingPoster = async (app: App, mediaId: string): Promise<string | undefined> => isId(mediaId) ? selectWaitingPoster(app.database.queries, mediaId) : undefined

/** The first picture of this name was looked at: it may be shown with the film's post, or not. True when it is shown from now on. */
export async function settlePoster(app: App, mediaId: string, file: string, clear: boolean): Promise<boolean> {
  return app.database.inTransaction(async (tx) => {
    const found = await writePosterState(tx, mediaId, file, clear ? 'clear' : 'held')
    if (!found || !clear) return false
    await app.bus.publish(tx, { type: 'media', accountId: found.ownerId, mediaId })
    return true
  })
}

/** The film is there, or there will be none: its first picture isn't needed any more. Safe to run twice. */
export async function forgetPoster(app: App, mediaId: string): Promise<void> {
  if (isId(mediaId)) await app.database.inTransaction((tx) => deletePoster(tx, mediaId))
}
