import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { conflict, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { hasOtherStaff, updateTrustedFlagger } from './queries-trusted.ts'
import { demandStaff } from './staff.ts'

/** Names an account a trusted flagger, or no longer: its reports come first, and statements of reasons say so (DSA, Article 22). Admins and the owner; on record. */
export async function setTrustedFlagger(app: App, actor: Account, id: AccountId, trusted: boolean): Promise<void> {
  demandStaff(actor)
  demandAdmin(actor)
  await app.database.inTransaction(async (tx) => {
    if (!isId(id)) throw notFound()
    if (!await updateTrustedFlagger(tx, id, trusted ? app.now() : null)) throw conflict('alreadySo')
    await audit(app, tx, actor, trusted ? 'flagger.trust' : 'flagger.untrust', { kind: 'account', id })
  })
}

/** Nobody looks at a case about themselves: is there somebody else here who could? */
export const somebodyElseLooks = (app: App, aboutId: AccountId): Promise<boolean> => hasOtherStaff(app.database.queries, aboutId)
