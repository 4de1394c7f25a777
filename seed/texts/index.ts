import { english } from './en.ts'
import type { Grammar } from './grammar.ts'
import { others } from './others.ts'

export { english }
const all = new Map<string, Grammar>([english, ...others].map((grammar) => [grammar.language, grammar]))

/** A language's grammar; English where there is none. */
export const grammarOf = (language: string): Grammar => all.get(language) ?? english
