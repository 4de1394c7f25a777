import { textSignals } from '../gather.ts'
import { readSettingsOf } from '../kit.ts'
import type { Kit } from '../kit.ts'
import { linksIn } from '../links.ts'
import { wordFinder } from '../words.ts'
import { linkEvasions, listedHosts, listedWords, temptingWords, wordEvasions } from './evasions.ts'
import { everyday } from './everyday.ts'
import { ordinary, ordinaryLinks } from './ordinary.ts'

export type CorpusFigures = {
  /** by kind of evasion: how many there were, how many were found, one that was not */
  words: { name: string; tried: number; found: number; missed: string | null }[]
  links: { name: string; tried: number; found: number; missed: string | null }[]
  /** by language: ordinary texts, and those in which something listed was seen */
  ordinary: { language: string; texts: number; alarms: string[] }[]
  /** milliseconds per text, the one in the middle of all */
  median: number
}

const listed = { listId: '1', list: 'corpus', action: 'block' as const }

/** Lists of made-up words and addresses, as screening keeps real ones. Needs no database. */
function corpusKit(): Kit {
  const entries = [...listedWords, ...temptingWords].map((value) => ({ id: value, listId: '1', value, how: 'whole' as const, exact: false, language: null }))
  return { version: '0', rules: [], words: wordFinder(entries), listNames: new Map([['1', 'corpus']]), domains: new Map(listedHosts.map((value) => [value, [{ ...listed, value }]])), urls: new Map(), settings: readSettingsOf({}) }
}

/**
 * How well screening sees through disguises: listed made-up words and addresses hidden in every way we know of, within a sentence of
 * their own script, and ordinary texts in nine languages. The same code looks at them as looks at posts.
 */
export function measureCorpus(): CorpusFigures {
  const kit = corpusKit()
  const times: number[] = []
  const signals = (text: string, language: string | null) => {
    const since = performance.now()
    const seen = textSignals(kit, { subject: 'post', text, language, mentions: 0, mediaIds: [] }, linksIn(text))
    times.push(performance.now() - since)
    return seen
  }
  const words = wordEvasions.map(({ name, hide }) => figure(name, listedWords.map((word) => [word, hide(word)]), (hidden, word) => signals(within(word, hidden), null).words.some((one) => one.value === word)))
  const links = linkEvasions.map(({ name, hide }) => figure(name, listedHosts.map((host) => [host, hide(host)]), (hidden, host) => signals(`Look here: ${hidden} today`, null).linked.some((one) => one.value === host)))
  const languages = [...new Set([...Object.keys(ordinary), ...Object.keys(everyday)])]
  const calm = languages.map((language) => ({ language, texts: [...ordinary[language] ?? [], ...everyday[language] ?? []] })).map(({ language, texts }) => ({ language, texts: texts.length, alarms: texts.filter((text) => signals(text, language).words.length > 0) }))
  calm.push({ language: 'links', texts: ordinaryLinks.length, alarms: ordinaryLinks.filter((text) => signals(text, null).linked.length > 0) })
  times.sort((one, other) => one - other)
  return { words, links, ordinary: calm, median: times[times.length >> 1]! }
}

function figure(name: string, all: [string, string | undefined][], finds: (hidden: string, what: string) => boolean) {
  const hidden = all.filter((one): one is [string, string] => one[1] !== undefined)
  const missed = hidden.filter(([what, text]) => !finds(text, what))
  return { name, tried: hidden.length, found: hidden.length - missed.length, missed: missed[0]?.[1] ?? null }
}

function within(word: string, hidden: string): string {
  if (/^[\u0621-\u064a]/.test(word)) return `قال الجار ${hidden} ثم مضى إلى السوق`
  if (/^[а-я]/.test(word)) return `Сосед сказал ${hidden} и пошёл домой`
  return `The neighbour said ${hidden} and went home`
}
