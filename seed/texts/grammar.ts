import type { Random } from '../random.ts'

/** `{slot}` in a pattern is filled from the list of that name; patterns may end in tags. */
export type Grammar = { language: string; patterns: readonly string[]; replies: readonly string[]; slots: Record<string, readonly string[]> }

/** One sentence, or two where the language's people feel like it. */
export function say(grammar: Grammar, random: Random, kind: 'patterns' | 'replies'): string {
  const one = () => fill(random.pick(grammar[kind]), grammar, random)
  const first = one()
  return kind === 'patterns' && random.chance(0.18) && !first.includes('#') ? `${first}\n\n${one()}` : first
}

/** Fills a pattern's slots and begins it with a capital. */
export function fill(pattern: string, grammar: Grammar, random: Random): string {
  const text = pattern.replace(/\{(\w+)\}/g, (_, slot: string) => random.pick(grammar.slots[slot] ?? ['']))
  return text.charAt(0).toUpperCase() + text.slice(1)
}
