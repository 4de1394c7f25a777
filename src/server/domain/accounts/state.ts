import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { lockAccount, updateAccount } from './queries.ts'
import type { AccountId, AccountState, Role } from './types.ts'

/** Changes what an account may do; who may change it is decided above (moderation). Open streams hear of it at the commit. */
export async function setState(app: App, tx: Tx, id: AccountId | string, state: AccountState, until: Date | null = null): Promise<void> {
  await lockAccount(tx, id)
  await updateAccount(tx, id, { state, suspended_until: state === 'suspended' || state === 'limited' ? until : null })
  await app.bus.publish(tx, { type: 'account.changed', accountId: id })
  if (state === 'suspended' || state === 'deleted') await app.bus.publish(tx, { type: 'signedOut', accountId: id })
}

/** Gives a role. Who may give which is decided above. */
export async function setRole(app: App, tx: Tx, id: AccountId | string, role: Role): Promise<void> {
  await lockAccount(tx, id)
  await updateAccount(tx, id, { role })
  await app.record(tx, { type: 'account.changed', accountId: id })
  await app.bus.publish(tx, { type: 'account.changed', accountId: id })
}
