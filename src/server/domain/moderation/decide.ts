import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { audit, rulesById } from '#server/domain/instance/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict, invalidForm, notAllowed, notFound } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { apply } from './apply.ts'
import { may } from './may.ts'
import { insertDecision, lockAccount, selectPostOwner, updateReversed } from './queries-decisions.ts'
import { lockReport, updateDecided } from './queries-reports.ts'
import { demandStaff } from './staff.ts'
import { acts } from './types.ts'
import type { Act, DecisionDraft, DecisionId, Ground, ReportId } from './types.ts'

export type DecideOn = { reportId: ReportId } | { accountId: AccountId; postId?: PostId | null }

/** Acts that give something back, or do nothing to the person: they need no rule and no words. */
const gentle = new Set<Act>(['dismiss', 'restore_post', 'unlimit', 'unsuspend', 'approve_avatar'])
const aboutPost = new Set<Act>(['remove_post', 'restore_post', 'mark_sensitive'])
const reverses: Partial<Record<Act, Act[]>> = {
  restore_post: ['remove_post'], remove_post: ['restore_post'], unlimit: ['limit'], limit: ['unlimit'],
  unsuspend: ['suspend'], suspend: ['unsuspend'], approve_avatar: ['refuse_avatar', 'remove_avatar'],
}
const mostReason = 3000

/**
 * Decides about a report, or about an account or post without one: does the act, writes the statement of reasons,
 * closes the report (and others about the same), tells everybody concerned, on record; all or nothing.
 */
export async function decide(app: App, moderator: Account, on: DecideOn, draft: DecisionDraft): Promise<DecisionId> {
  demandStaff(moderator)
  const read = readDecision(app, draft)
  if (read.ruleId && !(await rulesById(app, [read.ruleId])).has(read.ruleId)) throw invalidForm([{ field: 'ruleId', message: 'error.choose' }])
  const decisionId = app.newId<'decision'>()
  await app.database.inTransaction(async (tx) => {
    const matter = await whatItIsAbout(tx, on, draft, read.act)
    const target = await lockAccount(tx, matter.accountId)
    if (!target) throw notFound()
    if (!may(moderator, read.act, target)) throw notAllowed('notAllowedOnThem')
    await apply(app, tx, read.act, target, { postId: matter.postId, endsAt: read.endsAt })
    await insertDecision(tx, {
      id: decisionId, moderator_id: moderator.id, account_id: target.id, post_id: matter.postId, report_id: matter.reportId, act: read.act,
      rule_id: read.ruleId, ground: read.ground, reason: read.reason, note: read.note, automated: false, ends_at: read.endsAt, created_at: app.now(),
    })
    const undone = reverses[read.act]
    if (undone) await updateReversed(tx, { accountId: target.id, postId: matter.postId, acts: undone, byId: decisionId })
    if (matter.reportId) {
      const state = read.act === 'dismiss' ? 'dismissed' : 'resolved'
      const decided = await updateDecided(tx, { reportId: matter.reportId, state, decisionId, byId: moderator.id, at: app.now(), withSame: state === 'resolved' })
      for (const reportId of decided) await app.record(tx, { type: 'report.decided', reportId, decisionId })
    }
    if (read.act !== 'dismiss') await app.record(tx, { type: 'decision.made', decisionId })
    await audit(app, tx, moderator, `decision.${read.act}`, matter.postId ? { kind: 'post', id: matter.postId } : { kind: 'account', id: target.id },
      { decision: decisionId, account: target.id, report: matter.reportId, rule: read.ruleId, ground: read.ground, until: read.endsAt?.toISOString() ?? null })
  })
  return decisionId
}

function readDecision(app: App, draft: DecisionDraft): { act: Act; reason: string; note: string; ruleId: string | null; ground: Ground; endsAt: Date | null } {
  const problems: FieldProblem[] = []
  const clean = (text: string | undefined) => (text ?? '').toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
  const act = acts.find((one) => one === draft.act)
  const [reason, note] = [clean(draft.reason), clean(draft.note)]
  const ruleId = draft.ruleId && isId(draft.ruleId) ? draft.ruleId : null
  const ground = draft.ground === 'law' ? 'law' : ruleId ? 'rule' : 'none'
  if (!act) problems.push({ field: 'act', message: 'error.choose' })
  else if (!gentle.has(act)) {
    if (!reason) problems.push({ field: 'reason', message: 'error.decisionReasonNeeded' })
    if (ground === 'none') problems.push({ field: 'ruleId', message: 'error.groundNeeded' })
  }
  for (const [field, text] of [['reason', reason], ['note', note]] as const) if ([...text].length > mostReason) problems.push({ field, message: 'error.tooLong', params: { most: mostReason } })
  const endsAt = act === 'suspend' ? draft.endsAt ?? null : null
  if (endsAt && (Number.isNaN(endsAt.getTime()) || endsAt <= app.now())) problems.push({ field: 'endsAt', message: 'error.dateToCome' })
  if (!act || problems.length) throw invalidForm(problems)
  return { act, reason, note, ruleId: ground === 'law' ? null : ruleId, ground, endsAt }
}

async function whatItIsAbout(tx: Tx, on: DecideOn, draft: DecisionDraft, act: Act): Promise<{ accountId: AccountId; postId: PostId | null; reportId: ReportId | null }> {
  let matter: { accountId: AccountId; postId: PostId | null; reportId: ReportId | null }
  if ('reportId' in on) {
    const report = isId(on.reportId) ? await lockReport(tx, on.reportId) : undefined
    if (!report) throw notFound()
    if (report.state !== 'open') throw conflict('reportDecided')
    matter = { accountId: report.account_id, postId: draft.postId || report.evidence.posts[0]?.id || null, reportId: report.id }
  } else {
    matter = { accountId: on.accountId, postId: on.postId ?? draft.postId ?? null, reportId: null }
    if (act === 'dismiss') throw invalidForm([{ field: 'act', message: 'error.choose' }])
  }
  if (!aboutPost.has(act)) return { ...matter, postId: null }
  if (!isId(matter.postId)) throw invalidForm([{ field: 'postId', message: 'error.choose' }])
  const post = await selectPostOwner(tx, matter.postId)
  if (!post || post.author_id !== matter.accountId) throw notFound()
  if (post.deleted) throw conflict('postGone')
  return matter
}
