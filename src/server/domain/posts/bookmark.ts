import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { originalOf, reactions } from './like.ts'
import { deleteBookmark, insertBookmark } from './queries-acts.ts'
import type { PostId, PostView } from './types.ts'

/** Keeps a post for later; nobody else sees that. Twice is once. */
export async function bookmarkPost(app: App, viewer: Account, id: PostId): Promise<PostView> {
  await app.limits.use(reactions, viewer.id)
  const post = await originalOf(app, viewer, id)
  await insertBookmark(app.database.queries, app.newId(), viewer.id, post.id, app.now())
  return { ...post, viewer: { ...post.viewer, bookmarked: true } }
}

export async function unbookmarkPost(app: App, viewer: Account, id: PostId): Promise<PostView> {
  const post = await originalOf(app, viewer, id)
  await deleteBookmark(app.database.queries, viewer.id, post.id)
  return { ...post, viewer: { ...post.viewer, bookmarked: false } }
}
