/** One way in which people hide a word or an address. `hide` gives undefined where it can't be done to this one. */
export type Evasion = { name: string; hide: (word: string) => string | undefined }

/** Made-up words in two scripts; they mean nothing in any language we know of. */
export const listedWords = ['glorpnik', 'vexamora', 'tralbesto', 'pnurdalic', 'quombissa', 'زغملوط', 'شرقنبوط', 'жгурмалка', 'блотрень']
/** Made-up, and short or of a shape that stands inside and across ordinary words: whole words only, so none of them may be found there. */
export const temptingWords = ['ismor', 'sonth', 'stran', 'mente', 'karab', 'ettan', 'ungen', 'ovani', 'dela', 'eston', 'alsal', 'ница']
/** Addresses below .example belong to nobody. */
export const listedHosts = ['glorpnik-deals.example', 'vexamora.example']

const latin = (word: string) => /^[a-z]+$/.test(word)
const arabic = (word: string) => /^[\u0621-\u064a]+$/.test(word)
const between = (sign: string) => (word: string) => [...word].join(sign)
const onlyLatin = (change: (word: string) => string) => (word: string) => (latin(word) ? change(word) : undefined)
const onlyArabic = (change: (word: string) => string) => (word: string) => (arabic(word) ? change(word) : undefined)
const swapped = (table: Record<string, string>) => (word: string) => {
  const changed = [...word].map((letter) => table[letter] ?? letter).join('')
  return changed === word ? undefined : changed
}
const alphabet = (start: number) => onlyLatin((word) => [...word].map((letter) => String.fromCodePoint(start + letter.charCodeAt(0) - 97)).join(''))
const middle = (sign: string) => (word: string) => `${word.slice(0, word.length >> 1)}${sign}${word.slice(word.length >> 1)}`

