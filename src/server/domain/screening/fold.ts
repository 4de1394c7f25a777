import { isTwin, looksLike } from './look-alikes.ts'
import { seenBuilder } from './seen-text.ts'
import type { SeenText } from './seen-text.ts'

/** Units of a text that are looked at; a post has at most 5,000 characters. */
export const mostUnits = 50_000

/** Marks that change nothing about which word it is: accents, Hebrew points, Arabic vowels. In Indic and Thai writing marks are letters: they stay. */
const marks = new RegExp(String.raw`[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]`, 'gu')
/** Zero-width, variation selectors, direction signs, soft hyphen, tags, the Arabic stretcher, the letters that only fill. */
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u0640]/u
const letters: Record<string, string> = {
  ß: 'ss', ı: 'i', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', æ: 'ae', œ: 'oe', þ: 'th', ŋ: 'n', ſ: 's', ĸ: 'k',
  ٱ: 'ا', آ: 'ا', أ: 'ا', إ: 'ا', ى: 'ي', ی: 'ي', ئ: 'ي', ؤ: 'و', ة: 'ه', ۀ: 'ه', ہ: 'ه', ە: 'ه', ک: 'ك', گ: 'ك', ھ: 'ه', ے: 'ي',
}
const script = /\p{Script=Latin}/u

/** How one character is compared: compatibility form, small, without accents, in its basic letter form. */
function foldLetter(letter: string): string {
  const code = letter.codePointAt(0)!
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? letter.toLowerCase() : /\s/.test(letter) ? ' ' : letter
  if (unseen.test(letter)) return ''
  // Letters in squares, and the flags' letters.
  if (code >= 0x1f130 && code <= 0x1f149) return String.fromCharCode(code - 0x1f130 + 97)
  if (code >= 0x1f150 && code <= 0x1f169) return String.fromCharCode(code - 0x1f150 + 97)
  if (code >= 0x1f170 && code <= 0x1f189) return String.fromCharCode(code - 0x1f170 + 97)
  if (code >= 0x1f1e6 && code <= 0x1f1ff) return String.fromCharCode(code - 0x1f1e6 + 97)
  // Composed Hangul, and the Russian short i, are letters of their own.
  if ((code >= 0xac00 && code <= 0xd7a3) || letter === 'й' || letter === 'Й') return letter.toLowerCase()
  let folded = ''
  for (const one of letter.normalize('NFKC').toLowerCase().normalize('NFKD').replace(marks, '')) {
    if (unseen.test(one)) continue
    folded += letters[one] ?? (/\p{Nd}/u.test(one) ? digitOf(one) : /\s/u.test(one) ? ' ' : one)
  }
  return folded.normalize('NFC').toLowerCase()
}

/** A digit of any script as 0 … 9. Decimal digits stand in tens in Unicode. */
function digitOf(letter: string): string {
  const code = letter.codePointAt(0)!
  if (code < 0x80) return letter
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++
  return String(value)
}

/**
 * The form in which words are compared: NFKC, small letters, no accents or vowel marks, one form of each Arabic letter, nothing
 * unseen, one kind of space, and (unless told not to) look-alikes of other scripts read as what they imitate. Never throws; the same again when done
 * twice; every unit says which part of the original it stands for. Time grows with the length alone.
 */
export function foldText(text: string, lookAlikes = true): SeenText {
  const built = seenBuilder()
  let at = 0
  let space = true
  for (const letter of text.slice(0, mostUnits).toWellFormed()) {
    const end = at + letter.length
    const folded = foldLetter(letter)
    if (folded === ' ') { if (!space) built.add(' ', at, end); space = true }
    else if (folded) { built.add(folded, at, end); space = false }
    at = end
  }
  return lookAlikes ? readLookAlikes(built.done(), text) : built.done()
}

/** As written, but for case and the way accents are composed: for what must match exactly. */
export function plainText(text: string): SeenText {
  const built = seenBuilder()
  let at = 0
  for (const letter of text.slice(0, mostUnits).toWellFormed()) {
    built.add(letter.toLowerCase().normalize('NFC'), at, at + letter.length)
    at += letter.length
  }
  return built.done()
}

const words = /[\p{L}\p{N}]+/gu

/**
 * A word of mixed scripts is read as Latin as far as it looks so; a word all of look-alikes too where the text around is Latin.
 * A Russian or Greek word among its own kind stays what it is.
 */
function readLookAlikes(seen: SeenText, original: string): SeenText {
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(seen.text)) return seen
  const found = [...seen.text.matchAll(words)].map((match) => ({ match, ...kindOf(match, seen, original) }))
  if (!found.some((word) => word.imitates)) return seen
  const count = (latin: boolean) => found.reduce((sum, word) => sum + (!word.whole && word.latin === latin ? word.match[0].length : 0), 0)
  const amongLatin = count(true) > count(false)
  const built = seenBuilder()
  let last = 0
  const copy = (end: number) => { for (; last < end; last++) built.add(seen.text[last]!, seen.from[last]!, seen.to[last]!) }
  for (const { match, imitates, whole } of found) {
    if (!imitates || (whole && !amongLatin)) continue
    copy(match.index)
    for (const letter of match[0]) {
      const looks = lookOf(letter, seen, last, original)
      const [start, end] = [seen.from[last]!, seen.to[last + letter.length - 1]!]
      built.add(looks ?? letter, start, end)
      last += letter.length
    }
  }
  copy(seen.text.length)
  return built.done()
}

/** `latin`: has Latin letters · `imitates`: has letters that look Latin and aren't · `whole`: has nothing else. */
function kindOf(match: RegExpMatchArray, seen: SeenText, original: string): { latin: boolean; imitates: boolean; whole: boolean } {
  let [latin, imitating, faint, other] = [0, 0, 0, 0]
  let at = match.index!
  for (const letter of match[0]) {
    if (letter > '\x7f' && /\p{L}/u.test(letter)) {
      if (lookOf(letter, seen, at, original) !== undefined) { if (script.test(letter)) latin++; imitating++; if (!isTwin(letter)) faint++ }
      else if (script.test(letter)) latin++
      else other++
    } else if (/[a-z]/.test(letter)) latin++
    at += letter.length
  }
  return { latin: latin > 0, imitates: imitating > 0 && (latin > 0 || (other === 0 && faint === 0)), whole: latin === 0 && imitating > 0 && other === 0 && faint === 0 }
}

/** What a folded letter looks like; as a capital it may look like another one. */
function lookOf(letter: string, seen: SeenText, at: number, original: string): string | undefined {
  if (letter <= '\x7f') return undefined
  const written = String.fromCodePoint(original.codePointAt(seen.from[at]!) ?? 0)
  return (written === letter ? undefined : looksLike(written)) ?? looksLike(letter)
}
