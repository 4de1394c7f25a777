import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { closeCase, lockCase, openCase, takenByOther } from '#server/domain/cases/index.ts'
import type { CaseId, CaseRow, Category } from '#server/domain/cases/index.ts'
import { audit, rulesById } from '#server/domain/instance/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict, invalidForm, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { apply } from './apply.ts'
import { mailClosed } from './closed-letter.ts'
import { factsOf } from './facts-text.ts'
import { may } from './may.ts'
import { selectBefore } from './queries-apply.ts'
import { insertDecision, lockAccount, selectPostOwners, updateReversed } from './queries-decisions.ts'
import { lockReport, updateDecided } from './queries-reports.ts'
import { aboutPost, isGentle, readDecision } from './read-decision.ts'
import type { ReadDecision } from './read-decision.ts'
import { secondNeeded } from './second.ts'
import { demandStaff } from './staff.ts'
import { strikeOf } from './strikes.ts'
import type { Act, DecisionDraft, DecisionId, ReportId } from './types.ts'

export type DecideOn = { reportId: ReportId } | { caseId: CaseId } | { accountId: AccountId; postId?: PostId | null }
/**
 * `seconded`: who proposed what this moderator now says yes to · `order`: an authority ordered it, so that neither rank nor who is on the
 * case stands in the way; `quietUntil`: until then the person must not hear of it.
 */
export type DecideHow = { seconded?: AccountId; order?: { quietUntil: Date | null; authority: string; reference: string } }

const reverses: Partial<Record<Act, Act[]>> = {
  restore_post: ['remove_post'], remove_post: ['restore_post'], unlimit: ['limit'], limit: ['unlimit'], unsuspend: ['suspend'], suspend: ['unsuspend'], approve_avatar: ['refuse_avatar', 'remove_avatar'],
  unmark_sensitive: ['mark_sensitive'], unlabel: ['label'], unfreeze: ['freeze'], unlimit_post: ['limit_post'], not_adults_only: ['adults_only'], unlock_thread: ['lock_thread'], show_media: ['hide_media'], show_links: ['hide_links'],
  unrestrict: ['cool_down', 'stop_media', 'stop_links', 'stop_replies'], erase_post: ['remove_post'],
}
const day = 86_400_000
type Matter = { accountId: AccountId; postIds: PostId[]; reportId: ReportId | null; row: CaseRow | null; contentDate: Date | null }

/**
 * Decides about a case, or about an account or post without one: does the act, writes the statement of reasons, closes the case and
 * its reports, tells everybody concerned, on record; all or nothing. What can't be taken back needs a second moderator (`propose`).
 */
export async function decide(app: App, moderator: Account, on: DecideOn, draft: DecisionDraft, how: DecideHow = {}): Promise<DecisionId> {
  const decisionId = await app.database.inTransaction((tx) => decideWithin(app, tx, moderator, on, draft, how))
  // What is kept here is forgotten at once; elsewhere when it is heard of.
  if (draft.territory?.length) app.changes.tell(['g'])
  return decisionId
}

/** The same in a transaction of the caller's: with what else has to happen, or not at all. */
export async function decideWithin(app: App, tx: Tx, moderator: Account, on: DecideOn, draft: DecisionDraft, how: DecideHow = {}): Promise<DecisionId> {
  demandStaff(moderator)
  const read = readDecision(app, draft)
  const rule = read.ruleId ? (await rulesById(app, [read.ruleId])).get(read.ruleId) : undefined
  if (read.ruleId && !rule) throw invalidForm([{ field: 'ruleId', message: 'error.choose' }])
  const decisionId = app.newId<'decision'>()
  const matter = await whatItIsAbout(app, tx, moderator, on, draft, read, how.order !== undefined)
  const target = await lockAccount(tx, matter.accountId)
  if (!target) throw notFound()
  if (!how.order && !may(moderator, read.act, target)) throw notAllowed('notAllowedOnThem')
  // EU 2021/784, Article 1(3): asked before every decision about terrorist content. An order has its own form for it.
  if (!how.order && (read.category ?? matter.row?.category) === 'terrorism') purposeSaid(read)
  const alone = await secondNeeded(tx, moderator, read.act, matter.row, target, how.seconded ?? null)
  const before = await selectBefore(tx, target.id, matter.postIds)
  if (read.act === 'delete_account') await mailClosed(app, tx, target.id, read)
  await apply(app, tx, read.act, target, { postIds: matter.postIds, endsAt: read.endsAt, label: read.label, ...read.territory.length ? { only: { countries: read.territory, decisionId, authority: how.order?.authority ?? '', reference: how.order?.reference ?? '', quietUntil: how.order?.quietUntil ?? null } } : {} })
  // What is decided without anybody's report has a case of its own, for the conversation and the objection.
  const caseRow = matter.row ?? await ownCase(app, tx, matter, read)
  const strike = { ...strikeOf(read.act), ...read.strike === null ? {} : { weight: read.strike } }
  await insertDecision(tx, {
    id: decisionId, moderator_id: moderator.id, account_id: target.id, post_id: matter.postIds[0] ?? null, report_id: matter.reportId, act: read.act,
    rule_id: read.ruleId, ground: read.ground, reason: read.reason, note: read.note, automated: false, ends_at: read.endsAt, created_at: app.now(), quiet_until: how.order?.quietUntil ?? null,
    case_id: caseRow.id, post_ids: matter.postIds, category: read.category ?? caseRow.category, law: read.law, explanation: read.explanation, facts: read.facts || factsOf(read.act, matter.postIds.length, caseRow, read.territory),
    territory: read.territory, source_type: sourceType(matter.row), detected_by_machine: caseRow.source === 'screening', machine_share: caseRow.source === 'screening' ? 'PARTIALLY' : 'NOT_AUTOMATED',
    content_date: matter.contentDate, before, label: read.label, proposed_by_id: how.seconded ?? null, alone, purpose: read.purpose,
    strike: strike.weight, strike_ends_at: strike.weight > 0 ? new Date(app.now().getTime() + (strike.days || 90) * day) : null,
  })
  const undone = reverses[read.act]
  if (undone) await updateReversed(tx, { accountId: target.id, postIds: matter.postIds, acts: undone, byId: decisionId })
  if (matter.row) await closeCase(app, tx, caseRow, { outcome: read.act === 'dismiss' ? 'dismissed' : 'acted', decisionId, byId: moderator.id })
  const decided = matter.row ? await updateDecided(tx, { caseId: caseRow.id, state: read.act === 'dismiss' ? 'dismissed' : 'resolved', decisionId, byId: moderator.id, at: app.now() }) : []
  for (const reportId of decided) await app.record(tx, { type: 'report.decided', reportId, decisionId })
  if (read.act !== 'dismiss') await app.record(tx, { type: 'decision.made', decisionId })
  if (matter.row) await app.record(tx, { type: 'case.decided', caseId: caseRow.id, decisionId })
  const [onlyPost] = matter.postIds
  await audit(app, tx, moderator, `decision.${read.act}`, onlyPost ? { kind: 'post', id: onlyPost } : { kind: 'account', id: target.id }, {
    decision: decisionId, account: target.id, report: matter.reportId, case: caseRow.id, rule: read.ruleId, ground: read.ground, until: read.endsAt?.toISOString() ?? null,
    ...matter.postIds.length > 1 ? { posts: matter.postIds } : {}, ...read.territory.length ? { territory: read.territory } : {}, ...how.seconded ? { proposedBy: how.seconded } : {}, ...alone ? { alone } : {},
  })
  return decisionId
}

