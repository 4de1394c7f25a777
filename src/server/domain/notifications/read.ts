import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { countUnread, dismissNotifications, upsertMarker } from './queries.ts'

/** How many groups the member hasn't read; at most 100. One index range. */
export const unreadCount = (app: App, viewer: Account) => countUnread(app.database.queries, viewer.id)

/** Everything up to this notification is read; an older id changes nothing. */
export async function markRead(app: App, viewer: Account, latestId: string): Promise<void> {
  if (!isId(latestId)) return
  await app.database.inTransaction(async (tx) => {
    await upsertMarker(tx, viewer.id, latestId, app.now())
    await app.bus.publish(tx, { type: 'notification', accountId: viewer.id, notificationId: latestId })
  })
}

/** Clears the list. */
export const dismissAll = (app: App, viewer: Account) => dismissNotifications(app.database.queries, viewer.id, app.now())
