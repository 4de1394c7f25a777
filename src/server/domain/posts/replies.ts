import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { invalid, invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { mayName } from './may-name.ts'
import { lockPost } from './queries.ts'
import { selectChoosy, setReplyPolicy } from './queries-replies.ts'
import type { Audience, PostId, PostView, ReplyPolicy } from './types.ts'
import { seePost } from './view.ts'

export const replyPolicies: readonly ReplyPolicy[] = ['everyone', 'followers', 'followed', 'mentioned', 'nobody']

/** Says anew who may answer an own post. Answers that are there stay. */
export async function changeReplyPolicy(app: App, author: Account, id: PostId, policy: ReplyPolicy): Promise<PostView> {
  if (!replyPolicies.includes(policy)) throw invalid('badReplyPolicy')
  if (!isId(id)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    const post = await lockPost(tx, id)
    if (!post || post.author_id !== author.id || post.boost_of_id) throw notFound()
    await setReplyPolicy(tx, id, policy)
    if (post.state === 'published') await app.bus.publish(tx, { type: 'post.edited', postId: id, authorId: author.id })
  })
  return seePost(app, author, id)
}

/**
 * Whom a post may name, of those it would: who doesn't want to be named by the author isn't told, as in a block. What is for named
 * people only is refused instead (`text`): nobody should think that it arrived.
 */
export async function whoIsNamed(app: App, author: Account, ids: Iterable<AccountId>, where: { audience: Audience; threadId: PostId | null }): Promise<Set<AccountId>> {
  const wanted = new Set(ids)
  if (wanted.size === 0) return wanted
  const message = where.audience === 'mentioned'
  for (const row of await selectChoosy(app.database.queries, author.id, where.threadId, [...wanted])) {
    if (mayName({ policy: (message ? row.message : row.mention) ?? 'everyone', follows: row.follows, inThread: row.in_thread, staff: author.role !== 'member' }) || row.id === author.id) continue
    if (message) throw invalidForm([{ field: 'text', message: 'error.cantMessage', params: { username: row.username } }])
    wanted.delete(row.id)
  }
  return wanted
}
