import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { caseLinesById, demandStaff, isAbout, selectCase } from '#server/domain/cases/index.ts'
import type { CaseLine } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { insertEscalation, selectEscalations, selectHardCases } from './queries-escalate.ts'
import { sealedCategories } from './seal.ts'

export type Escalation = { id: string; caseId: string; duty: string; reference: string; toldAt: string | null; by: string | null }

/** Cases of the hardest kinds, open ones first, with what was told to whom. */
export async function hardCases(app: App, moderator: Account): Promise<{ line: CaseLine; told: Escalation[] }[]> {
  demandStaff(moderator)
  const ids = await selectHardCases(app.database.queries, [...sealedCategories], moderator.id, 60)
  const [lines, told] = await Promise.all([caseLinesById(app, moderator, ids), selectEscalations(app.database.queries, ids)])
  return lines.map((line) => ({ line, told: told.filter((one) => one.case_id === line.id).map((one) => ({ id: one.id, caseId: one.case_id, duty: one.duty, reference: one.reference, toldAt: one.told_at?.toISOString() ?? null, by: one.name })) }))
}

/** Notes that a body was told, with the number it gave. On record. */
export async function noteTold(app: App, moderator: Account, given: { caseId: string; duty: string; reference: string }): Promise<void> {
  demandStaff(moderator)
  const duty = given.duty.trim().slice(0, 60)
  if (!duty) throw invalidForm([{ field: 'duty', message: 'error.choose' }])
  await app.database.inTransaction(async (tx) => {
    const row = isId(given.caseId) ? await selectCase(tx, given.caseId) : undefined
    if (!row || isAbout(row, moderator.id) || row.kind === 'practice') throw notFound()
    const id = app.newId()
    await insertEscalation(tx, { id, caseId: row.id, duty, reference: given.reference.toWellFormed().replaceAll('\0', '').trim().slice(0, 200), at: app.now(), byId: moderator.id })
    await audit(app, tx, moderator, 'case.escalate', { kind: 'case', id: row.id }, { duty })
  })
}

/**
 * A report in the fields of NCMEC's CyberTipline (incidentSummary, internetDetails, reportedPerson, fileDetails), to be handed in by the
 * body's own form: what the case knows, nothing of who reported. No picture is in it. Its making is on record.
 */
export async function tipFields(app: App, moderator: Account, caseId: string): Promise<Record<string, unknown>> {
  demandStaff(moderator)
  const row = isId(caseId) ? await selectCase(app.database.queries, caseId) : undefined
  if (!row?.evidence || isAbout(row, moderator.id)) throw notFound()
  await app.database.inTransaction((tx) => audit(app, tx, moderator, 'case.tip', { kind: 'case', id: row.id }))
  const { account, posts, takenAt } = row.evidence
  const types: Partial<Record<string, string>> = { child_safety: 'Child Pornography (possession, manufacture, and distribution)' }
  return {
    incidentSummary: { incidentType: types[row.category] ?? row.category, incidentDateTime: posts[0]?.createdAt ?? takenAt, escalateToHighPriority: null },
    internetDetails: posts.map((post) => ({ webPageIncident: { url: `${app.config.publicUrl}/@${account.username}/${post.id}`, postedAt: post.createdAt, audience: post.audience } })),
    reportedPerson: { espUserId: row.account_id, screenName: account.username, displayName: account.name, profileUrl: `${app.config.publicUrl}/@${account.username}` },
    fileDetails: posts.flatMap((post) => post.media.map((item) => ({ espFileId: item.id, postId: post.id, kind: item.kind, originalFileHash: { sha256: item.sha256 ?? null, md5: item.md5 ?? null, pdq: item.pdq ?? null }, viewedByEsp: row.first_touched_at !== null, publiclyAvailable: post.audience === 'public', industryClassification: null, fileAnnotations: [] }))),
    reporter: { company: app.config.publicUrl, caseId: row.id, evidenceTakenAt: takenAt },
    additionalInfo: posts.map((post) => ({ postId: post.id, warning: post.warning, text: post.text, edits: post.edits })),
  }
}
