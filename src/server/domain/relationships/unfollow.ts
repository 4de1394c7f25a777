import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { countFollow, deleteFollow, lockBoth } from './queries.ts'
import type { RelationshipView } from './types.ts'
import { relationshipView } from './views.ts'

/** Stops following, or takes a request back. Not following is fine. */
export async function unfollow(app: App, viewer: Account, targetId: AccountId): Promise<RelationshipView> {
  if (!isId(targetId)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    await lockBoth(tx, viewer.id, targetId)
    await endFollow(app, tx, viewer.id, targetId)
  })
  return relationshipView(app, viewer, targetId)
}

/** Ends a follow or a request, with its counters; both accounts must be locked. True when there was one. */
export async function endFollow(app: App, tx: Tx, followerId: AccountId, followedId: AccountId): Promise<boolean> {
  const state = await deleteFollow(tx, followerId, followedId)
  if (state === 'accepted') await countFollow(tx, followerId, followedId, -1)
  if (state) await app.bus.publish(tx, { type: 'account.changed', accountId: followerId })
  return state !== undefined
}
