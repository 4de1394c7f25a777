import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { originalOf } from './like.ts'
import { selectThread } from './queries.ts'
import { deleteThreadMute, insertThreadMute } from './queries-acts.ts'
import type { PostId, PostView } from './types.ts'

/** Nothing more is told about the thread that this post is in; it can still be read. Twice is once. */
export async function muteThread(app: App, viewer: Account, id: PostId): Promise<PostView> {
  return change(app, viewer, id, true)
}

export async function unmuteThread(app: App, viewer: Account, id: PostId): Promise<PostView> {
  return change(app, viewer, id, false)
}

async function change(app: App, viewer: Account, id: PostId, muted: boolean): Promise<PostView> {
  const post = await originalOf(app, viewer, id)
  const threadId = await selectThread(app.database.queries, post.id)
  if (!threadId) throw notFound()
  await (muted ? insertThreadMute : deleteThreadMute)(app.database.queries, viewer.id, threadId)
  return { ...post, viewer: { ...post.viewer, mutedThread: muted } }
}
