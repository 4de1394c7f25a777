import type { App } from '#server/app.ts'
import type { AccountId, Viewer } from '#server/domain/accounts/index.ts'
import type { Page, PostsAsk, PostView } from '#server/domain/posts/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { cleanAsk } from '#server/platform/page/index.ts'
import { eyesOf, pageOf } from './lines.ts'
import { selectOfAccount, selectPinned } from './queries.ts'
import { readTag } from '#server/platform/text/tag.ts'
import type { AccountTab, Narrow } from './types.ts'

/**
 * One person's posts. posts: their own, threads and boosts · replies: answers · media: photos and video · music · everything.
 * A muted person's profile can still be read; posts with hidden words stay hidden.
 */
export async function accountTimeline(app: App, viewer: Viewer, accountId: AccountId, tab: AccountTab | 'everything', ask: PostsAsk & Narrow = {}): Promise<Page<PostView>> {
  const clean = cleanAsk(ask)
  const tag = ask.tag === undefined ? undefined : readTag(ask.tag)?.name ?? ''
  if (!isId(accountId)) return { items: [], older: null, newer: null }
  app.changes.note([`w${accountId}`, `a${accountId}`])
  const eyes = await eyesOf(app, viewer)
  return pageOf(app, viewer, await selectOfAccount(app.database.queries, accountId, tab, eyes, clean, { ...ask, tag }), clean, { filter: 'account', annotate: ask.annotate })
}

/** What they pinned to the top of their profile, at most five, the newest pin first. */
export async function pinnedPosts(app: App, viewer: Viewer, accountId: AccountId): Promise<PostView[]> {
  if (!isId(accountId)) return []
  app.changes.note([`w${accountId}`])
  const eyes = await eyesOf(app, viewer)
  return postViews(app, viewer, await selectPinned(app.database.queries, accountId, eyes))
}
