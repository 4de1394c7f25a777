import type { App } from '#server/app.ts'
import { releaseMedia } from '#server/domain/media/index.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { signalKey } from '#server/platform/bus/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { countPost, lockPost, markDeleted } from './queries.ts'
import type { PostId } from './types.ts'

/** For those who moderate: deletes a post for good, whoever wrote it. What evidence of it the law asks for stays apart. The decision and its log are the caller's. */
export async function erasePost(app: App, tx: Tx, id: PostId): Promise<void> {
  const post = isId(id) ? await lockPost(tx, id) : undefined
  if (!post || post.boost_of_id) throw notFound()
  await deleteNow(app, tx, post)
}

async function deleteNow(app: App, tx: Tx, post: { id: PostId; state: string; author_id: AccountId; reply_to_id: PostId | null; created_at: Date }): Promise<void> {
  await markDeleted(tx, post.id, app.now())
  if (post.state === 'published') await countPost(tx, { authorId: post.author_id, replyToId: post.reply_to_id, at: post.created_at }, -1)
  const said = { authorId: post.author_id, key: signalKey() }
  await app.record(tx, { type: 'post.removed', postId: post.id, authorId: post.author_id, said })
  await app.bus.publish(tx, { type: 'post.removed', postId: post.id, ...said })
}

/** Takes an own post away, for everyone at once, with its boosts. Answers to it stay. `keepMedia`: its files are free again, for another post. */
export async function removePost(app: App, author: Account, id: PostId, options: { keepMedia?: boolean } = {}): Promise<void> {
  if (!isId(id)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    const post = await lockPost(tx, id)
    if (!post || post.author_id !== author.id || post.boost_of_id) throw notFound()
    if (options.keepMedia) await releaseMedia(app, tx, id)
    await deleteNow(app, tx, post)
  })
}
