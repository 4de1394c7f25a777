import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { limits } from './limits.ts'
import { keepForPlan, selectKept } from './queries-hold.ts'
import type { MediaView } from './types.ts'
import { mediaViews } from './view.ts'

/** Keeps the owner's own, free uploads for a planned post: nothing else can use them and no sweep takes them. They are free again when the plan goes. Problems name `media`. */
export async function holdMedia(tx: Tx, owner: Account, ids: string[], scheduledId: string): Promise<void> {
  const wanted = [...new Set(ids)]
  const problem = (code: string, params?: Record<string, number>) => invalidForm([{ field: 'media', message: `error.${code}`, params }])
  if (wanted.length > limits.images) throw problem('tooManyMedia', { most: limits.images })
  if (!wanted.every(isId)) throw problem('uploadGone')
  if (wanted.length === 0) return
  const kept = await keepForPlan(tx, owner.id, wanted, scheduledId)
  if (kept.length < wanted.length) throw problem('uploadGone')
  if (kept.some((one) => one.state === 'failed')) throw problem('mediaFailed')
  if (kept.length > 1 && kept.some((one) => one.kind === 'video' || one.kind === 'audio')) throw problem('mixedMedia')
}

/** The media of planned posts, each in its order, for their owner. */
export async function mediaHeldFor(app: App, owner: Account, scheduledIds: string[]): Promise<Map<string, MediaView[]>> {
  const rows = scheduledIds.length ? await selectKept(app.database.queries, scheduledIds) : []
  const views = await mediaViews(app, rows.map((row) => row.id), owner.id)
  return new Map(scheduledIds.map((id) => [id, rows.flatMap((row) => (row.scheduled_id === id ? views.get(row.id) ?? [] : []))]))
}
