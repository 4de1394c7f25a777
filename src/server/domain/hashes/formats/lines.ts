import { csvFields } from '#server/platform/text/csv.ts'
import { numberOf, opinionNamed, severityNamed, signalNamed, tagsOf, timeOf } from './row.ts'
import type { ListedRow, Parsed } from './row.ts'
import type { SignalType } from '../types.ts'

/** Reads one line after the other; null for lines that say nothing (empty, comment, heading). */
export type LineReader = (line: string, number: number) => Parsed | null

/** What a row of names and texts says, whoever wrote it. */
export function rowOfFields(fields: Record<string, string | undefined>, line: number): Parsed {
  const text = (...names: string[]) => names.map((name) => fields[name]).find((one) => one !== undefined) ?? ''
  const value = text('signal_value', 'signal_str', 'value', 'hash', 'hash_value')
  const kind = text('signal_type', 'type', 'algorithm')
  const signal = kind === '' ? kindOf(value) : signalNamed(kind)
  if (!signal) return { line, reason: kind === '' ? 'badLine' : 'unknownKind' }
  // In the exchanges' own files the opinion stands in the column 'category'.
  const opinion = opinionNamed(text('opinion') || (opinionNamed(text('category')) ? text('category') : ''))
  const [quality, confidence, severity] = [numberOf(text('quality'), 0, 100), numberOf(text('confidence'), 0, 1), severityNamed(text('severity'))]
  const [firstSeen, expiresAt, withdrawnAt] = [timeOf(text('first_seen', 'first_seen_at')), timeOf(text('expires_at')), timeOf(text('withdrawn_at'))]
  if ([opinion, quality, confidence, severity, firstSeen, expiresAt, withdrawnAt].includes(undefined)) return { line, reason: 'badField' }
  const withdrawn = withdrawnAt instanceof Date
  const row: ListedRow = { signal, value, quality: typeof quality === 'number' ? Math.round(quality) : null, confidence, severity, opinion, firstSeen, expiresAt, withdrawn, tags: tagsOf(text('tags').split(/[\s|;]+/)), sourceId: text('source_id', 'id').slice(0, 200) || null }
  return { line, row }
}

/** What a bare value most likely is, by its length. */
function kindOf(value: string): SignalType | undefined {
  return { 32: 'md5', 40: 'sha1', 64: 'pdq' }[value.trim().length] as SignalType | undefined
}

/** CSV with a heading: our own columns, or those of `threatexchange dataset --csv`. */
export function csvReader(): LineReader {
  let names: string[] | undefined
  return (line, number) => {
    if (line.trim() === '') return null
    const fields = csvFields(line)
    if (!fields) return { line: number, reason: 'badLine' }
    if (!names) { names = fields.map((name) => name.trim().toLowerCase()); return null }
    if (fields.length > names.length) return { line: number, reason: 'badLine' }
    return rowOfFields(Object.fromEntries(fields.map((field, at) => [names![at]!, field])), number)
  }
}

/** `pdq <hex>` a line, or bare values of one kind; `#` begins a comment. */
export const plainReader = (): LineReader => (line, number) => {
  const clean = line.trim()
  if (clean === '' || clean.startsWith('#')) return null
  const space = clean.search(/\s/)
  return rowOfFields(space < 0 ? { signal_value: clean } : { signal_type: clean.slice(0, space), signal_value: clean.slice(space + 1).trim() }, number)
}

/** An object a line, with the columns of our CSV as names; a film's value may be an array. */
export const jsonLineReader = (): LineReader => (line, number) => {
  if (line.trim() === '') return null
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return { line: number, reason: 'badLine' }
    const fields = Object.entries(parsed).map(([name, value]): [string, string | undefined] => [name.toLowerCase(), fieldText(name, value)])
    return rowOfFields(Object.fromEntries(fields), number)
  } catch {
    return { line: number, reason: 'badLine' }
  }
}

function fieldText(name: string, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  if (Array.isArray(value)) return name.toLowerCase() === 'tags' ? value.map(String).join('|') : JSON.stringify(value)
  return String(value)
}
