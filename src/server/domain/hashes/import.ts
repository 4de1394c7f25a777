import { StringDecoder } from 'node:string_decoder'
import type { App } from '#server/app.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import { invalid, isHearthError, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { documentReaderOf, formatOf, formats, lineReaderOf } from './formats/index.ts'
import type { ListedRow, Parsed } from './formats/index.ts'
import { indexIfWorthIt } from './near.ts'
import { dropStaged, mergeStaged, stageRows } from './queries-entries.ts'
import type { StagedRow } from './queries-entries.ts'
import { countEntries, insertImport, markUpdated, selectList, updateImport } from './queries-lists.ts'
import { wantSweep } from './sweep.ts'
import type { ListId } from './types.ts'
import { readValue } from './values.ts'
import type { Refusal } from './values.ts'

type Actor = Parameters<typeof demandAdmin>[0]
export type ImportFile = { content: AsyncIterable<Buffer | string>; /** of the whole file, where known */ bytes?: number; /** one of `formats`; by its first words where it isn't given */ format?: string; /** what the file doesn't have is withdrawn */ replace?: boolean }
export type ImportResult = { format: string; lines: number; added: number; changed: number; withdrawn: number; refused: number; /** the first of them */ problems: { line: number; reason: Refusal }[] }
export type ImportProgress = (now: { bytes: number; total: number | null; lines: number; taking: boolean }) => void

const batch = 5_000
const mostProblems = 100
const mostDocument = 64 * 1024 * 1024
const longestLine = 4 * 1024 * 1024
/** More lines than one in so many refused: then a file can't say what isn't in it. */
const mostBadForReplace = 100

/**
 * Reads a file of listed values into a list. Lines that can't be taken are told with their number and reason; whatever is taken
 * over is taken over at once, or nothing of it, when the file ends too early or can't be read. Memory stays small for files of
 * any length. On record; what is stored is looked through afterwards. Only for admins and the command line.
 * Codes: notFound, formatUnknown, formatBroken, nothingRead, tooManyBad, documentTooLarge.
 */
export async function importHashes(app: App, actor: Actor, listId: string, file: ImportFile, onProgress: ImportProgress = () => {}): Promise<ImportResult> {
  demandAdmin(actor)
  const on = app.database.queries
  const list = isId(listId) ? await selectList(on, listId) : undefined
  if (!list || list.source === 'test') throw notFound()
  const id = app.newId<'import'>()
  await insertImport(on, { id, listId: list.id, actorId: typeof actor === 'string' ? null : actor.id, format: file.format ?? '', totalBytes: file.bytes ?? null, at: app.now() })
  const result: ImportResult = { format: file.format ?? '', lines: 0, added: 0, changed: 0, withdrawn: 0, refused: 0, problems: [] }
  const state = { bytes: 0, taken: 0, bad: 0, error: null as string | null }
  const write = (how: 'running' | 'done' | 'failed') => updateImport(on, id, { ...result, state: how, error: state.error, bytes: state.bytes, endedAt: how === 'running' ? null : app.now() })
  try {
    const { content, format } = await begun(file)
    result.format = format
    let rows: StagedRow[] = []
    for await (const parsed of parsedOf(content, format, (bytes) => { state.bytes += bytes })) {
      result.lines = Math.max(result.lines, parsed.line)
      const staged = stagedOf(parsed)
      if ('reason' in staged) {
        result.refused++
        // Kinds that Hearth doesn't know are no sign of a broken file: lists hold many.
        if (staged.reason !== 'unknownKind') state.bad++
        if (result.problems.length < mostProblems) result.problems.push(staged)
      } else { rows.push(staged); state.taken++ }
      if (rows.length < batch) continue
      await stageRows(on, id, rows)
      rows = []
      onProgress({ bytes: state.bytes, total: file.bytes ?? null, lines: result.lines, taking: false })
      await write('running')
    }
    await stageRows(on, id, rows)
    if (state.taken === 0) throw invalid('nothingRead')
    if (file.replace && state.bad * mostBadForReplace > result.lines) throw invalid('tooManyBad', { count: state.bad })
    onProgress({ bytes: state.bytes, total: file.bytes ?? null, lines: result.lines, taking: true })
    Object.assign(result, await takeOver(app, actor, { id, listId: list.id, replace: file.replace === true, format, refused: result.refused }))
    await write('done')
    await indexIfWorthIt(app)
    return result
  } catch (error) {
    state.error = isHearthError(error) ? error.code : 'internal'
    await dropStaged(on, id)
    await write('failed')
    throw error
  }
}

