import type { App } from '#server/app.ts'
import type { Account, AccountId, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews, findAccount, setState } from '#server/domain/accounts/index.ts'
import { addWords, openCase } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { mailMember } from '#server/domain/sessions/index.ts'
import { conflict, invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { letterWords } from './letters.ts'
import { memberLines } from './members.ts'
import type { MemberLine } from './members.ts'
import { selectPictures, selectWaiting } from './queries-members.ts'
import { lockAccount } from './queries-decisions.ts'
import { demandStaff } from './staff.ts'

/** Who asked to join and waits, the longest first; at most 100. */
export async function waitingMembers(app: App, moderator: Account): Promise<MemberLine[]> {
  demandStaff(moderator)
  const admin = moderator.role === 'admin' || moderator.role === 'owner'
  return (await memberLines(app, await selectWaiting(app.database.queries, 100))).map((line) => (admin ? line : { ...line, email: null }))
}

/** Lets somebody in; a letter tells them. */
export async function approveMember(app: App, moderator: Account, id: AccountId): Promise<void> {
  await answer(app, moderator, id, 'active', '')
}

/** Turns a request down; a letter tells why. The account is closed, nothing of it was ever seen. */
export async function refuseMember(app: App, moderator: Account, id: AccountId, reason: string): Promise<void> {
  if ([...reason].length > 1000) throw invalidForm([{ field: 'reason', message: 'error.tooLong', params: { most: 1000 } }])
  await answer(app, moderator, id, 'deleted', reason)
}

async function answer(app: App, moderator: Account, id: AccountId, state: 'active' | 'deleted', reason: string): Promise<void> {
  demandStaff(moderator)
  if (!isId(id)) throw notFound()
  const words = reason.toWellFormed().replaceAll('\0', '').trim()
  const account = await findAccount(app, id)
  const letter = await letterWords(app, account?.locale ?? 'en', state === 'active' ? 'joinApproved' : 'joinRefused', state === 'active' ? { link: app.config.publicUrl } : {})
  await app.database.inTransaction(async (tx) => {
    if ((await lockAccount(tx, id))?.state !== 'pending') throw conflict('alreadySo')
    // Before the account and its address go. The words themselves stand in the case: the record refers to it.
    await mailMember(app, tx, id, words ? { ...letter, text: `${letter.text}\n${words}\n` } : letter)
    const caseId = words ? (await openCase(app, tx, { source: 'community', kind: 'signup', subject: `account:${id}`, accountId: id, category: 'other' })).caseId : null
    if (caseId) await addWords(app, tx, { caseId, author: moderator, room: 'staff', withId: null, text: words })
    await setState(app, tx, id, state)
    await app.record(tx, { type: state === 'active' ? 'account.approved' : 'account.refused', accountId: id })
    await audit(app, tx, moderator, state === 'active' ? 'account.approve' : 'account.refuse', { kind: 'account', id }, { case: caseId })
  })
}

export type WaitingPicture = { account: AccountView; url: string | null; description: string }

/** Profile pictures that wait for a yes. Decided with `decide`: approve_avatar or refuse_avatar. */
export async function waitingPictures(app: App, moderator: Account): Promise<WaitingPicture[]> {
  demandStaff(moderator)
  const rows = await selectPictures(app.database.queries, 100)
  const people = await accountViews(app, rows.map((row) => row.id))
  return rows.flatMap((row) => { const account = people.get(row.id); return account ? [{ account, url: row.url, description: row.description }] : [] })
}
