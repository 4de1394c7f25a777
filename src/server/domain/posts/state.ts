import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { signalKey } from '#server/platform/bus/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { countPost, countReply, lockPost, selectAttached, selectPostOfMedia, updateState } from './queries.ts'
import type { PostId } from './types.ts'

type Told = { id: PostId; author_id: AccountId; reply_to_id: PostId | null; created_at: Date }

/** A post became public: counters, the event, the signal. In the transaction that published it. `counted`: the author's count knows it already. */
export async function announce(app: App, tx: Tx, post: Told, { counted = false } = {}): Promise<void> {
  if (counted) await countReply(tx, post.reply_to_id, 1)
  else await countPost(tx, { authorId: post.author_id, replyToId: post.reply_to_id, at: post.created_at }, 1)
  const said = { authorId: post.author_id, key: signalKey() }
  await app.record(tx, { type: 'post.created', postId: post.id, said })
  await app.bus.publish(tx, { type: 'post.created', postId: post.id, ...said })
}

/** Publishes a post that waited for its media. Safe to call at any time, any number of times. */
export async function publishWhenReady(app: App, postId: PostId): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const post = await lockPost(tx, postId)
    if (post?.state !== 'processing') return
    const media = await selectAttached(tx, postId)
    if (media.some((one) => one.state === 'queued' || one.state === 'processing')) return
    // What failed for good doesn't hold up the rest; with nothing else to show, the author is shown the failure.
    if (media.some((one) => one.state === 'failed') && !post.text && !media.some((one) => one.state === 'ready')) return
    await updateState(tx, postId, 'published')
    await announce(app, tx, post)
  })
}

/** The event media.ready or media.failed: publishes the post that waited for it, if any. */
export async function publishPostOfMedia(app: App, mediaId: string): Promise<void> {
  const postId = await selectPostOfMedia(app.database.queries, mediaId)
  if (!postId) return
  await publishWhenReady(app, postId)
  // Where posts don't wait for their film, who has the post open learns that it is ready now.
  await app.database.inTransaction(async (tx) => {
    const post = await lockPost(tx, postId)
    if (post?.state === 'published') await app.bus.publish(tx, { type: 'post.edited', postId, authorId: post.author_id })
  })
}

/** For those who moderate: takes a post away, holds it, or brings it back. The decision and its log are the caller's. */
export async function setPostState(app: App, postId: PostId, state: 'published' | 'held' | 'removed', within?: Tx): Promise<void> {
  if (!isId(postId)) throw notFound()
  const work = async (tx: Tx) => {
    const post = await lockPost(tx, postId)
    if (!post || post.boost_of_id) throw notFound()
    if (post.state === state) return
    await updateState(tx, postId, state)
    if (state === 'published') return announce(app, tx, post)
    if (post.state !== 'published') return
    await countPost(tx, { authorId: post.author_id, replyToId: post.reply_to_id, at: post.created_at }, -1)
    const said = { authorId: post.author_id, key: signalKey() }
    await app.record(tx, { type: 'post.removed', postId, authorId: post.author_id, said })
    await app.bus.publish(tx, { type: 'post.removed', postId, ...said })
  }
  await (within ? work(within) : app.database.inTransaction(work))
}
