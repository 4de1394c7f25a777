/** Characters in a post, as people count them. The server has the last word (posts room). */
export const mostCharacters = 5000
/** From here on the counter shows. */
const near = 500

let segmenter: Intl.Segmenter | undefined

/** How many characters are left; undefined while the limit is far. Negative when there are too many. */
export function charactersLeft(text: string, most = mostCharacters): number | undefined {
  const trimmed = text.trim()
  // No character is shorter than one code unit: below this the slow count isn't needed.
  if (trimmed.length < most - near) return undefined
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' })
  let count = 0
  for (const _ of segmenter.segment(trimmed)) count++
  return most - count > near ? undefined : most - count
}
