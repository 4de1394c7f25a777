import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Page, PostsAsk, PostView } from '#server/domain/posts/index.ts'
import { cleanAsk } from '#server/platform/page/index.ts'
import { eyesOf, pageOf } from './lines.ts'
import { selectDirect } from './queries-list.ts'

/** Posts for named people that the viewer wrote or is named in, newest first. */
export async function directTimeline(app: App, viewer: Account, ask: PostsAsk = {}): Promise<Page<PostView>> {
  const clean = cleanAsk(ask)
  const eyes = await eyesOf(app, viewer)
  return pageOf(app, viewer, await selectDirect(app.database.queries, viewer.id, eyes, clean), clean, { filter: 'home', annotate: ask.annotate })
}
