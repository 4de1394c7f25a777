import type { App } from '#server/app.ts'
import type { Account, AccountId } from '#server/domain/accounts/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { conflict, invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { isAbout, lockCase } from './queries.ts'
import type { CaseRow } from './queries.ts'
import { selectActiveStaff, updateClaim, updateClaimIfFree, updateHanded } from './queries-claim.ts'
import { demandStaff } from './staff.ts'
import type { CaseId } from './types.ts'
import { addWords } from './words.ts'

/** A claim ends by itself, so that nothing waits for somebody who went to bed. */
export const claimMinutes = 20
const lookMinutes = 5

/** Is somebody else on it just now? */
export const takenByOther = (row: Pick<CaseRow, 'claimed_by_id' | 'claimed_until'>, moderatorId: string, now: Date) =>
  row.claimed_by_id !== null && row.claimed_by_id !== moderatorId && row.claimed_until !== null && row.claimed_until > now

async function lockOpenCase(tx: Tx, id: string, moderatorId: AccountId): Promise<CaseRow> {
  const row = isId(id) ? await lockCase(tx, id) : undefined
  if (!row || isAbout(row, moderatorId)) throw notFound()
  if (row.state !== 'open') throw conflict('reportDecided')
  return row
}

/** "I am on it", for some minutes; again makes it longer. Refused while somebody else is. */
export async function claimCase(app: App, moderator: Account, id: CaseId): Promise<void> {
  demandStaff(moderator)
  await app.database.inTransaction(async (tx) => {
    const row = await lockOpenCase(tx, id, moderator.id)
    if (takenByOther(row, moderator.id, app.now())) throw conflict('reportTaken')
    await updateClaim(tx, id, moderator.id, new Date(app.now().getTime() + claimMinutes * 60_000), app.now())
  })
}

/** Looking at it is a short claim, where nobody else is on it; otherwise nothing happens. */
export async function claimIfFree(app: App, moderator: Account, id: CaseId): Promise<void> {
  await updateClaimIfFree(app.database.queries, id, moderator.id, new Date(app.now().getTime() + lookMinutes * 60_000), app.now())
}

/** Gives it back to everybody. */
export async function releaseCase(app: App, moderator: Account, id: CaseId): Promise<void> {
  demandStaff(moderator)
  await app.database.inTransaction(async (tx) => {
    const row = await lockOpenCase(tx, id, moderator.id)
    if (takenByOther(row, moderator.id, app.now())) throw conflict('reportTaken')
    await updateClaim(tx, id, null, null, app.now())
  })
}

/** Gives it to one colleague, with a few words. */
export async function handOver(app: App, moderator: Account, id: CaseId, toId: string, words: string): Promise<void> {
  demandStaff(moderator)
  if (!isId(toId) || toId === moderator.id || !(await selectActiveStaff(app.database.queries)).some((one) => one.id === toId)) throw invalidForm([{ field: 'to', message: 'error.choose' }])
  await app.database.inTransaction(async (tx) => {
    const row = await lockOpenCase(tx, id, moderator.id)
    if (takenByOther(row, moderator.id, app.now())) throw conflict('reportTaken')
    // Whom it is about isn't told of it by a colleague either.
    if (isAbout(row, toId)) throw invalidForm([{ field: 'to', message: 'error.choose' }])
    await updateHanded(tx, id, toId)
    if (words.trim()) await addWords(app, tx, { caseId: id, author: moderator, room: 'staff', withId: null, text: words, mentions: [toId] })
    await audit(app, tx, moderator, 'case.handOver', { kind: 'case', id }, { to: toId })
  })
}
