import type { FieldProblem } from '#server/platform/errors.ts'
import type { Source } from '../types.ts'
import { ncmec } from './ncmec.ts'
import { hma, stopncii, tat, threatexchange } from './others.ts'
import type { Connector, Field } from './types.ts'

export { askingWith, isConnectorError } from './types.ts'
export type { Field as ConnectionField } from './types.ts'

const connectors: Partial<Record<Source, Connector>> = { ncmec, stopncii, tat, threatexchange, hma }
export const connectorOf = (source: Source): Connector | undefined => connectors[source]
/** What has to be filled in to be given a list; empty for lists that are filled by hand. */
export const connectionFields = (source: Source): Field[] => connectors[source]?.fields ?? []

/** What was filled in, in two parts: what may be shown again, and secrets. A secret left empty stays what it was. */
export function connectionOf(source: Source, given: Record<string, string>, before: Record<string, string>): { settings: Record<string, string>; secrets: Record<string, string>; problems: FieldProblem[] } {
  const settings: Record<string, string> = {}
  const secrets: Record<string, string> = {}
  const problems: FieldProblem[] = []
  for (const field of connectionFields(source)) {
    const value = (given[field.name] ?? '').trim().slice(0, 2000) || (field.secret ? before[field.name] ?? '' : '')
    if (!value) problems.push({ field: field.name, message: 'error.required' })
    else if ((field.kind === 'url' && !isUrl(value)) || (field.kind === 'number' && !/^\d{1,20}$/.test(value))) problems.push({ field: field.name, message: 'error.badValue' })
    else (field.secret ? secrets : settings)[field.name] = value
  }
  if (connectionFields(source).length === 0) problems.push({ field: 'address', message: 'error.badValue' })
  return { settings, secrets, problems }
}

const isUrl = (text: string) => URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