function purposeSaid(read: ReadDecision): void {
  if (!read.purpose) throw invalidForm([{ field: 'purpose', message: 'error.purposeNeeded' }])
  if (read.purpose !== 'none' && read.ground === 'law' && !isGentle(read.act)) throw invalidForm([{ field: 'purpose', message: 'error.purposeProtected' }])
}

function sourceType(row: CaseRow | null): string {
  if (row?.details.trusted === true) return 'TRUSTED_FLAGGER'
  if (row?.source === 'outside' || row?.details.door === 'illegal') return 'ARTICLE_16'
  return row?.source === 'report' ? 'TYPE_OTHER_NOTIFICATION' : 'VOLUNTARY'
}

async function ownCase(app: App, tx: Tx, matter: Matter, read: ReadDecision): Promise<Pick<CaseRow, 'id' | 'category' | 'source'>> {
  const category: Category = read.category ?? 'rule'
  const { caseId } = await openCase(app, tx, { source: 'community', subject: `decision:${app.newId()}`, accountId: matter.accountId, category, postIds: matter.postIds }, { alone: true })
  await closeCase(app, tx, { id: caseId, category }, { outcome: 'acted', decisionId: null, byId: null })
  return { id: caseId, category, source: 'community' }
}

async function whatItIsAbout(app: App, tx: Tx, moderator: Account, on: DecideOn, draft: DecisionDraft, read: ReadDecision, ordered: boolean): Promise<Matter> {
  const asked = draft.postIds?.length ? draft.postIds : draft.postId ? [draft.postId] : null
  if ('accountId' in on) {
    if (read.act === 'dismiss') throw invalidForm([{ field: 'act', message: 'error.choose' }])
    return withPosts(tx, read.act, { accountId: on.accountId, postIds: on.postId ? [on.postId] : asked ?? [], reportId: null, row: null, contentDate: null })
  }
  const report = 'reportId' in on && isId(on.reportId) ? await lockReport(tx, on.reportId) : undefined
  const caseId = 'caseId' in on ? on.caseId : report?.case_id
  const row = isId(caseId) ? await lockCase(tx, caseId) : undefined
  if (!row?.account_id || ('reportId' in on && !report)) throw notFound()
  if (!ordered && row.also_about.includes(moderator.id)) throw notFound()
  if (row.state !== 'open' || (report && report.state !== 'open')) throw conflict('reportDecided')
  if (!ordered && takenByOther(row, moderator.id, app.now())) throw conflict('reportTaken')
  if (draft.version !== undefined && draft.version !== row.version) throw conflict('caseChanged')
  const first = report?.evidence.posts.map((post) => post.id) ?? row.post_ids
  return withPosts(tx, read.act, { accountId: row.account_id, postIds: asked ?? first.slice(0, 'reportId' in on ? 1 : 50), reportId: report?.id ?? null, row, contentDate: null })
}

async function withPosts(tx: Tx, act: Act, matter: Matter): Promise<Matter> {
  if (!aboutPost.has(act)) return { ...matter, postIds: [] }
  const ids = [...new Set(matter.postIds)]
  if (ids.length === 0 || ids.length > 50 || !ids.every(isId)) throw invalidForm([{ field: 'postId', message: 'error.choose' }])
  const posts = await selectPostOwners(tx, ids)
  if (posts.length < ids.length || posts.some((post) => post.author_id !== matter.accountId)) throw notFound()
  // Of several, those that are gone by now are left alone.
  const there = posts.filter((post) => !post.deleted)
  if (there.length === 0) throw conflict('postGone')
  return { ...matter, postIds: there.map((post) => post.id), contentDate: there[0]!.created_at }
}