/** What was put aside becomes the list's, in one transaction. */
export async function takeOver(app: App, actor: Actor, from: { id: string; listId: ListId; replace: boolean; format: string; refused: number; /** the caller writes the act down */ quiet?: boolean; also?: (tx: Parameters<typeof countEntries>[0]) => Promise<void> }): Promise<{ added: number; changed: number; withdrawn: number }> {
  return app.database.inTransaction(async (tx) => {
    const batchId = app.newId<'batch'>()
    const merged = await mergeStaged(tx, from.id, from.listId, batchId, from.replace, app.now())
    await countEntries(tx, from.listId)
    await markUpdated(tx, from.listId, app.now())
    await from.also?.(tx)
    if (merged.added + merged.changed > 0) await wantSweep(app, tx, batchId)
    if (!from.quiet) await audit(app, tx, actor, 'hashes.import', { kind: 'settings', id: from.listId }, { format: from.format, ...merged, refused: from.refused })
    return merged
  })
}

/** The row as it is put aside, or why it isn't. */
export function stagedOf(parsed: Parsed): StagedRow | { line: number; reason: Refusal } {
  if ('reason' in parsed) return parsed
  const { line, row } = parsed
  const more = restOf(row)
  if (row.withdrawn && row.value.trim() === '') return row.sourceId ? { line, signal: row.signal, key: Buffer.alloc(0), body: null, ...more } : { line, reason: 'badField' }
  const value = readValue(row.signal, row.value)
  if (typeof value === 'string') return { line, reason: value }
  return { line, signal: value.signal, key: value.key, body: value.body, ...more, quality: row.quality ?? value.quality }
}

const restOf = (row: ListedRow) => ({
  quality: row.quality ?? null, tags: row.tags ?? [], opinion: row.opinion ?? null, confidence: row.confidence ?? null, severity: row.severity ?? null, sourceId: row.sourceId ?? null, mediaId: null, note: '',
  firstSeen: row.firstSeen ?? null, expiresAt: row.expiresAt ?? null, withdrawn: row.withdrawn === true,
})

/** The file with its format, which its first words tell where nobody does. */
async function begun(file: ImportFile): Promise<{ content: AsyncGenerator<Buffer>; format: string }> {
  const pieces = asBuffers(file.content)
  const first: Buffer[] = []
  let seen = 0
  while (seen < 4096) {
    const { value, done } = await pieces.next()
    if (done) break
    first.push(value)
    seen += value.length
  }
  const format = file.format ?? formatOf(Buffer.concat(first).toString('utf8', 0, 4096))
  if (!format || !formats.includes(format)) throw invalid('formatUnknown')
  return { format, content: (async function* () { yield* first; yield* pieces })() }
}

async function* asBuffers(content: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  for await (const piece of content) yield typeof piece === 'string' ? Buffer.from(piece) : piece
}

async function* parsedOf(content: AsyncIterable<Buffer>, format: string, onBytes: (bytes: number) => void): AsyncGenerator<Parsed> {
  const reader = lineReaderOf(format)
  if (reader) {
    let number = 0
    for await (const line of linesOf(content, onBytes)) {
      const parsed = line === null ? { line: ++number, reason: 'tooLong' as const } : reader(number === 0 ? line.replace(/^\uFEFF/, '') : line, ++number)
      if (parsed) yield parsed
    }
    return
  }
  const parts: Buffer[] = []
  let bytes = 0
  for await (const piece of content) {
    bytes += piece.length
    if (bytes > mostDocument) throw invalid('documentTooLarge')
    onBytes(piece.length)
    parts.push(piece)
  }
  const rows = documentReaderOf(format)!
  let read: Parsed[]
  try { read = rows(Buffer.concat(parts).toString('utf8').replace(/^\uFEFF/, '')) } catch { throw invalid('formatBroken') }
  yield* read
}

/** Lines of a stream; null for one that is longer than any can be. */
async function* linesOf(content: AsyncIterable<Buffer>, onBytes: (bytes: number) => void): AsyncGenerator<string | null> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let skipping = false
  for await (const piece of content) {
    onBytes(piece.length)
    const lines = (rest + decoder.write(piece)).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      yield skipping || line.length > longestLine ? null : line.replace(/\r$/, '')
      skipping = false
    }
    if (rest.length > longestLine) { rest = ''; skipping = true }
  }
  rest += decoder.end()
  if (rest !== '' || skipping) yield skipping ? null : rest
}
