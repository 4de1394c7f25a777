import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { categoryFacts, demandStaff } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { evidenceFile } from '#server/domain/media/index.ts'
import { caseOpenFor } from './open-case.ts'

/** A kept file of a case, for a moderator who has it open today and takes such things on. Of hard cases each opening is on record (`first`: not a part of one). */
export async function openKept(app: App, moderator: Account, asked: { caseId: string; mediaId: string; name: string; first: boolean }): Promise<{ stored: string; mime: string; bytes: number }> {
  demandStaff(moderator)
  const row = await caseOpenFor(app, moderator, asked.caseId)
  const file = await evidenceFile(app, row.id, asked.mediaId, asked.name)
  if (asked.first && categoryFacts(row.category).hard) await app.database.inTransaction((tx) => audit(app, tx, moderator, 'case.evidence', { kind: 'case', id: row.id }, { media: asked.mediaId }))
  return file
}
