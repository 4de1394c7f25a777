import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { fingerprintsOf } from '#server/domain/media/index.ts'
import { qualityNeeded } from '#server/platform/fingerprint/index.ts'
import { invalid, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { defaultsOf } from './defaults.ts'
import type { StagedRow } from './queries-entries.ts'
import { insertList, mergeStaged, stageRows, withdrawOwn } from './queries-entries.ts'
import { countEntries } from './queries-lists.ts'
import { wantSweep } from './sweep.ts'
import { listCategories } from './types.ts'
import type { ListCategory, ListId } from './types.ts'
import { filmOf, isPlain } from './values.ts'
import type { Value } from './values.ts'

/** Throws for everybody who doesn't moderate here, or can't just now. */
export function demandModerator(actor: Account): void {
  if (actor.role === 'member' || actor.state !== 'active') throw notAllowed()
}

/**
 * 'Never again': puts all that a media item can be known by on the community's own list of this category, and has everything that
 * is stored looked through. On record. Resolves to how many fingerprints are new there. Codes: notFound, badValue, nothingToList.
 */
export async function addToOwnBank(app: App, moderator: Account, mediaId: string, { category, reason }: { category: string; reason: string }): Promise<{ listId: ListId; added: number }> {
  demandModerator(moderator)
  const known = listCategories.find((one) => one === category && one !== 'test')
  if (!known) throw invalid('badValue')
  const print = isId(mediaId) ? (await fingerprintsOf(app, [mediaId])).get(mediaId) : undefined
  if (!print) throw notFound()
  // A record's cover is not the record: of sound only the bytes are listed.
  const good = print.kind === 'audio' ? [] : print.frames.filter((frame) => frame.quality >= qualityNeeded && !isPlain(frame.hashes[0]!))
  const film = print.kind === 'video' ? filmOf(good.map((frame) => ({ hash: frame.hashes[0]!, quality: frame.quality }))) : 'noFrames'
  const values: Value[] = [
    ...(print.sha256 ? [plain('sha256', print.sha256)] : []),
    ...(print.md5 ? [plain(print.kind === 'video' ? 'video_md5' : 'md5', print.md5)] : []),
    ...(print.kind === 'video' ? [] : good.map((frame) => ({ ...plain('pdq', frame.hashes[0]!), quality: frame.quality }))),
    ...(typeof film === 'string' ? [] : [film]),
  ]
  if (values.length === 0) throw invalid('nothingToList')
  return app.database.inTransaction(async (tx) => {
    const listId = await ownList(app, tx, 'own', known)
    const batchId = app.newId<'batch'>()
    await stageRows(tx, batchId, values.map((value, line) => rowOf(value, { line, mediaId, note: reason.trim().slice(0, 500) })))
    const { added, changed } = await mergeStaged(tx, batchId, listId, batchId, false, app.now())
    await countEntries(tx, listId)
    if (added + changed > 0) await wantSweep(app, tx, batchId)
    await audit(app, tx, moderator, 'hashes.never_again', { kind: 'media', id: mediaId }, { category: known, added })
    return { listId, added }
  })
}

/** Takes one fingerprint out of the community's own lists, on record; what it matched isn't a match any more. Throws notFound. */
export async function removeOwnEntry(app: App, moderator: Account, entryId: string): Promise<void> {
  demandModerator(moderator)
  if (!isId(entryId)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    const listId = await withdrawOwn(tx, entryId, app.now())
    if (!listId) throw notFound()
    await countEntries(tx, listId)
    await audit(app, tx, moderator, 'hashes.remove_entry', { kind: 'settings', id: entryId })
  })
}

/** The community's own list of a category; made when it is first needed. */
export function ownList(app: App, tx: Parameters<typeof insertList>[0], source: 'own' | 'test', category: ListCategory): Promise<ListId> {
  return insertList(tx, { ...defaultsOf(category), id: app.newId<'hash list'>(), name: source === 'own' ? 'Never again' : 'Self-test', source, category }, app.now())
}

const plain = (signal: Value['signal'], key: Buffer): Value => ({ signal, key, body: null, frames: [], quality: null })

/** A row without anything but its value. */
export function rowOf(value: Value, more: Partial<StagedRow> & { line: number }): StagedRow {
  return { signal: value.signal, key: value.key, body: value.body, quality: value.quality, tags: [], opinion: null, confidence: null, severity: null, sourceId: null, mediaId: null, note: '', firstSeen: null, expiresAt: null, withdrawn: false, ...more }
}
