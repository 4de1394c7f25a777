import { foldText, plainText } from './fold.ts'
import { readLink } from './links.ts'
import type { Entry } from './queries-lists.ts'
import { readPattern } from './words.ts'

export type BadLine = { line: number; text: string }
type Read = Omit<Entry, 'id'>
const mostLines = 50_000
const mostBad = 20
/** Shorter words inside others would be found everywhere. */
const fewestInside = 3

/**
 * Entries of a list, one a line, or CSV with a head of which `value` is needed. `given`: what is meant where a line doesn't say. What
 * is no entry (an address that is none, a pattern that could take for ever, two letters inside words) is named by its line.
 */
export function readEntries(text: string, kind: 'words' | 'links', given: { how?: string; action?: string; exact?: boolean }): { entries: Read[]; bad: BadLine[] } {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n?|\n/, mostLines)
  const head = cells(lines[0] ?? '').map((one) => one.toLowerCase())
  const hasHead = head.includes('value')
  const entries: Read[] = []
  const bad: BadLine[] = []
  lines.forEach((line, at) => {
    if ((hasHead && at === 0) || !line.trim()) return
    const parts = hasHead ? cells(line) : [line.trim()]
    const cell = (name: string) => (hasHead ? parts[head.indexOf(name)]?.trim() : undefined)
    const value = hasHead ? cell('value') ?? '' : parts[0]!
    const action = (['block', 'warn', 'allow'] as const).find((one) => one === (cell('action') || given.action)) ?? 'block'
    const entry = kind === 'links' ? linkEntry(value, cell('how') || given.how) : wordEntry(value, cell('how') || given.how, cell('exact') ? cell('exact') === 'yes' || cell('exact') === 'true' : given.exact === true)
    if (entry) entries.push({ ...entry, action })
    else if (bad.length < mostBad) bad.push({ line: at + 1, text: line.slice(0, 100) })
  })
  return { entries, bad }
}

function wordEntry(value: string, how: string | undefined, exact: boolean): Omit<Read, 'action'> | null {
  if (how === 'pattern') return readPattern(value) ? { value, how: 'pattern', exact: false } : null
  const folded = (exact ? plainText(value) : foldText(value)).text.trim()
  const inside = how === 'inside'
  if (!/[\p{L}\p{N}]/u.test(folded) || value.length > 200 || (inside && [...folded].length < fewestInside)) return null
  return { value: value.trim(), how: inside ? 'inside' : 'whole', exact }
}

/** 'site.example' and below it, or one address. */
function linkEntry(value: string, how: string | undefined): Omit<Read, 'action'> | null {
  const link = readLink(/^https?:\/\//i.test(value) ? value : `https://${value.replace(/^\*?\.(?=\S)/, '')}`)
  if (!link || !link.host.includes('.')) return null
  const whole = how === 'url' || (how !== 'domain' && link.url !== link.host)
  return { value: whole ? link.url : link.host, how: whole ? 'url' : 'domain', exact: false }
}

/** One line of CSV (RFC 4180, without line ends inside). */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => (quoted === undefined ? plain ?? '' : quoted.replaceAll('""', '"')))
}
