const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** How many characters people see; stops counting above `enough`. */
export function countCharacters(text: string, enough = Infinity): number {
  let count = 0
  for (const _ of graphemes.segment(text)) if (++count > enough) break
  return count
}

/**
 * What may be stored of what was typed: well-formed Unicode, one kind of line end, no control characters,
 * no direction overrides (isolates and marks stay: Arabic and Hebrew need them).
 */
export function cleanText(text: string): string {
  return text.toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/(?![\n\t])\p{Cc}|[\u202d\u202e\ufeff\ufff9-\ufffb]/gu, '')
    .normalize('NFC')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{4,}/g, '\n\n\n')
    .trim()
}
