import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { deleteRequests, dismissFiltered, letThrough, selectRequests } from './queries-requests.ts'
import type { RequestRow } from './queries-requests.ts'
import { cleanRange } from './queries-range.ts'
import type { NotificationPart, RequestView } from './types.ts'
import { forgetUnread } from './unread.ts'

const most = 80 // requests one call decides

/** Whose notifications were set aside, newest sender first. */
export async function notificationRequests(app: App, viewer: Account, ask: { maxId?: string; sinceId?: string; minId?: string; limit?: number } = {}): Promise<NotificationPart<RequestView>> {
  const range = cleanRange(ask)
  const rows = await selectRequests(app.database.queries, viewer.id, range, app.now())
  if (range.minId) rows.reverse()
  return { items: await views(app, viewer, rows), first: rows[0]?.id ?? null, last: rows.at(-1)?.id ?? null, full: rows.length === range.limit }
}

/** One request of the member's own; others' and unknown ones aren't found. */
export async function notificationRequest(app: App, viewer: Account, id: string): Promise<RequestView> {
  const rows = isId(id) ? await selectRequests(app.database.queries, viewer.id, cleanRange({}), app.now(), [id]) : []
  const [request] = await views(app, viewer, rows)
  if (!request) throw notFound()
  return request
}

/** These senders come through from now on, what they did before appears. Unknown ids change nothing. */
export async function acceptRequests(app: App, viewer: Account, ids: string[]): Promise<void> {
  await decide(app, viewer, ids, async (tx, fromIds) => {
    await letThrough(tx, viewer.id, fromIds, app.now())
    await app.bus.publish(tx, { type: 'notifications.merged', accountId: viewer.id })
  })
}

/** Takes the requests away with what was set aside; should their senders do more, they are asked about again. */
export async function dismissRequests(app: App, viewer: Account, ids: string[]): Promise<void> {
  await decide(app, viewer, ids, (tx, fromIds) => dismissFiltered(tx, viewer.id, fromIds, app.now()))
}

async function decide(app: App, viewer: Account, ids: string[], work: (tx: Tx, fromIds: string[]) => Promise<void>): Promise<void> {
  const clean = ids.filter(isId).slice(0, most)
  if (clean.length === 0) return
  await app.database.inTransaction(async (tx) => {
    const fromIds = await deleteRequests(tx, viewer.id, clean)
    if (fromIds.length) await work(tx, fromIds)
  })
  forgetUnread(app, [viewer.id])
}

async function views(app: App, viewer: Account, rows: RequestRow[]): Promise<RequestView[]> {
  const [accounts, posts] = await Promise.all([accountViews(app, rows.map((row) => row.from_account_id)), postViews(app, viewer, rows.flatMap((row) => row.last_post_id ?? []))])
  const postOf = new Map(posts.map((post) => [post.id, post]))
  return rows.flatMap((row) => {
    const from = accounts.get(row.from_account_id)
    return from ? [{ id: row.id, from, lastPost: postOf.get(row.last_post_id ?? '') ?? null, count: row.count, createdAt: row.created_at.toISOString(), updatedAt: row.updated_at.toISOString() }] : []
  })
}
