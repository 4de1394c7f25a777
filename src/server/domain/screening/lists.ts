import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { demandStaff } from '#server/domain/cases/index.ts'
import { audit } from '#server/domain/instance/index.ts'
import { conflict, invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { readEntries } from './entries.ts'
import type { BadLine } from './entries.ts'
import { raiseVersion } from './queries-kit.ts'
import { countEntries, deleteEntries, markListRemoved, selectListEntries, selectLists, upsertEntries, upsertList } from './queries-lists.ts'
import type { Entry, ListRow } from './queries-lists.ts'
import type { WordListId } from './types.ts'
import { mostPatterns } from './words.ts'

export type WordList = ListRow
export type ListEntry = Entry
const mostLists = 50
/** In all lists: each process keeps them in memory, some kilobytes for a thousand. */
const mostEntries = 50_000
const page = 200

/** Every list of words and of links. Moderators only. */
export async function wordLists(app: App, moderator: Account): Promise<WordList[]> {
  demandStaff(moderator)
  return selectLists(app.database.queries)
}

/** One list with some of its entries, from after `after` on. Throws notFound. */
export async function seeWordList(app: App, moderator: Account, id: string, after: string | null = null): Promise<WordList & { items: ListEntry[]; next: string | null }> {
  const list = (await wordLists(app, moderator)).find((one) => one.id === id)
  if (!list) throw notFound()
  const items = await selectListEntries(app.database.queries, list.id, isId(after) ? after : '0', page + 1)
  return { ...list, items: items.slice(0, page), next: items.length > page ? items[page - 1]!.id : null }
}

/** Makes a list (`id` null) or changes one's name, note, language and whether it is used. On record. Problems name `name`, `kind`, `language`. */
export async function saveWordList(app: App, moderator: Account, id: string | null, draft: { name: string; kind?: string; note?: string; language?: string; enabled?: boolean }): Promise<WordListId> {
  demandStaff(moderator)
  const name = draft.name.trim().slice(0, 100)
  const language = draft.language?.trim().toLowerCase() || null
  if (!name) throw invalidForm([{ field: 'name', message: 'error.required' }])
  if (language && !/^[a-z]{2,3}$/.test(language)) throw invalidForm([{ field: 'language', message: 'error.badValue' }])
  return app.database.inTransaction(async (tx) => {
    const lists = await selectLists(tx)
    const before = lists.find((one) => one.id === id)
    if (id !== null && !before) throw notFound()
    if (!before && lists.length >= mostLists) throw conflict('tooManyWordLists', { most: mostLists })
    const kind = before?.kind ?? (draft.kind === 'links' ? 'links' : 'words')
    const list = { id: before?.id ?? app.newId<'screening list'>(), kind, name, note: (draft.note ?? '').trim().slice(0, 500), language: kind === 'words' ? language : null, enabled: draft.enabled ?? true }
    await upsertList(tx, list, app.now())
    await raiseVersion(tx)
    await audit(app, tx, moderator, before ? 'screening.list_change' : 'screening.list_add', { kind: 'settings', id: list.id }, { name, kind, enabled: list.enabled })
    return list.id
  })
}

export async function removeWordList(app: App, moderator: Account, id: string): Promise<void> {
  const list = await seeWordList(app, moderator, id)
  await app.database.inTransaction(async (tx) => {
    await markListRemoved(tx, list.id, app.now())
    await raiseVersion(tx)
    await audit(app, tx, moderator, 'screening.list_remove', { kind: 'settings', id: list.id }, { name: list.name })
  })
}

/**
 * Adds entries, one a line or as CSV with a head (docs/screening.md); what can't be read is named by its line and left out. `replace`:
 * nothing else stays in the list. On record, by number alone.
 */
export async function addEntries(app: App, moderator: Account, id: string, text: string, how: { how?: string; action?: string; exact?: boolean; replace?: boolean } = {}): Promise<{ added: number; read: number; bad: BadLine[] }> {
  const list = await seeWordList(app, moderator, id)
  const { entries, bad } = readEntries(text, list.kind, how)
  if (entries.length === 0 && bad.length === 0) throw invalidForm([{ field: 'entries', message: 'error.required' }])
  const added = await app.database.inTransaction(async (tx) => {
    if (how.replace) await deleteEntries(tx, list.id, null)
    const fresh = await upsertEntries(tx, list.id, entries.map((one) => ({ ...one, id: app.newId() })), app.now())
    if (await countEntries(tx) > mostEntries) throw conflict('tooManyEntries', { most: mostEntries })
    if (entries.filter((one) => one.how === 'pattern').length > mostPatterns) throw conflict('tooManyEntries', { most: mostPatterns })
    await raiseVersion(tx)
    await audit(app, tx, moderator, 'screening.entries_add', { kind: 'settings', id: list.id }, { added: fresh, read: entries.length, replaced: how.replace === true })
    return fresh
  })
  return { added, read: entries.length, bad }
}

/** Takes entries out of a list. On record. */
export async function removeEntries(app: App, moderator: Account, id: string, entryIds: string[]): Promise<void> {
  const list = await seeWordList(app, moderator, id)
  await app.database.inTransaction(async (tx) => {
    const removed = await deleteEntries(tx, list.id, entryIds.filter(isId))
    if (removed === 0) return
    await raiseVersion(tx)
    await audit(app, tx, moderator, 'screening.entries_remove', { kind: 'settings', id: list.id }, { removed })
  })
}

/** A list as CSV, as `addEntries` reads it. */
export async function exportList(app: App, moderator: Account, id: string): Promise<string> {
  const list = await seeWordList(app, moderator, id)
  const quote = (text: string) => (/[",\n\r]/.test(text) || /^[=+\-@\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const lines = ['value,how,exact,action']
  for (let after = '0'; ;) {
    const entries = await selectListEntries(app.database.queries, list.id, after, 1_000)
    lines.push(...entries.map((one) => [quote(one.value), one.how, one.exact ? 'yes' : 'no', one.action].join(',')))
    if (entries.length < 1_000) return `${lines.join('\r\n')}\r\n`
    after = entries.at(-1)!.id
  }
}
