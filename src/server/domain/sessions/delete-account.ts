import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { forgetApps } from '#server/domain/apps/index.ts'
import { notAllowed } from '#server/platform/errors.ts'
import { demandPassword } from './passwords.ts'
import { deleteSessions, forgetAccount } from './queries.ts'

/** A member leaves: everything personal goes now, posts and media by a job. The name stays reserved. An owner must hand over first. */
export async function deleteAccount(app: App, account: Account, password: string): Promise<void> {
  if (account.role === 'owner') throw notAllowed('ownerMayNotLeave')
  await demandPassword(app, account, password)
  await app.database.inTransaction(async (tx) => {
    await deleteSessions(tx, account.id)
    await forgetApps(tx, account.id)
    await forgetAccount(tx, account.id, app.now())
    await app.record(tx, { type: 'account.deleted', accountId: account.id })
    await app.bus.publish(tx, { type: 'signedOut', accountId: account.id })
  })
}
