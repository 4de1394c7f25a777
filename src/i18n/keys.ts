import type core from './en/core.ts'
import type letters from './en/letters.ts'
import type staff from './en/staff.ts'

/** Every message there is, from the English catalogues: a wrong key is a type error. */
export type MessageKey = keyof typeof core | keyof typeof staff | keyof typeof letters
