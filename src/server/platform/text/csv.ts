/**
 * One line of CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front: words of members must
 * never run on the machine of whoever opens the file.
 */
export const csvLine = (cells: readonly (string | number | boolean)[]): string => `${cells.map(cell).join(',')}\r\n`

function cell(value: string | number | boolean): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The fields of one line of CSV (RFC 4180, without line breaks within a field); null where quotes don't close. */
export function csvFields(line: string): string[] | null {
  const fields: string[] = []
  for (let at = 0; at <= line.length;) {
    if (line[at] !== '"') {
      const end = line.indexOf(',', at)
      fields.push(line.slice(at, end < 0 ? undefined : end))
      if (end < 0) return fields
      at = end + 1
      continue
    }
    let text = ''
    for (at++; ;) {
      const end = line.indexOf('"', at)
      if (end < 0) return null
      text += line.slice(at, end)
      at = end + 1
      if (line[at] !== '"') break
      text += '"'
      at++
    }
    fields.push(text)
    if (at >= line.length) return fields
    if (line[at] !== ',') return null
    at++
  }
  return fields
}
