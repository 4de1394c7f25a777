import type { FieldProblem } from '#server/platform/errors.ts'

const reserved = new Set(`admin administrator root owner moderator mod system hearth support help info about abuse security postmaster webmaster hostmaster
  settings login logout signup signin register reset confirm setup compose explore search notifications bookmarks likes community tags media avatars feed live api oauth
  health report terms privacy legal contact everyone all here me you null undefined deleted anonymous staff team official news`.split(/\s+/))

/** What must be unique: compatibility form, case folded. */
export const usernameKey = (name: string) => name.normalize('NFKC').toLowerCase().normalize('NFKC')

const lookAlikes: Record<string, string> = {
  '0': 'o', '1': 'l', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', i: 'l', j: 'l', 'ı': 'l', '|': 'l', 'ø': 'o', 'ł': 'l', 'đ': 'd', 'ħ': 'h', 'ŧ': 't', 'æ': 'ae', 'œ': 'oe', 'ß': 'ss',
  'ɑ': 'a', 'ɡ': 'g', 'ɩ': 'l', 'ʏ': 'y', 'ᴏ': 'o',
  а: 'a', в: 'b', е: 'e', ё: 'e', к: 'k', м: 'm', н: 'h', о: 'o', р: 'p', с: 'c', т: 't', у: 'y', х: 'x', і: 'l', ј: 'l', ѕ: 's', ԁ: 'd', ԛ: 'q', ԝ: 'w', һ: 'h', ӏ: 'l', г: 'r', п: 'n',
  α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'l', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', ω: 'w', ς: 'σ',
  ى: 'ي', ی: 'ي', ک: 'ك', ة: 'ه', أ: 'ا', إ: 'ا', آ: 'ا', ٱ: 'ا', ؤ: 'و', ۀ: 'ه', ہ: 'ه', ە: 'ه',
}

/** The form in which names that look alike are the same: after Unicode TR39's idea, for the scripts people mix up. */
export function usernameSkeleton(name: string): string {
  // Marks, underscores, the Arabic stretcher and modifier letters carry no difference that the eye trusts.
  const bare = usernameKey(name).normalize('NFD').replace(/[\p{M}_\u0640\u02b9-\u02c1]/gu, '')
  const folded = [...bare].map((letter) => { const plain = digitOf(letter); return lookAlikes[plain] ?? plain }).join('')
  return folded.replaceAll('rn', 'm').replaceAll('vv', 'w') || usernameKey(name)
}

/** A digit of any script as 0 … 9; other letters as they are. Decimal digits stand in tens in Unicode. */
function digitOf(letter: string): string {
  if (letter <= '\x7f' || !/\p{Nd}/u.test(letter)) return letter
  const code = letter.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++
  return String(value)
}

const reservedSkeletons = new Set([...reserved].map(usernameSkeleton))

const scripts = ['Latin', 'Arabic', 'Cyrillic', 'Greek', 'Hebrew', 'Devanagari', 'Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Armenian', 'Georgian', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Ethiopic', 'Tibetan', 'Mongolian', 'Thaana', 'Syriac', 'Tifinagh', 'Cherokee', 'Canadian_Aboriginal', 'Nko']
  .map((script) => ({ script, has: new RegExp(`\\p{Script=${script}}`, 'u') }))
const eastAsian = new Set(['Han', 'Hiragana', 'Katakana', 'Bopomofo'])
const shared = /[\p{Script=Common}\p{Script=Inherited}]/u

/** The script of a letter; null for what all scripts share, 'Other' for scripts that are too rare to tell apart. */
function scriptOf(letter: string): string | null {
  if (shared.test(letter)) return null
  const found = scripts.find(({ has }) => has.test(letter))?.script ?? 'Other'
  return eastAsian.has(found) ? 'East Asian' : found
}

/** What is wrong with a name somebody wants, or null. 2–30 letters of one script, digits and underscores. */
export function checkUsername(name: string): FieldProblem | null {
  const field = 'username'
  const folded = name.normalize('NFKC')
  const length = [...folded].length
  if (length < 2 || length > 30) return { field, message: 'error.usernameLength', params: { least: 2, most: 30 } }
  // Letters that show as nothing (Hangul fillers and the like) are letters to Unicode, too.
  const readable = /^[\p{L}\p{Nd}_][\p{L}\p{M}\p{Nd}_]*$/u.test(folded) && /\p{L}/u.test(folded) && !/\p{Default_Ignorable_Code_Point}|\p{Me}|\p{M}{3}/u.test(folded.normalize('NFD'))
  if (!readable) return { field, message: 'error.usernameLetters' }
  const used = new Set([...folded].map(scriptOf).filter((script) => script !== null))
  if (used.size > 1) return { field, message: 'error.usernameScripts' }
  if (reserved.has(usernameKey(folded)) || reservedSkeletons.has(usernameSkeleton(folded))) return { field, message: 'error.usernameReserved' }
  return null
}
