import type { App } from '#server/app.ts'
import { demandUnlimited } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { signalKey } from '#server/platform/bus/index.ts'
import { invalid, notAllowed, notFound } from '#server/platform/errors.ts'
import { requireVoice } from './voice.ts'
import { originalOf, reactions } from './like.ts'
import { countBoost, insertPost, lockPost } from './queries.ts'
import { deleteBoost, selectOwnBoost } from './queries-acts.ts'
import type { Audience, PostId, PostView } from './types.ts'
import { seePost } from './view.ts'

const order: Audience[] = ['public', 'members', 'followers']

/**
 * Shows a post to one's followers. Posts for followers only by their own author; posts for named people not at all. Twice is once.
 * `audience`: the boost itself is for fewer than the post; never for more.
 */
export async function boostPost(app: App, viewer: Account, id: PostId, options: { audience?: Audience } = {}): Promise<PostView> {
  requireVoice(viewer)
  await app.limits.use(reactions, viewer.id)
  await demandUnlimited(app, viewer, { posts: true })
  const post = await originalOf(app, viewer, id)
  if (!post.viewer.canBoost) throw notAllowed('cantBoost')
  if (options.audience && !order.includes(options.audience)) throw invalid('badAudience')
  await app.database.inTransaction(async (tx) => {
    const original = await lockPost(tx, post.id)
    if (original?.state !== 'published') throw notFound()
    const boostId: PostId = app.newId()
    const isNew = await insertPost(tx, {
      id: boostId, authorId: viewer.id, audience: order[Math.max(order.indexOf(original.audience), order.indexOf(options.audience ?? 'public'))] ?? original.audience, text: '', html: '', warning: '', sensitive: false, language: null,
      replyTo: null, boostOfId: post.id, pollId: null, state: 'published', appName: null, at: app.now(),
    })
    if (!isNew) return
    await countBoost(tx, post.id, 1)
    const said = { authorId: viewer.id, key: signalKey() }
    await app.record(tx, { type: 'post.boosted', postId: post.id, boostId, accountId: viewer.id, said })
    await app.bus.publish(tx, { type: 'post.created', postId: boostId, ...said })
  })
  return seePost(app, viewer, post.id)
}

/** The boost itself, with the post in it; for apps, which show it as a post of its own. Not found where the viewer didn't boost. */
export async function ownBoostOf(app: App, viewer: Account, id: PostId): Promise<PostView> {
  const post = await originalOf(app, viewer, id)
  const boostId = await selectOwnBoost(app.database.queries, viewer.id, post.id)
  if (!boostId) throw notFound()
  return seePost(app, viewer, boostId)
}

export async function unboostPost(app: App, viewer: Account, id: PostId): Promise<PostView> {
  const post = await originalOf(app, viewer, id)
  await app.database.inTransaction(async (tx) => {
    await lockPost(tx, post.id)
    const boostId = await deleteBoost(tx, viewer.id, post.id, app.now())
    if (!boostId) return
    await countBoost(tx, post.id, -1)
    await app.bus.publish(tx, { type: 'post.removed', postId: boostId, authorId: viewer.id })
  })
  return seePost(app, viewer, post.id)
}
