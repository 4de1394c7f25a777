import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { invalid, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { changeFollow, countFollow, insertFollow, isBlockBetween, lockBoth } from './queries.ts'
import type { RelationshipView } from './types.ts'
import { relationshipView } from './views.ts'

export const changes = { name: 'relationships', most: 200, seconds: 600 }

/**
 * Follows somebody; a locked account is asked first. Following again only changes the options.
 * Refuses oneself; who is gone, suspended or in a block with the viewer is not found.
 */
export async function follow(app: App, viewer: Account, targetId: AccountId, options: { showBoosts?: boolean; notify?: boolean } = {}): Promise<RelationshipView> {
  if (viewer.id === targetId) throw invalid('followSelf')
  if (!isId(targetId)) throw notFound()
  await app.limits.use(changes, viewer.id)
  await app.database.inTransaction(async (tx) => {
    const { one: own, other } = await lockBoth(tx, viewer.id, targetId)
    if (!own || !['active', 'limited'].includes(own.state)) throw notAllowed()
    if (!other || !['active', 'limited'].includes(other.state) || await isBlockBetween(tx, viewer.id, targetId)) throw notFound()
    const state = other.locked ? 'requested' : 'accepted'
    const isNew = await insertFollow(tx, { id: app.newId(), followerId: viewer.id, followedId: targetId, state, showBoosts: options.showBoosts ?? true, notify: options.notify ?? false, at: app.now() })
    if (!isNew) return changeFollow(tx, viewer.id, targetId, options)
    if (state === 'accepted') await countFollow(tx, viewer.id, targetId, 1)
    await app.record(tx, { type: state === 'accepted' ? 'follow.accepted' : 'follow.requested', followerId: viewer.id, followedId: targetId })
    await app.bus.publish(tx, { type: 'account.changed', accountId: viewer.id })
  })
  return relationshipView(app, viewer, targetId)
}
