/**
 * One line of CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front: words of members must
 * never run on the machine of whoever opens the file.
 */
export const csvLine = (cells: readonly (string | number | boolean)[]): string => `${cells.map(cell).join(',')}\r\n`

function cell(value: string | number | boolean): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
