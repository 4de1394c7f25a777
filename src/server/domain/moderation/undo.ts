import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { restoreLimits, setState } from '#server/domain/accounts/index.ts'
import { lockCase, reopenCase } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { recallOfPosts, retract } from '#server/domain/notifications/index.ts'
import { setPostState } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { showAgain } from '#server/domain/withholding/index.ts'
import { conflict, invalid, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { may } from './may.ts'
import { limitOf, marksOf } from './marks.ts'
import { restoreLabel, restoreMark, restorePicture, restoreProfile, updateFrozen } from './queries-apply.ts'
import { insertDecision, lockAccount, lockDecision, plainDecision, setReversed, updateUndone, updateUnreversed } from './queries-decisions.ts'
import type { DecisionRow } from './queries-decisions.ts'
import { updateReportsOpen } from './queries-reports.ts'
import { demandStaff } from './staff.ts'
import type { Act, DecisionId } from './types.ts'

/** How long a slip can be taken back as if it had not been. The letter about it waits as long. */
export const undoMinutes = 5

/** What a reversal is called, where there is a word for it. */
const inverse: Partial<Record<Act, Act>> = {
  limit_post: 'unlimit_post', adults_only: 'not_adults_only', lock_thread: 'unlock_thread', hide_media: 'show_media', hide_links: 'show_links', cool_down: 'unrestrict', stop_media: 'unrestrict', stop_links: 'unrestrict', stop_replies: 'unrestrict',
  remove_post: 'restore_post', mark_sensitive: 'unmark_sensitive', label: 'unlabel', limit: 'unlimit', suspend: 'unsuspend', freeze: 'unfreeze', remove_avatar: 'approve_avatar', refuse_avatar: 'approve_avatar',
}
/** What can't be taken back, so that two people look first. */
export const final = new Set<Act>(['delete_account', 'erase_post'])
export const reversible = (act: Act) => act in inverse || ['warn', 'remove_cover', 'clear_profile'].includes(act)

/** Everything is as it was before: posts, counters, notices, state, pictures, words. What the person changed since stays. */
async function putBack(app: App, tx: Tx, row: DecisionRow): Promise<void> {
  const { posts = [], account } = row.before
  const target = await lockAccount(tx, row.account_id)
  if (!target || target.state === 'deleted') throw conflict('alreadySo')
  if (row.territory.length && (row.act === 'remove_post' || row.act === 'freeze')) {
    await showAgain(app, tx, { decisionId: row.id })
    return
  }
  if (row.act === 'remove_post' || row.act === 'restore_post') {
    for (const post of posts) if (post.state !== 'processing') await setPostState(app, post.id, post.state, tx)
    if (row.act === 'remove_post') await recallOfPosts(app, tx, posts.map((post) => post.id), row.created_at)
  }
  const mark = marksOf[row.act]
  if (mark) await told(await restoreMark(tx, posts, mark.mark))
  if (row.act === 'label' || row.act === 'unlabel') await told(await restoreLabel(tx, posts))
  const stopped = limitOf[row.act]
  if (stopped || row.act === 'unrestrict') await restoreLimits(tx, row.account_id, account?.limits ?? [], stopped ? [stopped] : undefined)
  if (row.act === 'freeze') await updateFrozen(tx, row.account_id, null)
  if (row.act === 'unfreeze') await updateFrozen(tx, row.account_id, app.now())
  if (account && ['limit', 'unlimit', 'suspend', 'unsuspend', 'freeze', 'unfreeze'].includes(row.act)) {
    if (account.state === 'deleted' || account.state === 'pending') throw conflict('alreadySo')
    const until = account.until ? new Date(account.until) : null
    // A time that is over by now is over.
    const over = until !== null && until <= app.now()
    await setState(app, tx, row.account_id, over ? 'active' : account.state, over ? null : until)
  }
  if (account && (row.act === 'remove_avatar' || row.act === 'refuse_avatar')) await restorePicture(tx, row.account_id, 'avatar', { ...account, avatarState: row.act === 'refuse_avatar' ? 'shown' : account.avatarState })
  if (account && row.act === 'remove_cover') await restorePicture(tx, row.account_id, 'cover', account)
  if (account && row.act === 'clear_profile') await restoreProfile(tx, row.account_id, account)
  await app.bus.publish(tx, { type: 'account.changed', accountId: row.account_id })

  async function told(ids: string[]): Promise<void> {
    await app.bus.publishAll(tx, ids.map((postId) => ({ type: 'post.edited', postId, authorId: row.account_id })))
  }
}

/** Takes a fresh decision back as if it had not been: its notice goes, its case waits again. Who decided may, within minutes, and admins. */
export async function undoDecision(app: App, moderator: Account, id: DecisionId): Promise<void> {
  demandStaff(moderator)
  await app.database.inTransaction(async (tx) => {
    const row = isId(id) ? await lockDecision(tx, id) : undefined
    if (!row) throw notFound()
    if (row.moderator_id !== moderator.id && moderator.role === 'moderator') throw notAllowed('notAllowedOnThem')
    if (row.undone_at || row.reversed_by_id || final.has(row.act) || row.automated) throw conflict('alreadySo')
    if (app.now().getTime() - row.created_at.getTime() > undoMinutes * 60_000) throw invalid('undoTooLate')
    await putBack(app, tx, row)
    await updateUndone(tx, row.id, app.now())
    await updateUnreversed(tx, row.id)
    const reports = await updateReportsOpen(tx, row.id)
    const caseRow = row.case_id ? await lockCase(tx, row.case_id) : undefined
    if (caseRow && caseRow.decision_id === row.id) await reopenCase(app, tx, caseRow)
    await app.record(tx, { type: 'decision.undone', decisionId: row.id, reportIds: reports.map((one) => one.id) })
    await retract(app, tx, [row.account_id, ...reports.flatMap((one) => one.reporter_id ?? [])], [`decision:${row.id}`, ...reports.map((one) => `report-outcome:${one.id}`)])
    await audit(app, tx, moderator, 'decision.undo', { kind: 'decision', id: row.id }, { act: row.act, account: row.account_id })
  })
}

/**
 * Overturns a decision later, with a statement of its own: everything comes back as it was, what it counted counts no more.
 * Returns the new decision. `byAppeal`: somebody objected, so the rank of the person doesn't matter.
 */
export async function reverseDecision(app: App, tx: Tx, moderator: Account, id: DecisionId, how: { reason: string; byAppeal: boolean; /** something milder takes its place: that something was wrong with it stays said */ inPart?: boolean }): Promise<DecisionId> {
  demandStaff(moderator)
  const row = isId(id) ? await lockDecision(tx, id) : undefined
  if (!row) throw notFound()
  if (row.undone_at || row.reversed_by_id || !reversible(row.act)) throw conflict('alreadySo')
  const target = await lockAccount(tx, row.account_id)
  const act = inverse[row.act] ?? 'overturn'
  if (!target || (!how.byAppeal && !may(moderator, act, target))) throw notAllowed('notAllowedOnThem')
  await putBack(app, tx, row)
  const newId = app.newId<'decision'>()
  await insertDecision(tx, {
    ...plainDecision, id: newId, moderator_id: moderator.id, account_id: row.account_id, post_id: row.post_id, post_ids: row.post_ids, report_id: row.report_id, case_id: row.case_id, act, rule_id: null, ground: 'none',
    reason: how.reason, note: '', automated: false, ends_at: null, created_at: app.now(), category: row.category, quiet_until: row.quiet_until && row.quiet_until > app.now() ? row.quiet_until : null,
  })
  await setReversed(tx, row.id, newId)
  await app.record(tx, { type: 'decision.made', decisionId: newId })
  await app.record(tx, { type: 'decision.reversed', decisionId: row.id, ...how.inPart ? { inPart: true } : {} })
  await audit(app, tx, moderator, 'decision.reverse', { kind: 'decision', id: row.id }, { act: row.act, account: row.account_id, by: newId })
  return newId
}
