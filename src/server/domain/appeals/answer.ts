import type { App } from '#server/app.ts'
import { accountViews, findAccount } from '#server/domain/accounts/index.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { addWords, closeCase, demandStaff, lockCase, reopenCase, selectCase, takenByOther } from '#server/domain/cases/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { decideWithin, decisionsById, letterWords, milderActs, openPlaceholders, reverseDecision } from '#server/domain/moderation/index.ts'
import type { DecisionDraft } from '#server/domain/moderation/index.ts'
import { tellMany } from '#server/domain/notifications/index.ts'
import { mailMember } from '#server/domain/sessions/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict, invalidForm, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { lockAppealOfCase, lockDecided, lockReport, reopenReports, selectAppealOfCase, selectAppealsOf, selectOtherStaff, selectStaffToTell, updateAnswered } from './queries.ts'
import type { AppealRow } from './queries.ts'
import type { AppealView, DeskAppeal } from './types.ts'

const view = (row: AppealRow): AppealView => ({ id: row.id, state: row.state, text: row.text, answer: row.answer, alone: row.alone, createdAt: row.created_at.toISOString(), decidedAt: row.decided_at?.toISOString() ?? null })

/** Who decided what is objected to. Whoever helped to decide may not judge it again. */
async function firstDeciders(tx: Tx, row: AppealRow): Promise<AccountId[]> {
  const decision = row.decision_id ? await lockDecided(tx, row.decision_id) : undefined
  const report = row.report_id ? await lockReport(tx, row.report_id) : undefined
  return [decision?.moderator_id, decision?.proposed_by_id, report?.decided_by_id].filter((id) => id !== null && id !== undefined)
}

/**
 * Answers an objection, with reasons. Overturned: everything comes back as it was, or the report is looked at again. Partly: everything
 * comes back, and something milder on the same ground takes its place (`instead`), which may be objected to again. By another
 * person than the first; where there is nobody else the same may, and the answer says so (DSA, Article 20(6)).
 */
export async function decideAppeal(app: App, moderator: Account, caseId: CaseId, answer: { outcome: string; words: string; instead?: Pick<DecisionDraft, 'act' | 'endsAt' | 'label' | 'purpose'>; version?: number }): Promise<void> {
  demandStaff(moderator)
  const outcome = (['overturned', 'upheld', 'partly'] as const).find((one) => one === answer.outcome) ?? null
  const words = answer.words.toWellFormed().replaceAll('\0', '').trim()
  const problems = [...outcome ? [] : [{ field: 'outcome', message: 'error.choose' }], ...words ? [] : [{ field: 'words', message: 'error.decisionReasonNeeded' }],
    ...[...words].length > 3000 ? [{ field: 'words', message: 'error.tooLong', params: { most: 3000 } }] : [], ...openPlaceholders(words).slice(0, 1).map((word) => ({ field: 'words', message: 'error.placeholderLeft', params: { word } }))]
  if (!outcome || problems.length) throw invalidForm(problems)
  await app.database.inTransaction(async (tx) => {
    const row = isId(caseId) ? await lockCase(tx, caseId) : undefined
    const appeal = row ? await lockAppealOfCase(tx, caseId) : undefined
    if (!row || !appeal) throw notFound()
    if (row.state !== 'open' || appeal.state !== 'open') throw conflict('reportDecided')
    if (takenByOther(row, moderator.id, app.now())) throw conflict('reportTaken')
    if (answer.version !== undefined && answer.version !== row.version) throw conflict('caseChanged')
    if (row.account_id === moderator.id) throw notAllowed('notAllowedOnThem')
    const first = await firstDeciders(tx, appeal)
    const alone = first.includes(moderator.id)
    if (alone && (await selectOtherStaff(tx, [...first, row.account_id ?? '0'])).length) throw notAllowed('appealNotYours')
    if (outcome === 'partly') await inPart(app, tx, moderator, appeal, words, answer.instead)
    if (outcome === 'overturned' && appeal.decision_id) await reverseDecision(app, tx, moderator, appeal.decision_id, { reason: words, byAppeal: true })
    if (outcome === 'overturned' && appeal.report_id) await lookAgain(app, tx, appeal.report_id)
    await updateAnswered(tx, { id: appeal.id, state: outcome, answer: words, alone, byId: moderator.id, at: app.now() })
    await closeCase(app, tx, row, { outcome: outcome === 'upheld' ? 'dismissed' : 'acted', decisionId: null, byId: moderator.id })
    await app.record(tx, { type: 'appeal.decided', caseId })
    await audit(app, tx, moderator, 'appeal.decide', { kind: 'appeal', id: appeal.id }, { outcome, case: caseId, decision: appeal.decision_id, report: appeal.report_id, ...alone ? { alone } : {} })
  })
}

