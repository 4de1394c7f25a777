import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { apply } from './apply.ts'
import { insertDecision, lockAccount, plainDecision, selectEnded, updateReversed } from './queries-decisions.ts'

/** The clock's job: suspensions and limits whose time is over end by themselves, each told and on record. Safe to run twice. */
export async function liftEndedSuspensions(app: App): Promise<void> {
  for (const accountId of await selectEnded(app.database.queries, app.now())) await liftOne(app, accountId)
}

async function liftOne(app: App, accountId: AccountId): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const target = await lockAccount(tx, accountId)
    if ((target?.state !== 'suspended' && target?.state !== 'limited') || target.frozen) return
    const act = target.state === 'suspended' ? 'unsuspend' : 'unlimit'
    const id = app.newId<'decision'>()
    await apply(app, tx, act, target, { postIds: [], endsAt: null, label: '' })
    await insertDecision(tx, { ...plainDecision, id, moderator_id: null, account_id: accountId, post_id: null, report_id: null, act, rule_id: null, ground: 'none', reason: '', note: '', automated: true, machine_share: 'FULLY', ends_at: null, created_at: app.now() })
    await updateReversed(tx, { accountId, postIds: [], acts: [act === 'unsuspend' ? 'suspend' : 'limit'], byId: id })
    await app.record(tx, { type: 'decision.made', decisionId: id })
    await audit(app, tx, 'program', `decision.${act}`, { kind: 'account', id: accountId }, { decision: id })
  })
}
