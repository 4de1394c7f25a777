import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { invalid, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { changes } from './follow.ts'
import { deleteMute, insertMute, lockBoth } from './queries.ts'
import type { RelationshipView } from './types.ts'
import { relationshipView } from './views.ts'

const longest = 10 * 366 * 86_400

/** Hides somebody from the viewer's lists; they aren't told. `seconds` until it ends by itself; without, it stays. */
export async function mute(app: App, viewer: Account, targetId: AccountId, options: { seconds?: number; hideNotifications?: boolean } = {}): Promise<RelationshipView> {
  if (viewer.id === targetId) throw invalid('muteSelf')
  if (!isId(targetId)) throw notFound()
  await app.limits.use(changes, viewer.id)
  const seconds = options.seconds && options.seconds > 0 ? Math.min(options.seconds, longest) : null
  await app.database.inTransaction(async (tx) => {
    const { other } = await lockBoth(tx, viewer.id, targetId)
    if (!other || other.state === 'deleted' || other.state === 'pending') throw notFound()
    const at = app.now()
    await insertMute(tx, { id: app.newId(), muterId: viewer.id, mutedId: targetId, hideNotifications: options.hideNotifications ?? true, expiresAt: seconds ? new Date(at.getTime() + seconds * 1000) : null, at })
    await app.bus.publish(tx, { type: 'account.changed', accountId: viewer.id })
  })
  return relationshipView(app, viewer, targetId)
}

export async function unmute(app: App, viewer: Account, targetId: AccountId): Promise<RelationshipView> {
  if (!isId(targetId)) throw notFound()
  await app.database.inTransaction(async (tx) => {
    await deleteMute(tx, viewer.id, targetId)
    await app.bus.publish(tx, { type: 'account.changed', accountId: viewer.id })
  })
  return relationshipView(app, viewer, targetId)
}
