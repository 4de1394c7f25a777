import { cleanText } from '#server/platform/text/count.ts'
import { fold } from '#server/platform/text/fold.ts'

const longest = 200

/** What was typed into the search, cleaned; '' finds nothing. */
export const readQuery = (q: string) => cleanText(q.slice(0, longest * 4)).replace(/\s+/g, ' ').slice(0, longest).toWellFormed()

/** Is it in a script that is written without spaces? Then whole words can't be looked up, parts must be. */
export const hasNoSpaces = (q: string) => withoutSpaces.test(q)
const withoutSpaces = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/** One word of three letters or more, or a script without spaces: what is also looked for inside words. */
export function partOf(q: string): string | null {
  if (/["-]/.test(q)) return null
  if (withoutSpaces.test(q)) return q
  return /^[^\s#@]{3,}$/.test(q) ? q : null
}

/** The words as typed and with Arabic letters folded, and common spellings of its last letter and alef. */
export function variantsOf(q: string): string[] {
  const folded = fold(q)
  const all = new Set([q, folded])
  if (/\p{sc=Arabic}/u.test(q)) {
    all.add(folded.replace(/ه(?=\s|$)/g, 'ة'))
    all.add(folded.replace(/ي(?=\s|$)/g, 'ى'))
    all.add(folded.replace(/(^|\s)ا/g, '$1أ'))
    all.add(folded.replace(/(^|\s)ا/g, '$1أ').replace(/ه(?=\s|$)/g, 'ة'))
  }
  return [...all].slice(0, 6)
}
