import { foldText } from './fold.ts'
import { rewrite, without } from './seen-text.ts'
import type { SeenText } from './seen-text.ts'

const stands: Record<string, string> = { '0': 'o', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g', '@': 'a', $: 's', '€': 'e', '£': 'l', '¢': 'c', '+': 't' }
/** Letters with signs or digits among them; a sign in front or behind is punctuation, a number behind is a number. */
const mixed = /(?<![\p{L}\p{N}@])(?=[\p{L}\p{N}@$!|€£¢+]{0,60}\p{L})[\p{L}\p{N}$|€£¢]{1,2}[\p{L}\p{N}@$!|€£¢+]{1,60}/gu
/** Three letters or more, each alone: 'g l o r p', 'g.l.0.r.p'. */
const spaced = /(?<![\p{L}\p{N}])[\p{L}0-9@$](?:[ ._\-*·•|/\\,~]{1,3}[\p{L}0-9@$](?![\p{L}\p{N}])){2}/u
const betweenLone = /(?<=(?<![\p{L}\p{N}])[\p{L}0-9@$])[ ._\-*·•|/\\,~]{1,3}(?=[\p{L}0-9@$](?![\p{L}\p{N}]))/gu
const inside = /(?<=\p{L})[._\-*·•'’`~^|/\\]{1,2}(?=\p{L})/gu
/** What was between two letters that a form has put together: there, a word may begin and end. */
export const separator = /[ ._\-*·•|/\\,~'’`^]/

/**
 * The forms of a text in which words hide: as it reads, with what separates letters taken out ('g l o r p', 'gl.orp'), with signs and
 * digits read as letters ('gl0rp'; a 1 as i and as l), with letters drawn out ('glooorp', as one and as two). Each form only where it
 * differs: an ordinary text has one.
 */
export function guisesOf(text: string): SeenText[] {
  const base = foldText(text)
  // eslint-disable-next-line no-control-regex
  const plain = /^[\x00-\x7f]*$/.test(text) ? [] : [foldText(text, false)]
  const whole = unique([base, ...plain])
  const closed = unique(whole.flatMap((one) => (spaced.test(one.text) ? [one, without(one, betweenLone)] : [one])))
  const read = unique(closed.flatMap((one) => (/[\d@$!|€£¢+]/.test(one.text) ? [one, ...['i', 'l', 'il', 'li'].map((ones) => asLetters(one, ones, false)), asLetters(one, 'i', true), asLetters(one, 'l', true)] : [one])))
  const drawn = read.flatMap((one) => /(\p{L})\1\1/u.test(one.text) ? [one, ...([() => 1, () => 2, (run: number) => (run > 4 ? 2 : 1)]).map((to) => shorten(one, to))] : [one])
  const all = unique(drawn)
  return unique([...all, ...all.map((one) => without(one, inside))])
}

/** Signs and digits as the letters they stand for; the first, second … 1 of a word as `ones` says. A number behind a word is a number, unless `all`. */
function asLetters(seen: SeenText, ones: string, all: boolean): SeenText {
  return rewrite(seen, mixed, ([whole]) => {
    const tail = (all ? /[!|+]+$/ : /(?:\d{2,}|[!|+]+)$/).exec(whole)
    const body = tail ? whole.slice(0, tail.index) : whole
    if (!/\p{L}/u.test(body) || !/[\d@$!|€£¢+]/.test(body)) return whole
    let at = 0
    return body.replace(/[\d@$!|€£¢+]/g, (sign) => stands[sign] ?? (sign === '2' ? sign : ones[at++ % ones.length]!)) + whole.slice(body.length)
  })
}

const shorten = (seen: SeenText, to: (run: number) => number) => rewrite(seen, /(\p{L})\1\1+/gu, (match) => match[1]!.repeat(to(match[0].length)))

function unique(all: SeenText[]): SeenText[] {
  const known = new Set<string>()
  return all.filter((one) => !known.has(one.text) && known.add(one.text))
}
