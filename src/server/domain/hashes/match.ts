import type { App } from '#server/app.ts'
import type { MediaPrint } from '#server/domain/media/index.ts'
import { fingerprintsOf } from '#server/domain/media/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { findListed } from './find.ts'
import type { Found } from './find.ts'
import { insertChecks, insertMatches, selectChecked, selectMatches } from './queries-match.ts'
import type { MediaMatch } from './types.ts'

/**
 * What of these media is listed, the strongest first; media without a match are left out. Whatever was never looked up is looked
 * up now, so the answer is whole: ask it before anybody sees them. Of media that are still being made only the bytes can be
 * compared: ask again when they are ready. What a moderator judged wrong is left out.
 */
export async function matchesOf(app: App, mediaIds: string[]): Promise<Map<string, MediaMatch[]>> {
  const ids = [...new Set(mediaIds.filter(isId))]
  if (ids.length === 0) return new Map()
  const checked = await selectChecked(app.database.queries, ids)
  const unchecked = ids.filter((id) => !checked.has(id))
  if (unchecked.length) await matchPrints(app, [...(await fingerprintsOf(app, unchecked)).values()])
  return Map.groupBy(await selectMatches(app.database.queries, ids), (match) => match.mediaId)
}

/** Looks one media item up, again if it was before. What is found for the first time is an event. Safe to run twice. */
export async function matchMedia(app: App, mediaId: string): Promise<void> {
  if (isId(mediaId)) await matchPrints(app, [...(await fingerprintsOf(app, [mediaId])).values()])
}

/**
 * Is any picture known of this item near to anything listed, though little of it may be? For what shows one picture of a film
 * before the film is known. Nothing is written down.
 */
export async function looksListed(app: App, mediaId: string): Promise<boolean> {
  const prints = isId(mediaId) ? [...(await fingerprintsOf(app, [mediaId])).values()] : []
  return (await findListed(app, prints, { anyPicture: true })).flat().some((one) => one.action !== 'log')
}

/** Looks these up and writes down what is found; how many have something that they had not before. */
export async function matchPrints(app: App, prints: MediaPrint[], bySweep = false): Promise<number> {
  if (prints.length === 0) return 0
  return keepFound(app, prints, await findListed(app, prints), bySweep)
}

/** Writes down what was found in these, and that they were looked up. */
export async function keepFound(app: App, prints: MediaPrint[], found: Found[][], bySweep: boolean): Promise<number> {
  const rows = prints.flatMap((print, at) => found[at]!.map((one) => ({
    id: app.newId<'match'>(), mediaId: print.mediaId, entryId: one.entryId, signal: one.signal, distance: one.distance, turn: one.turn,
    frameShare: one.frameShare, quality: one.quality, action: one.action,
  })))
  const ready = prints.filter((print) => print.ready).map((print) => print.mediaId)
  return app.database.inTransaction(async (tx) => {
    const fresh = rows.length ? await insertMatches(tx, rows, bySweep, app.now()) : []
    if (ready.length && !bySweep) await insertChecks(tx, ready, app.now())
    for (const mediaId of fresh) await app.record(tx, { type: 'media.matched', mediaId })
    return fresh.length
  })
}
