import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { invalidForm, notAllowed } from '#server/platform/errors.ts'
import { matches } from './passwords.ts'
import { deleteSessions, forgetAccount, selectCredentials } from './queries.ts'

/** A member leaves: everything personal goes now, posts and media by a job. The name stays reserved. An owner must hand over first. */
export async function deleteAccount(app: App, account: Account, password: string): Promise<void> {
  if (account.role === 'owner') throw notAllowed('ownerMayNotLeave')
  await app.limits.use({ name: 'password', most: 10, seconds: 3600 }, account.id)
  const credentials = await selectCredentials(app.database.queries, account.id)
  if (!(await matches(credentials?.password_hash, password))) throw invalidForm([{ field: 'password', message: 'error.passwordWrong' }])
  await app.database.inTransaction(async (tx) => {
    await deleteSessions(tx, account.id)
    await forgetAccount(tx, account.id, app.now())
    await app.record(tx, { type: 'account.deleted', accountId: account.id })
    await app.bus.publish(tx, { type: 'signedOut', accountId: account.id })
  })
}
