import type { App } from '#server/app.ts'
import { releaseMedia } from '#server/domain/media/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { countPost, lockPost, markDeleted } from './queries.ts'
import type { PostId } from './types.ts'

/** Takes an own post away, for everyone at once, with its boosts. Answers to it stay. `keepMedia`: its files are free again, for another post. */
export async function removePost(app: App, author: Account, id: PostId, options: { keepMedia?: boolean } = {}): Promise<void> {
  if (!isId(id)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    const post = await lockPost(tx, id)
    if (!post || post.author_id !== author.id || post.boost_of_id) throw notFound()
    await markDeleted(tx, id, app.now())
    if (options.keepMedia) await releaseMedia(app, tx, id)
    if (post.state === 'published') await countPost(tx, { authorId: post.author_id, replyToId: post.reply_to_id, at: post.created_at }, -1)
    await app.record(tx, { type: 'post.removed', postId: id, authorId: author.id })
    await app.bus.publish(tx, { type: 'post.removed', postId: id, authorId: author.id })
  })
}
