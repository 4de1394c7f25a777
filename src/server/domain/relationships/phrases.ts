import type { App } from '#server/app.ts'
import type { Account, Viewer } from '#server/domain/accounts/index.ts'
import { invalidForm, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { fold } from '#server/platform/text/fold.ts'
import { deletePhrase, selectPhrases, upsertPhrase } from './queries-lists.ts'
import type { HiddenPhrase } from './types.ts'

const mostPhrases = 200

/** Hides posts with a word, phrase or #tag. `seconds` until it ends by itself. The same phrase again changes the first. */
export async function addHiddenPhrase(app: App, viewer: Account, wish: { phrase: string; wholeWord?: boolean; action?: 'hide' | 'warn'; seconds?: number }): Promise<HiddenPhrase> {
  const phrase = wish.phrase.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim().replace(/\s+/g, ' ')
  if (!fold(phrase)) throw invalidForm([{ field: 'phrase', message: 'error.empty' }])
  if ([...phrase].length > 100) throw invalidForm([{ field: 'phrase', message: 'error.textTooLong', params: { most: 100 } }])
  const known = await hiddenPhrases(app, viewer)
  if (known.length >= mostPhrases) throw invalidForm([{ field: 'phrase', message: 'error.tooManyPhrases' }])
  const expiresAt = wish.seconds && wish.seconds > 0 ? new Date(app.now().getTime() + Math.min(wish.seconds, 315_360_000) * 1000) : null
  const made: HiddenPhrase = { id: app.newId(), phrase, wholeWord: wish.wholeWord ?? true, action: wish.action ?? 'hide', expiresAt: expiresAt?.toISOString() ?? null }
  const id = await app.database.inTransaction((tx) => upsertPhrase(tx, viewer.id, { id: made.id, phrase, whole_word: made.wholeWord, action: made.action, expires_at: expiresAt }))
  return { ...made, id }
}

export async function hiddenPhrases(app: App, viewer: Viewer): Promise<HiddenPhrase[]> {
  if (!viewer) return []
  const rows = await selectPhrases(app.database.queries, viewer.id, app.now())
  return rows.map((row) => ({ id: row.id, phrase: row.phrase, wholeWord: row.whole_word, action: row.action, expiresAt: row.expires_at?.toISOString() ?? null }))
}

export async function removeHiddenPhrase(app: App, viewer: Account, id: string): Promise<void> {
  if (!isId(id) || !await deletePhrase(app.database.queries, viewer.id, id)) throw notFound()
}

/** A function that finds the first phrase in a text; 'hide' before 'warn'. Accents and Arabic spellings don't matter. */
export function phraseFinder(phrases: HiddenPhrase[]): (text: string) => HiddenPhrase | null {
  const patterns = [...phrases].sort((a, b) => Number(a.action === 'warn') - Number(b.action === 'warn')).map((phrase) => ({ phrase, pattern: patternOf(phrase) }))
  if (patterns.length === 0) return () => null
  return (text) => {
    const folded = fold(text)
    return patterns.find(({ pattern }) => pattern.test(folded))?.phrase ?? null
  }
}

function patternOf({ phrase, wholeWord }: HiddenPhrase): RegExp {
  const words = fold(phrase).split(/\s+/).map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('\\s+')
  return new RegExp(wholeWord ? `(?<![\\p{L}\\p{M}\\p{N}_])${words}(?![\\p{L}\\p{M}\\p{N}_])` : words, 'u')
}
