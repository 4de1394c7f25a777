import type { App } from '#server/app.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { conflict, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { originalFile, storedName } from './files.ts'
import { laneOf } from './lane.ts'
import { deleteFailed, requeue, selectFailed } from './queries-failures.ts'
import type { MediaId, MediaKind } from './types.ts'

export type FailedMedia = {
  id: MediaId; kind: MediaKind; account: AccountView | null
  /** as the member called it */
  name: string
  mime: string; bytes: number
  /** a code; the catalogue has its sentence under `error.CODE` */
  error: string
  attempts: number
  /** a post waits for it, or shows what else it has */
  postId: string | null
  failedAt: string | null
}

const page = 200

/** Files that could not be made ready, the newest first. For admins. */
export async function failedMedia(app: App, actor: Account, ask: { before?: string; limit: number }): Promise<{ items: FailedMedia[]; older: string | null }> {
  demandAdmin(actor)
  const rows = await selectFailed(app.database.queries, ask.before ?? null, ask.limit + 1)
  const shown = rows.slice(0, ask.limit)
  const accounts = await accountViews(app, [...new Set(shown.map((row) => row.account_id))])
  return {
    items: shown.map((row) => ({
      id: row.id, kind: row.kind, account: accounts.get(row.account_id) ?? null, name: row.original_name, mime: row.original_mime, bytes: row.bytes,
      error: row.error ?? 'mediaInternal', attempts: row.attempts, postId: row.post_id, failedAt: row.processed_at?.toISOString() ?? null,
    })),
    older: rows.length > ask.limit ? shown.at(-1)!.id : null,
  }
}

/** Lets one be tried again. Twice is the same as once. Throws 'originalGone' when there is nothing to try with. */
export async function retryMedia(app: App, actor: Account, id: string): Promise<void> {
  demandAdmin(actor)
  const row = isId(id) ? (await selectFailed(app.database.queries, String(BigInt(id) + 1n), 1))[0] : undefined
  if (row?.id !== id) throw notFound()
  if (!(await app.files.stat(storedName(row.key, originalFile)))) throw conflict('originalGone')
  await again(app, [id])
  await app.database.inTransaction((tx) => audit(app, tx, actor, 'media.retry', { kind: 'media', id }))
}

/** Lets all that failed be tried again, in a job. */
export async function retryAllMedia(app: App, actor: Account): Promise<void> {
  demandAdmin(actor)
  await app.database.inTransaction(async (tx) => {
    await app.jobs.add(tx, 'retryFailedMedia', {}, { key: 'retryFailedMedia', maxAttempts: 3 })
    await audit(app, tx, actor, 'media.retry', { kind: 'media', id: 'all' })
  })
}

/** Job: puts every failed one back in line, a page at a time, each once. */
export async function retryFailedMedia(app: App): Promise<void> {
  for (let before: string | null = null; ;) {
    const rows = await selectFailed(app.database.queries, before, page)
    await again(app, rows.map((row) => row.id))
    if (rows.length < page) return
    before = rows.at(-1)!.id
  }
}

async function again(app: App, ids: string[]): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const lanes = Map.groupBy(await requeue(tx, ids), ({ id, kind }) => laneOf(kind, id))
    // Behind what members send now.
    for (const [queue, items] of lanes) await app.jobs.addAll(tx, 'processMedia', items.map(({ id }) => ({ mediaId: id })), { maxAttempts: 3, queue, priority: 5 })
  })
}

/** Takes a failed one away, file and all. Throws 'postWaits' while a post holds it: that is its author's to change. */
export async function dropFailedMedia(app: App, actor: Account, id: string): Promise<void> {
  demandAdmin(actor)
  if (!isId(id)) throw notFound()
  const key = await app.database.inTransaction(async (tx) => {
    const found = await deleteFailed(tx, id)
    if (found) await audit(app, tx, actor, 'media.drop', { kind: 'media', id })
    return found
  })
  if (!key) throw conflict('postWaits')
  await app.files.remove(storedName(key))
}
