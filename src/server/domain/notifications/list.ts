import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { appKinds } from './known.ts'
import { countNewer, selectNotification, selectNotifications } from './queries-list.ts'
import type { NotificationRow, Wanted } from './queries-list.ts'
import { cleanRange } from './queries-range.ts'
import type { NotificationAsk, NotificationKind, NotificationPart, NotificationView } from './types.ts'

/** The ask without doubts; an account that can't be an id gives nothing. */
export const wantedOf = (app: App, ask: NotificationAsk): Wanted => ({
  kinds: ask.kinds ? ask.kinds.filter((kind) => appKinds.includes(kind)) : appKinds, withFiltered: ask.withFiltered ?? false, now: app.now(),
  fromId: ask.fromId === undefined ? null : isId(ask.fromId) ? ask.fromId : '0',
})

/** The member's notifications one by one, newest first: for apps. Posts that can no longer be seen, and who is gone or blocked by now, are left out. */
export async function notificationList(app: App, viewer: Account, ask: NotificationAsk = {}): Promise<NotificationPart<NotificationView>> {
  const range = cleanRange(ask)
  const rows = await selectNotifications(app.database.queries, viewer.id, wantedOf(app, ask), range)
  if (range.minId) rows.reverse()
  return { items: await notificationViews(app, viewer, rows), first: rows[0]?.id ?? null, last: rows.at(-1)?.id ?? null, full: rows.length === range.limit }
}

/** One of the member's own, set aside or not; anything else isn't found. */
export async function seeNotification(app: App, viewer: Account, id: string): Promise<NotificationView> {
  const row = isId(id) ? await selectNotification(app.database.queries, viewer.id, id, wantedOf(app, { withFiltered: true })) : undefined
  const [view] = row ? await notificationViews(app, viewer, [row]) : []
  if (!view) throw notFound()
  return view
}

/** How many notifications are newer than what was read; `grouped` kinds count once a group. Stops at `most`, 1–1000. */
export function countNotifications(app: App, viewer: Account, ask: NotificationAsk = {}, grouped: readonly NotificationKind[] = [], most = 100): Promise<number> {
  return countNewer(app.database.queries, viewer.id, wantedOf(app, ask), grouped, Math.min(1000, Math.max(1, Math.floor(most) || 100)))
}

async function notificationViews(app: App, viewer: Account, rows: NotificationRow[]): Promise<NotificationView[]> {
  const [accounts, posts] = await Promise.all([accountViews(app, rows.flatMap((row) => row.from_account_id ?? [])), postViews(app, viewer, rows.flatMap((row) => row.post_id ?? []))])
  const postOf = new Map(posts.map((post) => [post.id, post]))
  return rows.flatMap((row) => {
    const from = row.from_account_id ? accounts.get(row.from_account_id) : null
    const post = row.post_id ? postOf.get(row.post_id) : null
    if (from === undefined || post === undefined) return []
    return [{ id: row.id, kind: row.kind as NotificationKind, groupKey: row.group_key, from, post, data: row.data, createdAt: row.created_at.toISOString(), filtered: row.filtered }]
  })
}
