import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { isVisible } from './queries-visible.ts'
import { reader } from './visible.ts'

/** May this viewer see this post now? The same answer as `seePost`, without reading the post. */
export async function maySeePost(app: App, viewer: Viewer, postId: string): Promise<boolean> {
  const { readMode } = await readSettings(app)
  return isId(postId) && isVisible(app.database.queries, postId, { readerId: reader(viewer), readMode })
}
