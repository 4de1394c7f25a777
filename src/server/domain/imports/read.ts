import { invalidForm, tooLarge } from '#server/platform/errors.ts'
import { csvFields } from '#server/platform/text/csv.ts'
import type { ImportKind } from './types.ts'

export const mostBytes = 1024 * 1024
export const mostRows = 20_000
const longestLine = 2000
/** First words of the heads that these files have; some have none. */
const heads = /^(account address|list name|title|#|\ufeff)/i

/**
 * Reads the lines of a CSV as it comes in; nothing is held beyond its limits. Refuses what is packed (it could unfold to anything),
 * what is no text, and what is too much. Problems name `file`.
 */
export async function readRows(kind: ImportKind, content: AsyncIterable<Uint8Array>): Promise<string[][]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const rows: string[][] = []
  let bytes = 0
  let rest = ''
  let first = true
  const bad = (message: string, params?: Record<string, number>) => invalidForm([{ field: 'file', message, params }])
  const take = (line: string) => {
    if (line.length > longestLine) throw bad('error.importLine')
    const trimmed = line.replace(/\r$/, '').replace(/^\ufeff/, '')
    if (!trimmed.trim() || (first && heads.test(trimmed))) { first = false; return }
    first = false
    const cells = csvFields(trimmed)?.map((cell) => cell.trim())
    if (!cells || !cells[0]) return
    if (rows.length >= mostRows) throw bad('error.importRows', { most: mostRows })
    rows.push(cells.slice(0, kind === 'filters' ? 6 : 4))
  }
  for await (const chunk of content) {
    if (bytes === 0 && isPacked(chunk)) throw bad('error.importPacked')
    bytes += chunk.length
    if (bytes > mostBytes) throw tooLarge('importTooLarge', { megabytes: mostBytes / 1024 / 1024 })
    let text: string
    try { text = decoder.decode(chunk, { stream: true }) } catch { throw bad('error.importNoText') }
    if (text.includes('\0')) throw bad('error.importNoText')
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) throw bad('error.importLine')
    for (const line of lines) take(line)
  }
  if (rest) take(rest)
  if (rows.length === 0) throw bad('error.importEmpty')
  return rows
}

/** ZIP, gzip, bzip2, xz, zstd, 7z, RAR: by their first bytes. */
function isPacked(chunk: Uint8Array): boolean {
  const start = Buffer.from(chunk.subarray(0, 6)).toString('hex')
  return ['504b', '1f8b', '425a68', 'fd377a585a00', '28b52ffd', '377abcaf271c', '52617221'].some((magic) => start.startsWith(magic))
}
