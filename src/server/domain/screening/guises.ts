import { foldText } from './fold.ts'
import { rewrite, without } from './seen-text.ts'
import type { SeenText } from './seen-text.ts'

const stands: Record<string, string> = { '0': 'o', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g', '@': 'a', $: 's', '€': 'e', '£': 'l', '¢': 'c', '+': 't' }
/** Letters with signs or digits among them; a sign in front or behind is punctuation, a number behind is a number. */
const mixed = /(?<![\p{L}\p{N}@])(?=[\p{L}\p{N}@$!|€£¢+]{0,60}\p{L})[\p{L}\p{N}$|€£¢]{1,2}[\p{L}\p{N}@$!|€£¢+]{1,60}/gu
const spaced = /(?<![\p{L}\p{N}])\p{L}(?:[ ._\-*·•|/\\,~]{1,3}\p{L}(?![\p{L}\p{N}])){2,40}/gu
const inside = /(?<=\p{L})[._\-*·•'’`~^|/\\]{1,2}(?=\p{L})/gu

/**
 * The forms of a text in which words hide: as it reads, with signs and digits read as letters ('gl0rp', once with 1 as i, once as l),
 * with letters drawn out ('glooorp', as one and as two), with what separates letters taken out ('g l o r p', 'gl.orp'). Each form
 * only where it differs: an ordinary text has one.
 */
export function guisesOf(text: string): SeenText[] {
  const base = foldText(text)
  // eslint-disable-next-line no-control-regex
  const plain = /^[\x00-\x7f]*$/.test(text) ? [] : [foldText(text, false)]
  const read = unique([base, asLetters(base, 'i'), asLetters(base, 'l'), ...plain])
  const drawn = read.flatMap((one) => /(\p{L})\1\1/u.test(one.text) ? [shorten(one, 1), shorten(one, 2)] : [one])
  const all = unique([...read, ...drawn])
  const joined = all.flatMap((one) => {
    const closed = rewrite(one, spaced, ([whole]) => whole.replace(/[^\p{L}]/gu, ''))
    return [closed, without(closed, inside)]
  })
  return unique([...all, ...joined])
}

function asLetters(seen: SeenText, one: 'i' | 'l'): SeenText {
  return rewrite(seen, mixed, ([whole]) => {
    const tail = /(?:\d{2,}|[@$!|€£¢+]+)$/.exec(whole)
    const body = tail ? whole.slice(0, tail.index) : whole
    if (!/\p{L}/u.test(body) || !/[\d@$!|€£¢+]/.test(body)) return whole
    return body.replace(/[\d@$!|€£¢+]/g, (sign) => stands[sign] ?? (sign === '2' ? sign : one)) + whole.slice(body.length)
  })
}

const shorten = (seen: SeenText, to: 1 | 2) => rewrite(seen, /(\p{L})\1\1+/gu, (match) => match[1]!.repeat(to))

function unique(all: SeenText[]): SeenText[] {
  const known = new Set<string>()
  return all.filter((one) => !known.has(one.text) && known.add(one.text))
}
