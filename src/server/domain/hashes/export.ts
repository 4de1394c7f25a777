import type { App } from '#server/app.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { invalid, notAllowed, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectEntriesAfter, selectList, selectLists } from './queries-lists.ts'
import type { ExportedRow, ListRow } from './queries-lists.ts'

export const exportFormats = ['csv', 'jsonl', 'lines', 'tx-csv'] as const
type Actor = Parameters<typeof demandAdmin>[0]

const page = 2_000
const columns = ['signal_type', 'signal_value', 'quality', 'bank', 'category', 'severity', 'opinion', 'tags', 'source', 'source_id', 'first_seen', 'expires_at', 'withdrawn_at', 'confidence', 'seen', 'judged_right', 'judged_wrong']
const exchangeOpinion = { positive: 'POSITIVE_CLASS', negative: 'NEGATIVE_CLASS', seed: 'INVESTIGATION_SEED', disputed: 'DISPUTED' } as const

/**
 * The community's own lists, or one list, line by line in one of `exportFormats`. Lists of others may seldom be passed on, so they
 * come only with `others`, whose use is on record as well. Codes: badValue, notFound, listOfOthers.
 */
export async function exportHashes(app: App, actor: Actor, ask: { format: string; listId?: string; others?: boolean }): Promise<AsyncGenerator<string>> {
  demandAdmin(actor)
  const format = exportFormats.find((one) => one === ask.format)
  if (!format) throw invalid('badValue')
  const lists = ask.listId === undefined ? (await selectLists(app.database.queries)).filter((list) => list.source === 'own') : [isId(ask.listId) ? await selectList(app.database.queries, ask.listId) : undefined].filter((list) => list !== undefined)
  if (ask.listId !== undefined && lists.length === 0) throw notFound()
  if (!ask.others && lists.some((list) => list.source !== 'own')) throw notAllowed('listOfOthers')
  await app.database.inTransaction((tx) => audit(app, tx, actor, 'hashes.export', { kind: 'settings', id: ask.listId ?? 'own' }, { format, others: ask.others === true }))
  return lines(app, lists, format)
}

async function* lines(app: App, lists: ListRow[], format: (typeof exportFormats)[number]): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.join(',')}\n`
  if (format === 'tx-csv') yield 'signal_type,signal_str,collab,category,tags\n'
  for (const list of lists) for (let after = '0'; ;) {
    const rows = await selectEntriesAfter(app.database.queries, list.id, after, page)
    // Only our own formats can say that something is listed no more.
    for (const row of rows) if (!row.withdrawn_at || format === 'csv' || format === 'jsonl') yield `${lineOf(row, list, format)}\n`
    if (rows.length < page) break
    after = rows.at(-1)!.id
  }
}

function lineOf(row: ExportedRow, list: ListRow, format: (typeof exportFormats)[number]): string {
  const value = valueOf(row)
  const time = (date: Date | null) => date?.toISOString() ?? ''
  if (format === 'lines') return `${row.signal} ${value}`
  if (format === 'tx-csv') return [row.signal, value, list.name, exchangeOpinion[row.opinion], row.tags.join(' ')].map(quoted).join(',')
  const fields = [row.signal, value, row.quality ?? '', list.name, list.category, row.severity, row.opinion, row.tags.join('|'), list.source, row.source_id ?? '', time(row.first_seen), time(row.expires_at), time(row.withdrawn_at), row.confidence ?? '', row.seen, row.judged_right, row.judged_wrong].map(String)
  return format === 'csv' ? fields.map(quoted).join(',') : JSON.stringify(Object.fromEntries(columns.map((name, at) => [name, fields[at]]).filter(([, field]) => field !== '')))
}

/** The value as exchanges write it; a film's pictures each with the lowest quality of them, a second apart. */
function valueOf(row: ExportedRow): string {
  if (row.signal === 'tmk') return row.body?.toString('utf8') ?? ''
  if (row.signal !== 'vpdq' || !row.body) return row.key.toString('hex')
  const frames = Array.from({ length: row.body.length / 32 }, (_, at) => `${row.body!.toString('hex', at * 32, at * 32 + 32)},${row.quality ?? 100},${at.toFixed(3)}`)
  return JSON.stringify(frames)
}

/** A field that a spreadsheet would take for a formula is made text. */
function quoted(field: string): string {
  const safe = /^[=+@-]/.test(field) && !/^-?\d/.test(field) ? `'${field}` : field
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
