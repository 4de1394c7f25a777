import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { habitsOf, isAbout, seenToday, selectCase, takesOn } from '#server/domain/cases/index.ts'
import type { CaseRow } from '#server/domain/cases/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'

/** A case as far as this moderator may look into it: not about themselves, and of a kind that they take on. Throws notFound. */
export async function caseFor(app: App, moderator: Account, caseId: string): Promise<CaseRow> {
  const row = isId(caseId) ? await selectCase(app.database.queries, caseId) : undefined
  if (!row || isAbout(row, moderator.id) || !takesOn(await habitsOf(app, moderator), row.category)) throw notFound()
  return row
}

/** The same for what is only there while they have the case open today. */
export async function caseOpenFor(app: App, moderator: Account, caseId: string): Promise<CaseRow> {
  const row = await caseFor(app, moderator, caseId)
  if (!await seenToday(app, moderator, row.id)) throw notFound()
  return row
}
