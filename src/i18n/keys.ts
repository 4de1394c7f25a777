import type letters from './en/letters.ts'
import type reading from './en/reading.ts'
import type rest from './en/rest.ts'
import type staff from './en/staff.ts'

/** Every message there is, from the English catalogues: a wrong key is a type error. */
export type MessageKey = keyof typeof reading | keyof typeof rest | keyof typeof staff | keyof typeof letters
