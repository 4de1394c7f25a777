import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { dismissNotifications, upsertMarker } from './queries.ts'
import { forgetUnread } from './unread.ts'

/** Everything up to this notification is read; an older id changes nothing. */
export async function markRead(app: App, viewer: Account, latestId: string): Promise<void> {
  if (!isId(latestId)) return
  await change(app, viewer, (tx) => upsertMarker(tx, viewer.id, latestId, app.now()))
}

/** Everything until now is read. */
export const markAllRead = (app: App, viewer: Account): Promise<void> => markRead(app, viewer, app.newId())

/** Takes one group off the list; it comes back when something new happens to it. Unknown keys change nothing. */
export const dismissGroup = (app: App, viewer: Account, key: string): Promise<void> =>
  change(app, viewer, (tx) => dismissNotifications(tx, viewer.id, app.now(), key.toWellFormed().replaceAll('\0', '').slice(0, 200)))

/** Clears the list. */
export const dismissAll = (app: App, viewer: Account): Promise<void> => change(app, viewer, (tx) => dismissNotifications(tx, viewer.id, app.now()))

/** Something of the member's list changed: open pages count again. */
export const signalChange = (app: App, viewer: Account): Promise<void> => change(app, viewer, async () => {})

/** The member's other open pages count again. */
async function change(app: App, viewer: Account, work: (tx: Tx) => Promise<void>): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    await work(tx)
    await app.bus.publish(tx, { type: 'notification', accountId: viewer.id, notificationId: '0' })
  })
  forgetUnread(app, [viewer.id])
}
