import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Page, PageAsk, PostView } from '#server/domain/posts/index.ts'
import { cleanAsk } from '#server/platform/page/index.ts'
import { eyesOf, pageOf } from './lines.ts'
import { selectKept } from './queries.ts'

/** What the viewer liked, the newest like first. Only for themselves. */
export async function likedPosts(app: App, viewer: Account, ask: PageAsk = {}): Promise<Page<PostView>> {
  return kept(app, viewer, 'likes', ask)
}

/** What the viewer bookmarked, the newest bookmark first. Only for themselves. */
export async function bookmarkedPosts(app: App, viewer: Account, ask: PageAsk = {}): Promise<Page<PostView>> {
  return kept(app, viewer, 'bookmarks', ask)
}

async function kept(app: App, viewer: Account, table: 'likes' | 'bookmarks', ask: PageAsk): Promise<Page<PostView>> {
  const clean = cleanAsk(ask)
  const eyes = await eyesOf(app, viewer)
  return pageOf(app, viewer, await selectKept(app.database.queries, table, viewer.id, eyes, clean), clean)
}
