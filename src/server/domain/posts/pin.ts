import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { conflict, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { requireVoice } from './voice.ts'
import { lockPost } from './queries.ts'
import { countPins, setPinned } from './queries-acts.ts'
import type { PostId, PostView } from './types.ts'
import { seePost } from './view.ts'

const mostPins = 5

/** Puts an own post on top of the profile, at most five. Not boosts, not posts for named people. */
export async function pinPost(app: App, author: Account, id: PostId): Promise<PostView> {
  requireVoice(author)
  return change(app, author, id, true)
}

export async function unpinPost(app: App, author: Account, id: PostId): Promise<PostView> {
  return change(app, author, id, false)
}

async function change(app: App, author: Account, id: PostId, pinned: boolean): Promise<PostView> {
  if (!isId(id)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    const post = await lockPost(tx, id)
    if (!post || post.author_id !== author.id || post.boost_of_id || post.audience === 'mentioned' || post.state === 'removed') throw notFound()
    if ((post.pinned_at !== null) === pinned) return
    if (pinned && await countPins(tx, author.id) >= mostPins) throw conflict('tooManyPins', { most: mostPins })
    await setPinned(tx, id, pinned ? app.now() : null)
  })
  return seePost(app, author, id)
}