/** How a listed word is hidden. The last few read as the word to people only by guessing; they are here so that the figures are honest. */
export const wordEvasions: Evasion[] = [
  { name: 'as it is', hide: (word) => word },
  { name: 'capitals', hide: (word) => (arabic(word) ? undefined : word.toUpperCase()) },
  { name: 'mixed case', hide: (word) => (arabic(word) ? undefined : [...word].map((letter, at) => (at % 2 ? letter.toUpperCase() : letter)).join('')) },
  { name: 'accents', hide: swapped({ a: 'á', e: 'ê', i: 'ï', o: 'ö', u: 'ů' }) },
  { name: 'stacked marks', hide: onlyLatin(between('\u0301\u0330\u034f')) },
  { name: 'zero-width spaces', hide: between('\u200b') },
  { name: 'joiners', hide: between('\u200d\u2060') },
  { name: 'direction signs', hide: (word) => `\u202d${[...word].join('\u200e')}\u202c` },
  { name: 'soft hyphens', hide: between('\u00ad') },
  { name: 'variation selectors', hide: between('\ufe0f') },
  { name: 'unseen tags', hide: middle('\u{e0041}\u{e0042}') },
  { name: 'full width', hide: alphabet(0xff41) },
  { name: 'mathematical bold', hide: alphabet(0x1d41a) },
  { name: 'mathematical script', hide: alphabet(0x1d4ea) },
  { name: 'letters in circles', hide: alphabet(0x24d0) },
  { name: 'letters in squares', hide: alphabet(0x1f130) },
  { name: 'flag letters', hide: alphabet(0x1f1e6) },
  { name: 'some Cyrillic letters', hide: onlyLatin((word) => swapped({ a: 'а', o: 'о', i: 'і', e: 'е', c: 'с', x: 'х', p: 'р' })(word) ?? word) },
  { name: 'some Greek letters', hide: onlyLatin((word) => swapped({ o: 'ο', v: 'ν', i: 'ι', a: 'α' })(word) ?? word) },
  { name: 'Latin letters in Cyrillic', hide: (word) => (/^[а-я]+$/.test(word) ? swapped({ а: 'a', о: 'o', е: 'e', р: 'p', у: 'y', с: 'c' })(word) : undefined) },
  { name: 'digits', hide: onlyLatin((word) => swapped({ o: '0', e: '3', a: '4', i: '1', l: '1', s: '5' })(word) ?? word) },
  { name: 'signs', hide: onlyLatin((word) => word[0]! + (swapped({ a: '@', s: '$', i: '!' })(word.slice(1)) ?? word.slice(1))) },
  { name: 'drawn out', hide: (word) => word.replace(/[aoui\u0648ае]/u, (letter) => letter.repeat(6)) },
  { name: 'every letter thrice', hide: (word) => (arabic(word) ? undefined : [...word].map((letter) => letter.repeat(3)).join('')) },
  { name: 'spaced', hide: between(' ') },
  { name: 'spaced twice', hide: between('  ') },
  { name: 'dots between', hide: between('.') },
  { name: 'hyphens between', hide: between('-') },
  { name: 'underscores between', hide: between('_') },
  { name: 'stars between', hide: between('*') },
  { name: 'a dot within', hide: middle('.') },
  { name: 'a hyphen within', hide: middle('-') },
  { name: 'a number behind', hide: (word) => `${word}2024` },
  { name: 'in a tag', hide: (word) => `#${word}` },
  { name: 'underscores around', hide: (word) => `my_${word}_page` },
  { name: 'markdown within', hide: (word) => `**${word.slice(0, 3)}**${word.slice(3)}` },
  { name: 'Arabic vowels', hide: onlyArabic(between('\u064e')) },
  { name: 'stretched Arabic', hide: onlyArabic(between('\u0640\u0640')) },
  { name: 'Arabic drawn forms', hide: onlyArabic((word) => swapped({ 'ز': 'ﺯ', 'غ': 'ﻏ', 'م': 'ﻤ', 'ل': 'ﻠ', 'و': 'ﻮ', 'ط': 'ﻁ', 'ش': 'ﺷ', 'ر': 'ﺮ', 'ق': 'ﻗ', 'ن': 'ﻨ', 'ب': 'ﺒ' })(word) ?? word) },
  { name: 'digits and drawn out', hide: onlyLatin((word) => (swapped({ o: '0', a: '4', i: '1' })(word) ?? word).replace(/[^0-9]$/, (letter) => letter.repeat(5))) },
  { name: 'spaced digits and letters', hide: onlyLatin((word) => [...(swapped({ o: '0', a: '4' })(word) ?? word)].join(' ')) },
  { name: 'in two', hide: middle(' ') },
  { name: 'over two lines', hide: middle('\n') },
  { name: 'a letter starred out', hide: (word) => `${word.slice(0, 2)}*${word.slice(3)}` },
  { name: 'without vowels', hide: onlyLatin((word) => word.replace(/(?!^)[aeiou]/g, '')) },
  { name: 'two letters exchanged', hide: (word) => `${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}` },
  { name: 'backwards', hide: (word) => [...word].toReversed().join('') },
]

/** How a listed address is hidden. */
export const linkEvasions: Evasion[] = [
  { name: 'as it is', hide: (host) => `https://${host}/offer` },
  { name: 'below it', hide: (host) => `https://a.b.${host}/offer?x=1` },
  { name: 'capitals', hide: (host) => `HTTPS://${host.toUpperCase()}/` },
  { name: 'another name before @', hide: (host) => `https://harbour.example@${host}/` },
  { name: 'a port', hide: (host) => `http://${host}:8080/` },
  { name: 'a dot at the end', hide: (host) => `https://${host}./` },
  { name: 'percent signs', hide: (host) => `https://${host.replace('.', '%2e')}/` },
  { name: 'full width', hide: (host) => `https://${host.replace('.', '。')}/` },
  { name: 'Cyrillic letters', hide: (host) => `https://${host.replace('o', 'о')}/` },
  { name: 'punycode', hide: (host) => new URL(`https://${host.replace('o', 'о')}/`).href },
  { name: 'hxxp', hide: (host) => `hxxps://${host}/` },
  { name: '[.]', hide: (host) => host.replace('.', '[.]') },
  { name: '(dot)', hide: (host) => host.replace('.', ' (dot) ') },
  { name: 'a link with other words', hide: (host) => `[the harbour](https://${host}/x)` },
  { name: 'a shortener', hide: () => 'https://short.example/abc' },
]
