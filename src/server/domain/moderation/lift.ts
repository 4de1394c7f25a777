import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { apply } from './apply.ts'
import { insertDecision, lockAccount, selectEnded, updateReversed } from './queries-decisions.ts'

/** The clock's job: suspensions whose time is over end by themselves, each told and on record. Safe to run twice. */
export async function liftEndedSuspensions(app: App): Promise<void> {
  for (const accountId of await selectEnded(app.database.queries, app.now())) await liftOne(app, accountId)
}

async function liftOne(app: App, accountId: AccountId): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const target = await lockAccount(tx, accountId)
    if (target?.state !== 'suspended') return
    const id = app.newId<'decision'>()
    await apply(app, tx, 'unsuspend', target, { postId: null, endsAt: null })
    await insertDecision(tx, { id, moderator_id: null, account_id: accountId, post_id: null, report_id: null, act: 'unsuspend', rule_id: null, ground: 'none', reason: '', note: '', automated: true, ends_at: null, created_at: app.now() })
    await updateReversed(tx, { accountId, postId: null, acts: ['suspend'], byId: id })
    await app.record(tx, { type: 'decision.made', decisionId: id })
    await audit(app, tx, 'program', 'decision.unsuspend', { kind: 'account', id: accountId }, { decision: id })
  })
}
