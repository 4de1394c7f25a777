import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { invalid, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { changes } from './follow.ts'
import { deleteBlock, insertBlock, lockBoth } from './queries.ts'
import type { RelationshipView } from './types.ts'
import { endFollow } from './unfollow.ts'
import { relationshipView } from './views.ts'

/** Neither sees the other from now on, anywhere; follows and requests both ways end. They aren't told. */
export async function block(app: App, viewer: Account, targetId: AccountId): Promise<RelationshipView> {
  if (viewer.id === targetId) throw invalid('blockSelf')
  if (!isId(targetId)) throw notFound()
  await app.limits.use(changes, viewer.id)
  await app.database.inTransaction(async (tx) => {
    const { other } = await lockBoth(tx, viewer.id, targetId)
    if (!other || other.state === 'deleted') throw notFound()
    await endFollow(app, tx, viewer.id, targetId)
    await endFollow(app, tx, targetId, viewer.id)
    await insertBlock(tx, app.newId(), viewer.id, targetId, app.now())
    for (const accountId of [viewer.id, targetId]) await app.bus.publish(tx, { type: 'account.changed', accountId })
  })
  return relationshipView(app, viewer, targetId)
}

/** Follows that the block ended don't come back. */
export async function unblock(app: App, viewer: Account, targetId: AccountId): Promise<RelationshipView> {
  if (!isId(targetId)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    await deleteBlock(tx, viewer.id, targetId)
    for (const accountId of [viewer.id, targetId]) await app.bus.publish(tx, { type: 'account.changed', accountId })
  })
  return relationshipView(app, viewer, targetId)
}
