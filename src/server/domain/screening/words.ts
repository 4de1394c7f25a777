import AhoCorasick from 'modern-ahocorasick'
import { RE2JS } from 're2js'
import { foldText, plainText } from './fold.ts'
import { guisesOf } from './guises.ts'
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
  const folded = tree(entries.filter((one) => one.how !== 'pattern' && !one.exact), (value) => foldText(value).text.trim())
  const exact = tree(entries.filter((one) => one.how !== 'pattern' && one.exact), (value) => plainText(value).text.trim())
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
      if (folded.size) for (const guise of guisesOf(text)) look(folded.tree, guise, add)
      if (exact.size) look(exact.tree, plainText(text), add)
      for (const { entry, read } of patterns) {
        const matcher = read.matcher(text.slice(0, mostPatternUnits))
        if (matcher.find()) add(entry, matcher.start(), matcher.end())
      }
      return [...hits.values()]
    },
  }
}

function tree(entries: WordEntry[], form: (value: string) => string): Tree {
  const patterns = entries.map((data) => ({ pattern: form(data.value), data })).filter(({ pattern }) => pattern !== '')
  return { tree: new AhoCorasick<WordEntry>(patterns), size: patterns.length }
}

function look(tree: AhoCorasick<WordEntry>, seen: SeenText, add: (entry: WordEntry, from: number, to: number) => void): void {
  let bounds: Set<number> | undefined
  for (const { data, start, end } of tree.iterate(seen.text)) {
    if (!data) continue
    // Where words end is only asked for when there is something to ask about.
    if (data.how === 'whole') {
      bounds ??= boundaries(seen.text)
      if (!bounds.has(start) || !bounds.has(end)) continue
    }
    add(data, seen.from[start]!, seen.to[end - 1]!)
  }
}

/** Where words begin and end, by the rules of the Unicode Standard and, where no spaces are written, by dictionary. */
function boundaries(text: string): Set<number> {
  const found = new Set([text.length])
  for (const { index } of new Intl.Segmenter('und', { granularity: 'word' }).segment(text)) found.add(index)
  // 'name_word' and 'word2024' are one word to the standard; to people two.
  for (const { index, 0: whole } of text.matchAll(/_+|\p{N}+/gu)) { found.add(index); found.add(index + whole.length) }
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
