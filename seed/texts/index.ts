import { arabic } from './ar.ts'
import { english } from './en.ts'
import { french } from './fr.ts'
import { german } from './de.ts'
import { hindi } from './hi.ts'
import { japanese } from './ja.ts'
import { portuguese } from './pt.ts'
import { russian } from './ru.ts'
import { spanish } from './es.ts'
import { turkish } from './tr.ts'
import type { Grammar } from './grammar.ts'

export { english }
const all = new Map<string, Grammar>([english, arabic, spanish, french, german, portuguese, turkish, japanese, russian, hindi].map((grammar) => [grammar.language, grammar]))

/** A language's grammar; English where there is none. */
export const grammarOf = (language: string): Grammar => all.get(language) ?? english
