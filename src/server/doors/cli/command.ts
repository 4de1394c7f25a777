import type { ParseArgsOptionDescriptor } from 'node:util'
import type { App } from '#server/app.ts'
import type { Out } from '#server/start/progress.ts'

export type Option = ParseArgsOptionDescriptor & {
  /** what the help calls its value */
  value?: string
  help: string
  required?: boolean
}

export type Ask = {
  /** options as given; missing ones are undefined */
  text(name: string): string | undefined
  flag(name: string): boolean
  /** a whole number of at least `least`; throws a usage error otherwise */
  count(name: string, otherwise: number, least?: number): number
  /** words after the command, in the order of `places` */
  places: string[]
  values: Values
  out: Out
  json: boolean
  environment: Record<string, string | undefined>
  /** one line to standard output; with --json only `data` is shown */
  say(line: string): void
  /** what --json shows */
  data(value: unknown): void
}

export type Entry = {
  name: string
  summary: string
  /** names of the words that follow, for the help: 'USERNAME', '[ROLE]' */
  places?: string[]
  options?: Record<string, Option>
  /** a longer word, an example */
  more?: string
  /** Resolves to the exit code (0 where it returns nothing). Throws an Error whose message is one sentence. */
  run(ask: Ask): Promise<number | undefined | void>
}

export type Values = Partial<Record<string, string | boolean>>
/** What a command does that needs the whole App: resolves to the exit code. */
export type Command = (app: App, values: Values, words: string[], out: Out) => Promise<number>

/** An option's text; undefined when it wasn't given. */
export const text = (values: Values, name: string) => typeof values[name] === 'string' ? values[name] : undefined

/** The command was used wrongly: shown with the way to its help, exit code 2. */
export class UsageError extends Error {}
