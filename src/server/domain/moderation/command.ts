import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { closeCase, openCase } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { conflict, notFound } from '#server/platform/errors.ts'
import { apply } from './apply.ts'
import { factsOf } from './facts-text.ts'
import { selectBefore } from './queries-apply.ts'
import { insertDecision, lockAccount, plainDecision, updateReversed } from './queries-decisions.ts'
import { strikeOf } from './strikes.ts'
import type { DecisionId } from './types.ts'

const day = 86_400_000

/**
 * Whoever has a shell on the machine suspends somebody, or ends it: a decision like any other, with a case and a statement of reasons,
 * told to the person and on record. Throws `alreadySo` where it is so, and for a frozen account.
 */
export async function decideByCommand(app: App, accountId: AccountId, act: 'suspend' | 'unsuspend', given: { endsAt?: Date | null; reason?: string } = {}): Promise<DecisionId> {
  const id = app.newId<'decision'>()
  const reason = (given.reason ?? '').toWellFormed().replaceAll('\0', '').trim().slice(0, 3000)
  await app.database.inTransaction(async (tx) => {
    const target = await lockAccount(tx, accountId)
    if (!target) throw notFound()
    if (target.state === 'pending' || target.state === 'deleted') throw conflict('alreadySo')
    const before = await selectBefore(tx, accountId, [])
    await apply(app, tx, act, target, { postIds: [], endsAt: given.endsAt ?? null, label: '' })
    const { caseId } = await openCase(app, tx, { source: 'community', subject: `decision:${id}`, accountId, category: 'rule', postIds: [] }, { alone: true })
    await closeCase(app, tx, { id: caseId, category: 'rule' }, { outcome: 'acted', decisionId: id, byId: null })
    const strike = strikeOf(act)
    await insertDecision(tx, {
      ...plainDecision, id, moderator_id: null, account_id: accountId, post_id: null, report_id: null, act, rule_id: null, ground: act === 'suspend' ? 'rule' : 'none', reason, note: '', automated: false, ends_at: given.endsAt ?? null, created_at: app.now(),
      case_id: caseId, category: 'rule', facts: factsOf(act, 0, { source: 'community', category: 'rule' }), before, strike: strike.weight, strike_ends_at: strike.weight > 0 ? new Date(app.now().getTime() + strike.days * day) : null,
    })
    await updateReversed(tx, { accountId, postIds: [], acts: [act === 'suspend' ? 'unsuspend' : 'suspend'], byId: id })
    await app.record(tx, { type: 'decision.made', decisionId: id })
    await audit(app, tx, 'command', `decision.${act}`, { kind: 'account', id: accountId }, { decision: id, case: caseId, until: given.endsAt?.toISOString() ?? null })
  })
  return id
}
