import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { countRequests } from './queries-requests.ts'
import { selectPolicy, upsertPolicy } from './queries-policy.ts'
import type { NotificationPolicy, RequestSummary } from './types.ts'

/** As the table has it: whoever's reach moderators limited waits as a request, everybody else comes through. */
const usual: NotificationPolicy = { notFollowing: 'accept', notFollowers: 'accept', newAccounts: 'accept', privateMentions: 'accept', limitedAccounts: 'filter' }

/** Whose notifications the member wants, and how much waits. */
export async function notificationPolicy(app: App, viewer: Account): Promise<NotificationPolicy & { summary: RequestSummary }> {
  const [policy, summary] = await Promise.all([selectPolicy(app.database.queries, viewer.id), countRequests(app.database.queries, viewer.id, app.now())])
  return { ...usual, ...policy, summary }
}

/** Changes what is given. It counts for what comes from now on. */
export async function setNotificationPolicy(app: App, viewer: Account, change: Partial<NotificationPolicy>): Promise<void> {
  await app.database.inTransaction((tx) => upsertPolicy(tx, viewer.id, change, app.now()))
}
