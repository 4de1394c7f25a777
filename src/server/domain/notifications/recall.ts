import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { dismissGroupsOf, undismissOfPosts } from './queries.ts'
import { forgetUnread } from './unread.ts'

/** Posts that had been taken away are back: so are the notices that went with them, from that moment on. In the caller's transaction. */
export async function recallOfPosts(app: App, tx: Tx, postIds: string[], since: Date): Promise<void> {
  const told = await undismissOfPosts(tx, postIds, since)
  await app.bus.publishAll(tx, told.map((accountId) => ({ type: 'notification', accountId, notificationId: '0' })))
  forgetUnread(app, told)
}

/** Something these people were told of didn't happen after all. In the caller's transaction. */
export async function retract(app: App, tx: Tx, accountIds: string[], groups: string[]): Promise<void> {
  await dismissGroupsOf(tx, accountIds, groups, app.now())
  await app.bus.publishAll(tx, accountIds.map((accountId) => ({ type: 'notification', accountId, notificationId: '0' })))
  forgetUnread(app, accountIds)
}
