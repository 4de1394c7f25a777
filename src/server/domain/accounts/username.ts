import type { FieldProblem } from '#server/platform/errors.ts'

const reserved = new Set(`admin administrator root owner moderator mod system hearth support help info about abuse security postmaster webmaster hostmaster
  settings login logout signup signin register reset confirm setup compose explore search notifications bookmarks likes community tags media avatars feed live api oauth
  health report terms privacy legal contact everyone all here me you null undefined deleted anonymous staff team official news`.split(/\s+/))

/** What must be unique: compatibility form, case folded. */
export const usernameKey = (name: string) => name.normalize('NFKC').toLowerCase()

const lookAlikes: Record<string, string> = {
  '0': 'o', '1': 'l', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', i: 'l', j: 'l', 'ı': 'l', '|': 'l',
  а: 'a', в: 'b', е: 'e', ё: 'e', к: 'k', м: 'm', н: 'h', о: 'o', р: 'p', с: 'c', т: 't', у: 'y', х: 'x', і: 'l', ј: 'l', ѕ: 's', ԁ: 'd', ԛ: 'q', ԝ: 'w',
  α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'l', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', ω: 'w',
  ى: 'ي', ی: 'ي', ک: 'ك', ة: 'ه', أ: 'ا', إ: 'ا', آ: 'ا', ؤ: 'و',
}

/** The form in which names that look alike are the same: after Unicode TR39's idea, for the scripts people mix up. */
export function usernameSkeleton(name: string): string {
  const bare = usernameKey(name).normalize('NFD').replace(/\p{M}/gu, '').replaceAll('_', '')
  return [...bare].map((letter) => lookAlikes[letter] ?? letter).join('').replaceAll('rn', 'm').replaceAll('vv', 'w') || usernameKey(name)
}

const scripts = ['Latin', 'Arabic', 'Cyrillic', 'Greek', 'Hebrew', 'Devanagari', 'Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Armenian', 'Georgian', 'Bengali', 'Tamil', 'Ethiopic']
  .map((script) => new RegExp(`\\p{Script=${script}}`, 'u'))
const japanese = new Set([6, 7, 8])

/** What is wrong with a name somebody wants, or null. 2–30 letters of one script, digits and underscores. */
export function checkUsername(name: string): FieldProblem | null {
  const field = 'username'
  const folded = name.normalize('NFKC')
  const length = [...folded].length
  if (length < 2 || length > 30) return { field, message: 'error.usernameLength', params: { least: 2, most: 30 } }
  if (!/^[\p{L}\p{M}\p{Nd}_]+$/u.test(folded) || !/\p{L}/u.test(folded)) return { field, message: 'error.usernameLetters' }
  const used = scripts.flatMap((script, index) => (script.test(folded) ? [japanese.has(index) ? 6 : index] : []))
  if (new Set(used).size > 1) return { field, message: 'error.usernameScripts' }
  if (reserved.has(usernameKey(folded))) return { field, message: 'error.usernameReserved' }
  return null
}
