import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import type { MediaView } from '#server/domain/media/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectPostOfMedia } from './queries.ts'
import { seePost } from './view.ts'

/** An item of a post that the viewer may see, as it stands now. Anything else isn't found. */
export async function seeMediaOfPost(app: App, viewer: Viewer, mediaId: string): Promise<MediaView> {
  const postId = isId(mediaId) ? await selectPostOfMedia(app.database.queries, mediaId) : undefined
  const found = postId && (await seePost(app, viewer, postId)).media.find((one) => one.id === mediaId)
  if (!found) throw notFound('uploadGone')
  return found
}
