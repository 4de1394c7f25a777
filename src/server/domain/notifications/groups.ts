import type { App } from '#server/app.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { currentAnnouncements } from '#server/domain/instance/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import { compareIds } from '#server/platform/ids/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { selectGroups, selectMarker } from './queries.ts'
import type { NotificationFilter, NotificationGroup, NotificationKind } from './types.ts'

const kindsOf: Record<NotificationFilter, NotificationKind[] | null> = {
  all: null, mentions: ['mention', 'reply', 'quote'], likes: ['like'], boosts: ['boost'], follows: ['follow', 'follow_request'],
  community: ['announcement', 'moderation', 'report', 'signup', 'poll'],
}

/**
 * The member's notifications, grouped, newest first. Left out, though a page may be shorter for it: posts that can no
 * longer be seen, people who are gone, blocked or muted by now, announcements that are over.
 */
export async function notificationGroups(app: App, viewer: Account, ask: PageAsk = {}, filter: NotificationFilter = 'all'): Promise<Page<NotificationGroup>> {
  const clean = cleanAsk(ask, 20)
  const [rows, marker] = await Promise.all([selectGroups(app.database.queries, viewer.id, kindsOf[filter], clean, app.now()), selectMarker(app.database.queries, viewer.id)])
  const page = cutPage(rows, clean, (row) => row.id)
  const [accounts, posts, announcements] = await Promise.all([
    accountViews(app, page.items.flatMap((row) => row.from_ids ?? [])),
    postViews(app, viewer, page.items.flatMap((row) => row.post_id ?? []), { filter: 'notifications' }),
    page.items.some((row) => row.kind === 'announcement') ? currentAnnouncements(app, null, viewer.locale) : [],
  ])
  const postOf = new Map(posts.map((post) => [post.id, post]))
  const textOf = new Map(announcements.map((one) => [one.id, one.text]))
  return {
    ...page,
    items: page.items.flatMap((row): NotificationGroup[] => {
      const post = row.post_id ? postOf.get(row.post_id) ?? null : null
      const text = row.kind === 'announcement' ? textOf.get(row.data['announcementId'] ?? '') : ''
      if ((row.post_id && !post) || (row.is_from && row.count === 0) || text === undefined) return []
      return [{
        key: row.group_key, kind: row.kind as NotificationKind, latestId: row.id, count: row.count,
        accounts: [...new Set(row.from_ids ?? [])].flatMap((id) => accounts.get(id) ?? []),
        post, data: text ? { ...row.data, text } : row.data, createdAt: row.created_at.toISOString(), unread: compareIds(row.id, marker) > 0,
      }]
    }),
  }
}
