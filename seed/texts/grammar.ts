import type { Random } from '../random.ts'

/** `{slot}` in a pattern is filled from the list of that name; patterns may end in tags. `tails` are short words to end with. */
export type Grammar = { language: string; patterns: readonly string[]; replies: readonly string[]; tails: readonly string[]; slots: Record<string, readonly string[]> }

const spaced = (language: string) => language === 'ja' ? '' : ' '

/** What melts together when an article from a slot follows a preposition. */
const joins: Record<string, [RegExp, string][]> = {
  en: [[/\b([Aa]) (?=[aeiou])/g, '$1n ']],
  es: [[/\bde el /g, 'del '], [/\ba el /g, 'al ']],
  fr: [[/\bde le /g, 'du '], [/(?<!\p{L})à le /gu, 'au ']],
  pt: [[/\bem ([oa]) /g, 'n$1 '], [/\bde ([oa]) /g, 'd$1 ']],
}

/** A sentence, sometimes with a word to end on, sometimes two in paragraphs of their own. Tags stay last. */
export function say(grammar: Grammar, random: Random, kind: 'patterns' | 'replies'): string {
  const first = fill(random.pick(grammar[kind]), grammar, random)
  const luck = random.next()
  if (kind === 'replies') return luck < 0.22 ? `${first}${spaced(grammar.language)}${fill(random.pick(grammar.tails), grammar, random)}` : first
  if (luck < 0.38) {
    const tail = fill(random.pick(grammar.tails), grammar, random)
    const tag = first.search(/ #[^\s]+$/u)
    return tag < 0 ? `${first}${spaced(grammar.language)}${tail}` : `${first.slice(0, tag)}${spaced(grammar.language)}${tail}${first.slice(tag)}`
  }
  return luck < 0.55 && !first.includes('#') ? `${first}\n\n${fill(random.pick(grammar.patterns), grammar, random)}` : first
}

/** Fills a pattern's slots, never the same word twice, and begins it with a capital. */
export function fill(pattern: string, grammar: Grammar, random: Random): string {
  const used = new Set<string>()
  const text = pattern.replace(/\{(\w+)\}/g, (_, slot: string) => {
    const words = grammar.slots[slot] ?? ['']
    let word = random.pick(words)
    for (let tries = 0; tries < 5 && used.has(word); tries++) word = random.pick(words)
    used.add(word)
    return word
  })
  const joined = (joins[grammar.language] ?? []).reduce((so, [from, to]) => so.replace(from, to), text)
  return joined.replace(/^\p{Ll}|(?<=[.!?] )\p{Ll}/gu, (letter) => letter.toUpperCase())
}
