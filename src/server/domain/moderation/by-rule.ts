import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import { lockCase } from '#server/domain/cases/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { letterWords } from './letters.ts'
import { selectBefore } from './queries-apply.ts'
import { insertDecision, plainDecision, selectDecisionsOfCase, setReversed } from './queries-decisions.ts'
import type { DecisionRow } from './queries-decisions.ts'
import type { DecisionId } from './types.ts'

const standing = (rows: DecisionRow[]) => rows.find((row) => row.automated && row.act === 'limit_post' && row.reversed_by_id === null)

/**
 * Job: a rule took a post out of public lists before anybody looked (that is on record by itself). The author has a right to know why
 * and to object from that moment on (DSA, Article 17): it is a decision, and says that no person made it. Safe to run twice.
 */
export async function decidedByRule(app: App, caseId: string): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const row = isId(caseId) ? await lockCase(tx, caseId) : undefined
    const account = row?.account_id ? await findAccount(app, row.account_id) : null
    if (!row || !account || row.state !== 'open' || row.post_ids.length === 0 || await standingOf(tx, row.id)) return
    const id = app.newId<'decision'>()
    const { text } = await letterWords(app, account.locale, 'byRule', {})
    const before = await selectBefore(tx, account.id, row.post_ids)
    await insertDecision(tx, {
      ...plainDecision, id, moderator_id: null, account_id: account.id, post_id: row.post_ids[0] ?? null, post_ids: row.post_ids, report_id: null, act: 'limit_post', rule_id: null, ground: 'rule', reason: text.trim(), note: '', automated: true, ends_at: null,
      created_at: app.now(), case_id: row.id, category: row.category, facts: 'A rule noticed a post and took it out of public lists until a person has looked.', detected_by_machine: true, machine_share: 'FULLY',
      // As it was before the rule.
      before: { ...before, ...before.posts ? { posts: before.posts.map((post) => ({ ...post, limited: false })) } : {} },
    })
    await app.record(tx, { type: 'decision.made', decisionId: id })
  })
}

/** Event case.decided: a person found that nothing was wrong, so what the rule did is over and its author hears so. Safe to run twice. */
export async function endDecisionByRule(app: App, caseId: string): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const row = isId(caseId) ? await lockCase(tx, caseId) : undefined
    const decision = row?.state === 'decided' && row.outcome === 'dismissed' ? await standingOf(tx, row.id) : undefined
    if (!row || !decision) return
    const id: DecisionId = app.newId<'decision'>()
    await insertDecision(tx, { ...plainDecision, id, moderator_id: row.decided_by_id, account_id: decision.account_id, post_id: decision.post_id, post_ids: decision.post_ids, report_id: null, act: 'unlimit_post', rule_id: null, ground: 'none', reason: '', note: '', automated: false, ends_at: null, created_at: app.now(), case_id: row.id, category: decision.category })
    await setReversed(tx, decision.id, id)
    await app.record(tx, { type: 'decision.made', decisionId: id })
  })
}

const standingOf = async (tx: Tx, caseId: string) => standing(await selectDecisionsOfCase(tx, caseId))
