import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { closeCase, demandStaff, lockCase, openCase } from '#server/domain/cases/index.ts'
import type { CaseId, Category } from '#server/domain/cases/index.ts'
import { conflict, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectOpenPractice } from './queries.ts'

/** Invented, harmless cases with what an experienced moderator might do, and why. */
export const lessons: { key: 'insult' | 'joke' | 'scam' | 'copy'; category: Category; good: string[] }[] = [
  { key: 'insult', category: 'harassment', good: ['remove_post', 'warn'] }, { key: 'joke', category: 'hatred', good: ['dismiss'] }, { key: 'scam', category: 'spam', good: ['remove_post', 'suspend'] }, { key: 'copy', category: 'copyright', good: ['dismiss', 'warn'] },
]

/** Puts an invented case before this moderator, one at a time; nothing that is done to it does anything to anybody. */
export async function startPractice(app: App, moderator: Account, at: number): Promise<CaseId> {
  demandStaff(moderator)
  const open = await selectOpenPractice(app.database.queries, moderator.id)
  if (open) return open
  const lesson = lessons[((at % lessons.length) + lessons.length) % lessons.length]!
  return (await app.database.inTransaction((tx) => openCase(app, tx, { source: 'practice', subject: `practice:${moderator.id}`, accountId: null, category: lesson.category, details: { lesson: lesson.key, for: moderator.id } }, { alone: true }))).caseId
}

/** What the moderator would do, and whether somebody with practice might have done so as well. */
export async function answerPractice(app: App, moderator: Account, caseId: CaseId, act: string): Promise<{ good: boolean; lesson: string }> {
  demandStaff(moderator)
  return app.database.inTransaction(async (tx) => {
    const row = isId(caseId) ? await lockCase(tx, caseId) : undefined
    const lesson = lessons.find((one) => one.key === row?.details.lesson)
    if (row?.kind !== 'practice' || row.details.for !== moderator.id || !lesson) throw notFound()
    if (row.state !== 'open') throw conflict('reportDecided')
    await closeCase(app, tx, row, { outcome: 'acted', decisionId: null, byId: moderator.id })
    return { good: lesson.good.includes(act), lesson: lesson.key }
  })
}
