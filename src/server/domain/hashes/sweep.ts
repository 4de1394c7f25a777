import type { App } from '#server/app.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import type { MediaPrint } from '#server/domain/media/index.ts'
import { countReady, eachFingerprint } from '#server/domain/media/index.ts'
import { qualityNeeded, sameWithin } from '#server/platform/fingerprint/index.ts'
import { asWords, findByAll } from '#server/platform/nearest/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { matchPrints } from './match.ts'
import type { SweepRow } from './queries-sweep.ts'
import { selectKeysSince, takeSweep, upsertSweep, writeSweep } from './queries-sweep.ts'

const page = 200
/** Then another job goes on, so that a server that stops never waits long for this one. */
const pagesAtOnce = 25
/** Up to so many additions, everything stored is compared with them alone first: no index is as quick. */
const fewAdditions = 2_000

/** Has everything that is stored looked through for what was added with this batch and after it; null: for everything listed. */
export async function wantSweep(app: App, tx: Tx, fromBatch: string | null): Promise<void> {
  await upsertSweep(tx, app.newId<'sweep'>(), fromBatch)
  await app.jobs.add(tx, 'sweepHashes', {}, { key: 'sweepHashes', queue: 'hash-sweep', maxAttempts: 20, priority: 5 })
}

/** Has everything that is stored looked through for everything that is listed, in a job. On record. */
export async function rescan(app: App, actor: Parameters<typeof demandAdmin>[0]): Promise<void> {
  demandAdmin(actor)
  await app.database.inTransaction(async (tx) => {
    await wantSweep(app, tx, null)
    await audit(app, tx, actor, 'hashes.rescan', { kind: 'settings', id: 'hashes' })
  })
}

/** Job: looks through what is stored, some pages at a time; goes on where it was after a stop. What is found is an event for each item. */
export async function sweepHashes(app: App): Promise<void> {
  if (await sweepPart(app)) await app.jobs.add(app.database.queries, 'sweepHashes', {}, { key: 'sweepHashes', queue: 'hash-sweep', maxAttempts: 20, priority: 5 })
}

/** The same now, in this process, until nothing waits. Resolves to what was looked at and in how many something new was found. */
export async function sweepNow(app: App, onProgress: (done: number, all: number) => void = () => {}): Promise<{ done: number; found: number }> {
  await app.database.inTransaction((tx) => upsertSweep(tx, app.newId<'sweep'>(), null))
  const result = { done: 0, found: 0 }
  while (await sweepPart(app, (row, fresh) => { result.done += fresh.done; result.found += fresh.found; onProgress(row.done, row.total) }));
  return result
}

type Told = (row: { done: number; total: number }, fresh: { done: number; found: number }) => void

/** One part of a sweep; whether there is more to do. */
async function sweepPart(app: App, onPage: Told = () => {}): Promise<boolean> {
  const sweep = await app.database.inTransaction((tx) => takeSweep(tx, app.now()))
  if (!sweep) return false
  const state = { cursor: sweep.cursor, done: sweep.done, total: Math.max(sweep.done, await countReady(app)), found: sweep.found }
  const worthIt = await filterFor(app, sweep)
  let pages = 0
  for await (const prints of inPages(eachFingerprint(app, sweep.cursor))) {
    const found = await matchPrints(app, prints.filter(worthIt), true)
    Object.assign(state, { cursor: prints.at(-1)!.mediaId, done: state.done + prints.length, found: state.found + found })
    const last = prints.length < page
    await writeSweep(app.database.queries, sweep.id, { ...state, total: Math.max(state.total, state.done), endedAt: last ? app.now() : null })
    onPage({ done: state.done, total: Math.max(state.total, state.done) }, { done: prints.length, found })
    if (last) return true
    if (++pages >= pagesAtOnce) return true
  }
  await writeSweep(app.database.queries, sweep.id, { ...state, endedAt: app.now() })
  return true
}

/** Whether an item is worth the whole look-up: with few additions, only those that have one of them. */
async function filterFor(app: App, sweep: SweepRow): Promise<(print: MediaPrint) => boolean> {
  const since = sweep.from_batch ? await selectKeysSince(app.database.queries, sweep.from_batch, fewAdditions) : null
  if (!since) return () => true
  const exact = new Set(since.exact.map((key) => key.toString('hex')))
  const near = asWords(since.near)
  return ({ sha256, md5, sha1, frames }) => {
    if ([sha256, md5, sha1].some((hash) => hash && exact.has(hash.toString('hex')))) return true
    const hashes = frames.filter((frame) => frame.quality >= qualityNeeded).flatMap((frame) => frame.hashes)
    return near.length > 0 && hashes.length > 0 && findByAll(near, asWords(Buffer.concat(hashes)), sameWithin).length > 0
  }
}

async function* inPages(all: AsyncGenerator<MediaPrint>): AsyncGenerator<MediaPrint[]> {
  let prints: MediaPrint[] = []
  for await (const print of all) if (prints.push(print) === page) { yield prints; prints = [] }
  if (prints.length) yield prints
}
