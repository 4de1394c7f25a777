import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { demandStaff } from '#server/domain/cases/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectFacts, writeBranch, writeHeld, writePin } from './queries.ts'
import { lookAgain } from './standing.ts'
import { levels } from './types.ts'

/** Sets a member's level whatever they do, or (`level` null) lets taking part decide again. Admins and the owner, never oneself; on record. Problems name `level`, `why`. */
export async function pinTrust(app: App, actor: Account, accountId: AccountId, level: string | null, why: string): Promise<void> {
  demandAdmin(actor)
  if (!isId(accountId)) throw notFound()
  if (accountId === actor.id) throw notAllowed('notAllowedOnThem')
  const pinned = level === null ? null : levels.find((one) => String(one) === level)
  if (pinned === undefined) throw invalidForm([{ field: 'level', message: 'error.choose' }])
  if ([...why].length > 500) throw invalidForm([{ field: 'why', message: 'error.tooLong', params: { most: 500 } }])
  await app.database.inTransaction(async (tx) => {
    const [row] = await selectFacts(tx, [accountId], app.now())
    if (!row || row.state === 'deleted') throw notFound()
    if (row.pinned === pinned && pinned === null) return
    await writePin(tx, accountId, pinned === null ? null : { level: pinned, byId: actor.id, why: why.trim() }, app.now())
    await audit(app, tx, actor, pinned === null ? 'trust.unpin' : 'trust.pin', { kind: 'account', id: accountId }, { before: row.pinned ?? row.level, level: pinned, why: why.trim() })
  })
  await lookAgain(app, [accountId])
}

/** Keeps these members as the newest until then, and `branchIds` from inviting anybody who wouldn't be; null ends both. The record is the caller's. Staff only. */
export async function holdMembers(app: App, tx: Tx, moderator: Account, ids: AccountId[], branchIds: AccountId[], until: Date | null): Promise<void> {
  demandStaff(moderator)
  await writeHeld(tx, ids, until, app.now())
  await writeBranch(tx, branchIds, until, app.now())
}
