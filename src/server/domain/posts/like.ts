import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { requireVoice } from './voice.ts'
import { deleteLike, insertLike } from './queries-acts.ts'
import type { PostId, PostView } from './types.ts'
import { seePost } from './view.ts'

export const reactions = { name: 'reactions', most: 600, seconds: 600 }

/** Likes a post; a boost stands for what it boosts. Twice is once. */
export async function likePost(app: App, viewer: Account, id: PostId): Promise<PostView> {
  requireVoice(viewer)
  await app.limits.use(reactions, viewer.id)
  const post = await originalOf(app, viewer, id)
  await app.database.inTransaction(async (tx) => {
    if (!await insertLike(tx, app.newId(), viewer.id, post.id, app.now())) return
    await app.record(tx, { type: 'post.liked', postId: post.id, accountId: viewer.id })
  })
  return seePost(app, viewer, post.id)
}

export async function unlikePost(app: App, viewer: Account, id: PostId): Promise<PostView> {
  const post = await originalOf(app, viewer, id)
  await app.database.inTransaction((tx) => deleteLike(tx, viewer.id, post.id))
  return seePost(app, viewer, post.id)
}

/** The post itself: what a boost boosts. Not found when the viewer may not see it. */
export async function originalOf(app: App, viewer: Account, id: PostId): Promise<PostView> {
  const post = await seePost(app, viewer, id)
  return post.boostOf ?? post
}
