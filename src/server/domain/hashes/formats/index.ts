import { readFilmDocument, readStopNcii, readTat, readThreatUpdates } from './documents.ts'
import type { DocumentReader } from './documents.ts'
import { csvReader, jsonLineReader, plainReader } from './lines.ts'
import type { LineReader } from './lines.ts'
import { readNcmec } from './ncmec.ts'

export type { ListedRow, Parsed } from './row.ts'
export { readStopNcii, readTat, readThreatUpdates } from './documents.ts'
export { readNcmec } from './ncmec.ts'

/** Files by their first words: those read line by line may be of any length, documents are read whole. */
const lineFormats: Record<string, () => LineReader> = { csv: csvReader, lines: plainReader, jsonl: jsonLineReader }
const documentFormats: Record<string, DocumentReader> = {
  ncmec: (text) => readNcmec(text).rows, stopncii: (text) => readStopNcii(text).rows, tat: (text) => readTat(text).rows, threatexchange: (text) => readThreatUpdates(text).rows, vpdq: readFilmDocument,
}
export const formats = [...Object.keys(lineFormats), ...Object.keys(documentFormats)]
export const lineReaderOf = (format: string): LineReader | undefined => lineFormats[format]?.()
export const documentReaderOf = (format: string): DocumentReader | undefined => documentFormats[format]

/** Which format a file that begins like this is most likely in; undefined where nothing fits. */
export function formatOf(beginning: string): string | undefined {
  const clean = beginning.replace(/^\uFEFF/, '').trimStart()
  const [first = ''] = clean.split('\n', 1)
  if (clean.startsWith('<')) return /queryResult/.test(clean) ? 'ncmec' : undefined
  if (clean.startsWith('[')) return 'vpdq'
  if (clean.startsWith('{')) {
    if (/"hashRecords"/.test(clean)) return 'stopncii'
    if (/"hash_digest"/.test(clean)) return 'tat'
    if (/"indicator"|"descriptors"/.test(clean)) return 'threatexchange'
    return /"(signal_value|signal_str|value|hash)"/i.test(first) ? 'jsonl' : undefined
  }
  if (/(^|,)"?(signal_value|signal_str|value|hash)"?(,|\r|$)/i.test(first)) return 'csv'
  if (/^\d+,\d{1,3},[0-9a-f]{64},/i.test(first)) return 'vpdq'
  return /^(#|[\w-]+\s+\S|[0-9a-f]{32,64}\s*$)/i.test(first) ? 'lines' : undefined
}
