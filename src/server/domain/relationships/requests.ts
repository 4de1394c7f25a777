import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { acceptRequest, countFollow, lockBoth } from './queries.ts'
import type { RelationshipView } from './types.ts'
import { endFollow } from './unfollow.ts'
import { relationshipView } from './views.ts'

/** Lets somebody follow who asked. Not found when nobody asked; a second time is fine when they follow already. */
export async function acceptFollow(app: App, viewer: Account, followerId: AccountId): Promise<RelationshipView> {
  if (!isId(followerId)) throw notFound()
  const accepted = await app.database.inTransaction(async (tx) => {
    const { other } = await lockBoth(tx, viewer.id, followerId)
    if (!other || !['active', 'limited'].includes(other.state)) return false
    if (!await acceptRequest(tx, followerId, viewer.id, app.newId())) return false
    await countFollow(tx, followerId, viewer.id, 1)
    await app.record(tx, { type: 'follow.accepted', followerId, followedId: viewer.id })
    await app.bus.publish(tx, { type: 'account.changed', accountId: followerId })
    return true
  })
  const view = await relationshipView(app, viewer, followerId)
  if (!accepted && !view.followedBy) throw notFound()
  return view
}

/** Declines a request; the other isn't told. */
export async function refuseFollow(app: App, viewer: Account, followerId: AccountId): Promise<RelationshipView> {
  return removeFollower(app, viewer, followerId)
}

/** Makes somebody stop following the viewer, without blocking them. */
export async function removeFollower(app: App, viewer: Account, followerId: AccountId): Promise<RelationshipView> {
  if (!isId(followerId)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    await lockBoth(tx, viewer.id, followerId)
    await endFollow(app, tx, followerId, viewer.id)
  })
  return relationshipView(app, viewer, followerId)
}
