import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '#server/app.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { makePlayable } from '#server/platform/av/index.ts'
import { isChildError } from '#server/platform/child/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { underCover } from './cover.ts'
import { originalFile, storedName } from './files.ts'
import { limits } from './limits.ts'
import { picturesOf } from './maker.ts'
import type { MediaRow } from './queries.ts'
import { selectMedia } from './queries.ts'
import { forgetFiles, lockCover } from './queries-cover.ts'
import type { Made } from './queries-process.ts'
import { beginWork, failWork, finishWork, updateProgress } from './queries-process.ts'
import { writeFingerprints } from './queries-fingerprints.ts'
import { attachFiles } from './queries-files.ts'
import { keepPoster } from './poster.ts'
import { madeBefore, rememberMade } from './reuse.ts'
import { keepMade } from './store.ts'
import { demuxerOf } from './sniff.ts'

/** Job: makes an upload ready for showing. A bad file ends as 'failed' with a code; trouble of ours is tried again. Safe to run twice. */
export async function processMedia(app: App, mediaId: string, lastAttempt: boolean): Promise<void> {
  const row = isId(mediaId) ? (await selectMedia(app.database.queries, [mediaId]))[0] : undefined
  if (!row || !(await beginWork(app.database.queries, row.id))) return
  const workplace = join(app.config.dataFolder, 'work')
  await mkdir(workplace, { recursive: true })
  const folder = await mkdtemp(join(workplace, 'media-'))
  const progress = reporter(app, row)
  try {
    const what = { sha256: row.sha256, purpose: row.purpose, lossless: (await readSettings(app)).keepLossless }
    const before = await madeBefore(app, what)
    const original = await app.files.localPath(storedName(row.key, originalFile), folder)
    const made = before?.made ?? await makeFiles(app, row, { input: original, folder }, progress)
    await progress.settled()
    const kept = before ? undefined : await keepMade(app, { folder, variants: made.variants, original })
    await end(app, row, 'media.ready', async (tx) => {
      const known = await lockCover(tx, row.id)
      if (!known) return false
      const variants = underCover(made.variants, { ...known, kind: made.kind })
      if (!(await finishWork(tx, row.id, { ...made, variants }, app.now()))) return false
      await writeFingerprints(tx, row.id, made.fingerprints)
      await attachFiles(tx, row.id, kept ?? before!.files, app.now())
      await forgetFiles(tx, row.id, variants)
      if (kept) await rememberMade(tx, what, made, kept)
      return true
    })
    // What came is kept by its hash now. A crash before this leaves it to the sweep.
    await app.files.remove(storedName(row.key, originalFile))
  } catch (error) {
    await progress.settled()
    if (!isChildError(error) && !lastAttempt) throw error
    const code = isChildError(error) ? error.code : 'mediaInternal'
    app.log.warn('media could not be made ready', { media: row.id, code, detail: isChildError(error) ? error.detail : String(error) })
    await end(app, row, 'media.failed', (tx) => failWork(tx, row.id, code, app.now()))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function makeFiles(app: App, row: MediaRow, { input, folder }: { input: string; folder: string }, { take, wait }: Reporter): Promise<Made> {
  if (row.original_mime.startsWith('image/')) {
    const made = await picturesOf(app).make(row.account_id, { input, folder, purpose: row.purpose, format: row.original_mime.slice('image/'.length), pixels: limits.pixels, frames: limits.frames }, take)
    return { kind: made.animated && row.purpose === 'post' ? 'animation' : 'image', width: made.width, height: made.height, duration: null, thumbhash: made.thumbhash, colour: made.colour, tags: {}, waveform: null, loudness: null, variants: made.files, fingerprints: made.fingerprints }
  }
  const made = await makePlayable({ input, folder, demuxer: demuxerOf(row.original_mime), lossless: (await readSettings(app)).keepLossless, limits: { duration: limits.duration, pixels: limits.pixels } }, take,
    (poster) => wait(keepPoster(app, row, folder, poster)))
  return { ...made, variants: made.files }
}

async function end(app: App, row: MediaRow, type: 'media.ready' | 'media.failed', write: (tx: Parameters<Parameters<App['database']['inTransaction']>[0]>[0]) => Promise<boolean>): Promise<void> {
  const known = await app.database.inTransaction(async (tx) => {
    if (!(await write(tx))) return false
    await app.record(tx, { type, mediaId: row.id })
    await app.bus.publish(tx, { type: 'media', accountId: row.account_id, mediaId: row.id })
    return true
  })
  // Taken back while it was being made.
  if (!known && !(await selectMedia(app.database.queries, [row.id])).length) await app.files.remove(storedName(row.key))
}

type Reporter = { take(progress: number): void; /** what else goes on beside the making; failing is no failure of it */ wait(work: Promise<void>): void; settled(): Promise<void> }

/** Writes progress at most once a second; the last write is waited for, so that it can't come after the end. */
function reporter(app: App, row: MediaRow): Reporter {
  let last = 0
  let writing: Promise<void> = Promise.resolve()
  return {
    take(progress) {
      if (Date.now() - last < 1000) return
      last = Date.now()
      writing = writing.then(() => app.database.inTransaction(async (tx) => {
        await updateProgress(tx, row.id, progress)
        await app.bus.publish(tx, { type: 'media', accountId: row.account_id, mediaId: row.id })
      })).catch(() => {})
    },
    wait(work) {
      const done = work.catch((error: unknown) => app.log.warn('a first picture was not kept', { media: row.id, error: String(error) }))
      writing = writing.then(() => done)
    },
    settled: () => writing,
  }
}
