import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { forgetApps } from '#server/domain/apps/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { notAllowed } from '#server/platform/errors.ts'
import { demandPassword } from './passwords.ts'
import { deleteSessions, forgetAccount, isFrozen } from './queries.ts'

/** A member leaves: everything personal goes now, posts and media by a job. The name stays reserved. An owner must hand over first. */
export async function deleteAccount(app: App, account: Account, password: string): Promise<void> {
  if (account.role === 'owner') throw notAllowed('ownerMayNotLeave')
  await demandPassword(app, account, password)
  await app.database.inTransaction((tx) => closeAccount(app, tx, account.id))
}

/** Ends an account for good, in the caller's transaction; who may is the caller's question. One that is frozen for an investigation stays. */
export async function closeAccount(app: App, tx: Tx, id: AccountId): Promise<void> {
  if (await isFrozen(tx, id)) throw notAllowed('accountFrozen')
  await deleteSessions(tx, id)
  await forgetApps(tx, id)
  await forgetAccount(tx, id, app.now())
  await app.record(tx, { type: 'account.deleted', accountId: id })
  await app.bus.publish(tx, { type: 'signedOut', accountId: id })
}
