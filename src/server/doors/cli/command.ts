import type { App } from '../../app.ts'
import type { Out } from '../../start/progress.ts'

export type Values = Partial<Record<string, string | boolean>>
/** A command of `hearth`: returns the exit code. */
export type Command = (app: App, values: Values, words: string[], out: Out) => Promise<number>

/** An option's text; undefined when it wasn't given. */
export const text = (values: Values, name: string) => typeof values[name] === 'string' ? values[name] : undefined
