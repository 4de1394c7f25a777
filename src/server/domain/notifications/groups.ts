import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import { compareIds } from '#server/platform/ids/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { selectGroups, selectMarker } from './queries.ts'
import type { NotificationFilter, NotificationGroup, NotificationKind } from './types.ts'

const kindsOf: Record<NotificationFilter, NotificationKind[] | null> = { all: null, mentions: ['mention', 'reply'], likes: ['like'], boosts: ['boost'], follows: ['follow', 'follow_request'] }

/** The member's notifications, grouped, newest first. Groups about posts that can no longer be seen are left out. */
export async function notificationGroups(app: App, viewer: Account, ask: PageAsk = {}, filter: NotificationFilter = 'all'): Promise<Page<NotificationGroup>> {
  const clean = cleanAsk(ask, 20)
  const [rows, marker] = await Promise.all([selectGroups(app.database.queries, viewer.id, kindsOf[filter], clean), selectMarker(app.database.queries, viewer.id)])
  const page = cutPage(rows, clean, (row) => row.latest_id)
  const [accounts, posts] = await Promise.all([
    accountViews(app, page.items.flatMap((row) => row.from_ids ?? [])),
    postViews(app, viewer, page.items.flatMap((row) => row.post_id ?? []), { filter: false }),
  ])
  const byId = new Map(posts.map((post) => [post.id, post]))
  return {
    ...page,
    items: page.items.filter((row) => row.post_id === null || byId.has(row.post_id)).map((row) => ({
      key: row.group_key, kind: row.kind as NotificationKind, latestId: row.latest_id, count: row.count,
      accounts: [...new Set(row.from_ids ?? [])].flatMap((id) => accounts.get(id) ?? []),
      post: row.post_id ? byId.get(row.post_id) ?? null : null, data: row.data, createdAt: row.created_at.toISOString(), unread: compareIds(row.latest_id, marker) > 0,
    })),
  }
}
