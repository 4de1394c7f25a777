import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { categories, cleanWords, openCase } from '#server/domain/cases/index.ts'
import type { Category } from '#server/domain/cases/index.ts'
import { appealEnd, isGentle, noticeOf } from '#server/domain/moderation/index.ts'
import type { ReportId } from '#server/domain/moderation/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict, invalid, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { insertAppeal, lockDecided, lockReport, selectAppealsOf } from './queries.ts'
import type { TurnedDown } from './queries.ts'
import type { AppealId } from './types.ts'

const pace = { name: 'appeals', most: 20, seconds: 86_400 }
const known = (category: string): Category => categories.find((one) => one === category) ?? 'other'

/** Objects to a decision about oneself: free, once each, within six months. A suspended member may; one that is deleted can't. */
export async function appealDecision(app: App, account: Account, decisionId: string, text: string): Promise<AppealId> {
  if (account.state === 'deleted') throw notAllowed()
  const words = cleanWords(text)
  await app.limits.use(pace, account.id)
  return app.database.inTransaction(async (tx) => {
    const row = isId(decisionId) ? await lockDecided(tx, decisionId) : undefined
    if (!row || row.account_id !== account.id) throw notFound()
    if (row.reversed || isGentle(row.act)) throw conflict('alreadySo')
    if (app.now() > appealEnd(row.created_at)) throw invalid('appealTooLate')
    if ((await selectAppealsOf(tx, { decisionIds: [row.id], reportIds: [] })).length) throw conflict('appealMade')
    return put(app, tx, { accountId: account.id, byId: account.id, decisionId: row.id, reportId: null, category: known(row.category), postIds: row.post_ids, text: words })
  })
}

/** Objects to a report of one's own having been turned down. */
export async function appealReport(app: App, account: Account, reportId: string, text: string): Promise<AppealId> {
  if (account.state === 'deleted') throw notAllowed()
  const words = cleanWords(text)
  await app.limits.use(pace, account.id)
  return app.database.inTransaction(async (tx) => {
    const row = isId(reportId) ? await lockReport(tx, reportId) : undefined
    if (!row || row.reporter_id !== account.id) throw notFound()
    return putReport(app, tx, row, account.id, words)
  })
}

/** The same for somebody without an account, by the secret of their notice. */
export async function appealNotice(app: App, token: string, text: string, address: string): Promise<AppealId> {
  const words = cleanWords(text)
  const { id } = await noticeOf(app, token)
  await app.limits.use(pace, address)
  return app.database.inTransaction(async (tx) => {
    const row = await lockReport(tx, id)
    if (!row) throw notFound()
    return putReport(app, tx, row, null, words)
  })
}

async function putReport(app: App, tx: Tx, row: TurnedDown, byId: string | null, text: string): Promise<AppealId> {
  if (row.state !== 'dismissed' || !row.decided_at) throw conflict('alreadySo')
  if (app.now() > appealEnd(row.decided_at)) throw invalid('appealTooLate')
  if ((await selectAppealsOf(tx, { decisionIds: [], reportIds: [row.id] })).length) throw conflict('appealMade')
  return put(app, tx, { accountId: row.account_id, byId, decisionId: null, reportId: row.id, category: known(row.category), postIds: [], text })
}

async function put(app: App, tx: Tx, given: { accountId: string; byId: string | null; decisionId: string | null; reportId: ReportId | null; category: Category; postIds: string[]; text: string }): Promise<AppealId> {
  const id = app.newId<'appeal'>()
  const { caseId } = await openCase(app, tx, { source: 'appeal', subject: `appeal:${given.decisionId ?? given.reportId}`, accountId: given.accountId, category: given.category, postIds: given.postIds, summary: [...given.text].slice(0, 240).join(''), severity: 2 }, { alone: true })
  await insertAppeal(tx, { id, caseId, decisionId: given.decisionId, reportId: given.reportId, accountId: given.byId, text: given.text, at: app.now() })
  await app.record(tx, { type: 'appeal.made', caseId })
  return id
}
