/** What is being typed at the caret and could be completed. `start` … `end` is what a choice replaces. */
export type Token = { kind: 'person' | 'tag' | 'emoji'; query: string; start: number; end: number }

const pattern = /(^|[\s([{"'«“‘/،؛])([@#＃:])([\p{L}\p{M}\p{N}_+-]{1,30})$/u
const kinds = { '@': 'person', '#': 'tag', '＃': 'tag', ':': 'emoji' } as const

/** The word before the caret that starts with @, # or : and can be completed; undefined where there is none. */
export function tokenAt(text: string, caret: number): Token | undefined {
  const found = pattern.exec(text.slice(Math.max(0, caret - 40), caret))
  const sign = found?.[2] as keyof typeof kinds | undefined
  const query = found?.[3] ?? ''
  if (!sign || (sign === ':' && query.length < 2)) return undefined
  const rest = /^[\p{L}\p{M}\p{N}_]*/u.exec(text.slice(caret))?.[0].length ?? 0
  // In the middle of a longer word nothing is offered: the member is correcting it.
  if (rest > 0) return undefined
  return { kind: kinds[sign], query, start: caret - query.length - 1, end: caret }
}

/** The text with the token replaced, a space after it, and where the caret goes. */
export function complete(text: string, token: Token, by: string): { text: string; caret: number } {
  const after = text.slice(token.end)
  const space = /^\s/.test(after) ? '' : ' '
  return { text: text.slice(0, token.start) + by + space + after, caret: token.start + by.length + 1 }
}
