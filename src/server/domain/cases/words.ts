import type { App } from '#server/app.ts'
import type { Account, AccountId, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { tellMany } from '#server/domain/notifications/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { isAbout, selectCase } from './queries.ts'
import { demandStaff } from './staff.ts'
import { selectActiveStaff } from './queries-claim.ts'
import { insertWords, selectWords } from './queries-words.ts'
import type { CaseId } from './types.ts'

/** staff: moderators among themselves · member: with the person concerned · reporter: with who reported */
export type WordsRoom = 'staff' | 'member' | 'reporter'
/** Something said on a case. For members, moderators have no names. */
export type CaseWords = { id: string; room: WordsRoom; fromStaff: boolean; author: AccountView | null; text: string; createdAt: string; mine: boolean }
type NewWords = { caseId: CaseId; author: Account; room: WordsRoom; withId: AccountId | null; text: string; mentions?: AccountId[]; fromStaff?: boolean }

const most = 3000

/** The text as it is kept; throws a form error for too much or nothing. */
export function cleanWords(text: string, field = 'text'): string {
  const clean = text.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
  if (!clean) throw invalidForm([{ field, message: 'error.required' }])
  if ([...clean].length > most) throw invalidForm([{ field, message: 'error.tooLong', params: { most } }])
  return clean
}

/** Says something on a case, in the caller's transaction. A moderator named with @ in a note hears of it. */
export async function addWords(app: App, tx: Tx, words: NewWords): Promise<void> {
  const text = cleanWords(words.text)
  const staff = words.room === 'staff' ? await selectActiveStaff(tx) : []
  const named = staff.filter((one) => new RegExp(`@${one.username}(?![\\p{L}\\p{N}_])`, 'iu').test(text)).map((one) => one.id)
  const mentions = [...new Set([...named, ...words.mentions ?? []])].filter((id) => id !== words.author.id)
  const id = app.newId()
  await insertWords(tx, { id, caseId: words.caseId, authorId: words.author.id, fromStaff: words.fromStaff ?? true, room: words.room, withId: words.withId, text, mentions, at: app.now() })
  await app.record(tx, { type: 'case.words', caseId: words.caseId, wordsId: id })
}

/** Event: who is named, or written to, hears of it. Safe to run twice. */
export async function tellOfWords(app: App, caseId: CaseId, wordsId: string): Promise<void> {
  const row = (await selectWords(app.database.queries, caseId, null)).find((one) => one.id === wordsId)
  if (!row) return
  const group = `case:${row.id}`
  const about = await selectCase(app.database.queries, caseId)
  // A moderator whom the case is about may well be named in it: they aren't told that there is one.
  await tellMany(app, row.mentions.filter((to) => !about || !isAbout(about, to)).map((to) => ({ to, kind: 'report' as const, data: { caseId, words: 'note' }, group: `${group}:${to}` })))
  if (row.with_id && row.from_staff) await tellMany(app, [{ to: row.with_id, kind: 'moderation', data: { caseId, words: row.room }, group }])
}

/** What was said, oldest first: everything for moderators, for a member only their own conversation. */
export async function wordsOn(app: App, caseId: CaseId, reader: { staff: true; id: AccountId } | { staff: false; id: AccountId; room: WordsRoom }): Promise<CaseWords[]> {
  const rows = await selectWords(app.database.queries, caseId, reader.staff ? null : { withId: reader.id, room: reader.room })
  const people = await accountViews(app, [...new Set(rows.flatMap((row) => row.author_id ?? []))])
  return rows.map((row) => ({
    id: row.id, room: row.room, fromStaff: row.from_staff, text: row.text, createdAt: row.created_at.toISOString(), mine: row.author_id === reader.id,
    author: row.author_id && (reader.staff || !row.from_staff) ? people.get(row.author_id) ?? null : null,
  }))
}

/** A moderator writes a note to colleagues, or to the person concerned. */
export async function addWordsOn(app: App, moderator: Account, caseId: CaseId, room: string, text: string): Promise<void> {
  demandStaff(moderator)
  await app.database.inTransaction(async (tx) => {
    const row = isId(caseId) ? await selectCase(tx, caseId) : undefined
    if (!row || isAbout(row, moderator.id)) throw notFound()
    const toMember = room === 'member' && row.account_id !== null
    await addWords(app, tx, { caseId, author: moderator, room: toMember ? 'member' : 'staff', withId: toMember ? row.account_id : null, text })
    await audit(app, tx, moderator, toMember ? 'case.write' : 'case.note', { kind: 'case', id: caseId })
  })
}
