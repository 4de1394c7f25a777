import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { isVisible } from './queries-visible.ts'
import { readerOf } from './reader.ts'

/** May this viewer see this post now? The same answer as `seePost`, without reading the post. */
export async function maySeePost(app: App, viewer: Viewer, postId: string): Promise<boolean> {
  return isId(postId) && isVisible(app.database.queries, postId, await readerOf(app, viewer))
}
