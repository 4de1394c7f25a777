import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { deleteEvidence, insertEvidence, selectEvidence, selectEvidenceFile } from './queries-evidence.ts'
import { blobName } from './store.ts'

/** What is kept of one item: a small picture of it and what plays, by their names among the case's files. */
export type EvidenceItem = { mediaId: string; still: string | null; play: { name: string; mime: string } | null; sound: boolean; bytes: number }

/** From now on a case needs these items' files: they stay though their post, their member or the items themselves go. */
export async function keepEvidence(tx: Tx, caseId: string, mediaIds: string[]): Promise<void> {
  if (mediaIds.length) await insertEvidence(tx, caseId, [...new Set(mediaIds.filter(isId))])
}

/** What is kept for a case, by item. Who may see it is the caller's question. */
export async function evidenceOf(app: App, caseId: string): Promise<Map<string, EvidenceItem>> {
  const rows = await selectEvidence(app.database.queries, caseId)
  return new Map([...Map.groupBy(rows, (row) => row.media_id)].map(([mediaId, files]) => {
    // Smallest first: a picture to look at need not be the largest, but not a mere thumb either.
    const stills = files.filter((file) => file.mime === 'image/webp')
    const played = files.filter((file) => file.name.startsWith('play'))
    const play = played.find((file) => file.mime === 'video/mp4') ?? played.find((file) => file.mime.startsWith('audio/') || file.mime.startsWith('video/'))
    return [mediaId, { mediaId, still: (stills[1] ?? stills[0])?.name ?? null, play: play ? { name: play.name, mime: play.mime } : null, sound: play?.mime.startsWith('audio/') ?? false, bytes: files.reduce((sum, file) => sum + file.bytes, 0) }]
  }))
}

/** Where one file of a case lies in `app.files`. Throws `notFound`. */
export async function evidenceFile(app: App, caseId: string, mediaId: string, name: string): Promise<{ stored: string; mime: string; bytes: number }> {
  const row = isId(caseId) && isId(mediaId) ? await selectEvidenceFile(app.database.queries, caseId, mediaId, name) : undefined
  if (!row) throw notFound()
  return { stored: blobName(row.sha256), mime: row.mime, bytes: row.bytes }
}

/** The cases no longer need their files: the sweep takes what nothing else needs. */
export async function forgetEvidence(tx: Tx, caseIds: string[]): Promise<void> {
  if (caseIds.length) await deleteEvidence(tx, caseIds)
}
