import AhoCorasick from 'modern-ahocorasick'
import { RE2JS } from 're2js'
import { foldText, plainText } from './fold.ts'
import { guisesOf, separator } from './guises.ts'
import { looksLike } from './look-alikes.ts'
import type { SeenText } from './seen-text.ts'

export type WordEntry = { id: string; listId: string; value: string; how: 'whole' | 'inside' | 'pattern'; exact: boolean; language: string | null }
/** Which entry was found, and where in the original. */
export type WordHit = { entry: WordEntry; from: number; to: number }

const mostHits = 20
export const mostPatterns = 200
const mostPatternUnits = 10_000
type Tree = { tree: AhoCorasick<WordEntry>; size: number }

/** Lists of words, ready to be looked for: however many there are, a text is gone through once for each of its forms. */
export type WordFinder = { find(text: string, language: string | null): WordHit[]; size: number }

/** Reads lists once. An entry that can't be read is left out: what is stored was checked when it came. */
export function wordFinder(entries: WordEntry[]): WordFinder {
  const folded = tree(entries.filter((one) => one.how !== 'pattern' && !one.exact), foldedForms)
  const exact = tree(entries.filter((one) => one.how !== 'pattern' && one.exact), (value) => [plainText(value).text.trim()])
  const patterns = entries.filter((one) => one.how === 'pattern').slice(0, mostPatterns).flatMap((entry) => {
    const read = readPattern(entry.value)
    return read ? [{ entry, read }] : []
  })
  return {
    size: entries.length,
    find(text, language) {
      const hits = new Map<string, WordHit>()
      const speaks = (entry: WordEntry) => entry.language === null || language === null || language.split('-')[0] === entry.language
      const add = (entry: WordEntry, from: number, to: number) => { if (hits.size < mostHits && speaks(entry) && !hits.has(entry.id)) hits.set(entry.id, { entry, from, to }) }
      if (folded.size) {
        for (const { at, piece } of piecesOf(text)) for (const guise of guisesOf(piece)) look(folded.tree, guise, piece, (entry, from, to) => add(entry, from + at, to + at))
      }
      if (exact.size) look(exact.tree, plainText(text), text, add)
      for (const { entry, read } of patterns) {
        const matcher = read.matcher(text.slice(0, mostPatternUnits))
        if (matcher.find()) add(entry, matcher.start(), matcher.end())
      }
      return [...hits.values()]
    },
  }
}

const [pieceUnits, overlap] = [500, 200]

/**
 * A long text in pieces that overlap, cut where there is space: a form is made only of the piece that has something to hide. A disguise
 * across a cut stands whole in one of them; listed words are at most as long as the overlap.
 */
function piecesOf(text: string): { at: number; piece: string }[] {
  const pieces: { at: number; piece: string }[] = []
  for (let at = 0; ;) {
    const end = text.length - at <= pieceUnits + overlap ? text.length : spaceAfter(text, at + pieceUnits)
    pieces.push({ at, piece: text.slice(at, end) })
    if (end >= text.length) return pieces
    at = spaceAfter(text, end - overlap, end)
  }
}

/** The next space from here on; where none is near, here. */
function spaceAfter(text: string, from: number, to = from + overlap): number {
  const found = text.slice(from, to).search(/\s/)
  return found < 0 ? from : from + found
}

/** As it is compared; a word of another script also as it reads where Latin letters stand among its own, unless that is a Latin word. */
function foldedForms(value: string): string[] {
  const form = foldText(value).text.trim()
  const imitated = [...form].map((letter) => looksLike(letter) ?? letter).join('')
  return imitated !== form && /[^\x00-\x7f]/.test(imitated) ? [form, imitated] : [form]
}

function tree(entries: WordEntry[], forms: (value: string) => string[]): Tree {
  const patterns = entries.flatMap((data) => forms(data.value).map((pattern) => ({ pattern, data }))).filter(({ pattern }) => pattern !== '')
  return { tree: new AhoCorasick<WordEntry>(patterns), size: patterns.length }
}

function look(tree: AhoCorasick<WordEntry>, seen: SeenText, original: string, add: (entry: WordEntry, from: number, to: number) => void): void {
  let bounds: Set<number> | undefined
  for (const { data, start, end } of tree.iterate(seen.text)) {
    if (!data) continue
    // Where words end is only asked for when there is something to ask about.
    if (data.how === 'whole') {
      bounds ??= boundaries(seen, original)
      if (!bounds.has(start) || !bounds.has(end)) continue
    }
    add(data, seen.from[start]!, seen.to[end - 1]!)
  }
}

/** Where words begin and end, by the rules of the Unicode Standard and, where no spaces are written, by dictionary. */
function boundaries(seen: SeenText, original: string): Set<number> {
  const { text } = seen
  const found = new Set([text.length])
  for (const { index } of new Intl.Segmenter('und', { granularity: 'word' }).segment(text)) found.add(index)
  // 'name_word' and 'word2024' are one word to the standard; to people two.
  for (const { index, 0: whole } of text.matchAll(/_+|\p{N}+/gu)) { found.add(index); found.add(index + whole.length) }
  // Where a form has put together what stood apart, words may end where they did.
  for (let at = 1; at < text.length; at++) if (seen.to[at - 1]! < seen.from[at]! && separator.test(original.slice(seen.to[at - 1], seen.from[at]))) found.add(at)
  return found
}

/** A regular expression that can't take longer than the text is long (RE2: no back-references, no look-around); null where it isn't one. */
export function readPattern(pattern: string): RE2JS | null {
  if (pattern.length > 300) return null
  try {
    const read = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
    // Nested counts can make a short pattern a huge program; one that matches nothing would match everything.
    return read.programSize() <= 2_000 && !read.matcher('').find() ? read : null
  } catch { return null }
}