async function inPart(app: App, tx: Tx, moderator: Account, appeal: AppealRow, words: string, instead: Pick<DecisionDraft, 'act' | 'endsAt' | 'label' | 'purpose'> | undefined): Promise<void> {
  const [first] = appeal.decision_id ? await decisionsById(app, moderator, [appeal.decision_id]) : []
  const act = first ? milderActs(first.act).find((one) => one === instead?.act) : undefined
  if (!first?.account || !act) throw invalidForm([{ field: 'instead', message: 'error.choose' }])
  const shorter = !first.endsAt || (instead?.endsAt && instead.endsAt < new Date(first.endsAt))
  if (act === first.act && !(instead?.endsAt && shorter)) throw invalidForm([{ field: 'endsAt', message: 'error.shorterNeeded' }])
  await reverseDecision(app, tx, moderator, first.id, { reason: words, byAppeal: true, inPart: true })
  await decideWithin(app, tx, moderator, { accountId: first.account.id }, {
    act, endsAt: instead?.endsAt, label: instead?.label, purpose: instead?.purpose ?? first.purpose ?? undefined, postIds: first.postIds, reason: words, ground: first.ground, ruleId: first.rule?.id, law: first.law, explanation: first.explanation, category: first.category,
  })
}

async function lookAgain(app: App, tx: Tx, reportId: string): Promise<void> {
  const report = await lockReport(tx, reportId)
  if (!report) throw notFound()
  await reopenReports(tx, { decisionId: report.decision_id, reportId })
  const row = report.case_id ? await lockCase(tx, report.case_id) : undefined
  if (row) await reopenCase(app, tx, row)
}

/** Event: whoever objected hears the answer, on their page and by mail. Safe to run twice. */
export async function tellOfAppeal(app: App, caseId: CaseId): Promise<void> {
  const row = await selectAppealOfCase(app.database.queries, caseId)
  if (!row || row.state === 'open' || !row.account_id) return
  await tellMany(app, [{ to: row.account_id, kind: 'moderation', data: { appeal: row.state, about: row.decision_id ? `/standing/${row.decision_id}` : '/standing?show=reports' }, group: `appeal:${row.id}` }])
  const account = await findAccount(app, row.account_id)
  if (!account) return
  const letter = await letterWords(app, account.locale, 'appealAnswered', { link: `${app.config.publicUrl}${row.decision_id ? `/standing/${row.decision_id}` : '/standing?show=reports'}` })
  await app.database.inTransaction((tx) => mailMember(app, tx, account.id, letter))
}

/** Event: those who moderate hear that somebody objects, or answered. */
export async function tellStaffOfCase(app: App, caseId: CaseId, group: string): Promise<void> {
  const staff = await selectStaffToTell(app.database.queries, caseId)
  const about = await selectCase(app.database.queries, caseId)
  await tellMany(app, staff.filter((to) => to !== about?.account_id).map((to) => ({ to, kind: 'report', data: { caseId, words: 'answer' }, group })))
}

/** The objections to these decisions and reports, by their ids. Whose they are is the caller's question. */
export async function appealsTo(app: App, what: { decisionIds?: string[]; reportIds?: string[] }): Promise<Map<string, AppealView>> {
  const rows = await selectAppealsOf(app.database.queries, { decisionIds: what.decisionIds ?? [], reportIds: what.reportIds ?? [] })
  return new Map(rows.map((row) => [row.decision_id ?? row.report_id!, view(row)]))
}

/** The objection of a case on the desk, with what it is about. */
export async function appealOnDesk(app: App, moderator: Account, caseId: CaseId): Promise<DeskAppeal | null> {
  demandStaff(moderator)
  const row = await selectAppealOfCase(app.database.queries, caseId)
  if (!row) return null
  const first = await app.database.inTransaction((tx) => firstDeciders(tx, row))
  const [decisions, people, others] = await Promise.all([
    decisionsById(app, moderator, row.decision_id ? [row.decision_id] : []), accountViews(app, row.account_id ? [row.account_id] : []), selectOtherStaff(app.database.queries, first),
  ])
  return { ...view(row), caseId, by: row.account_id ? people.get(row.account_id) ?? null : null, decision: decisions[0] ?? null, decisionId: row.decision_id, reportId: row.report_id, notYours: first.includes(moderator.id) && others.length > 0, milder: decisions[0] ? milderActs(decisions[0].act) : [] }
}

const talkPace = { name: 'caseWords', most: 20, seconds: 3600 }
/** The member answers on the case of a decision about them. */
export async function sayOnDecision(app: App, account: Account, decisionId: string, text: string): Promise<void> {
  await app.limits.use(talkPace, account.id)
  await app.database.inTransaction(async (tx) => {
    const row = isId(decisionId) ? await lockDecided(tx, decisionId) : undefined
    if (!row?.case_id || row.account_id !== account.id) throw notFound()
    await addWords(app, tx, { caseId: row.case_id, author: account, room: 'member', withId: account.id, text, fromStaff: false })
    await app.record(tx, { type: 'appeal.words', caseId: row.case_id, key: app.newId() })
  })
}
