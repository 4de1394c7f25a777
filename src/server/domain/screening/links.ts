import { domainToUnicode } from 'node:url'
import { readText } from '#server/platform/text/render.ts'
import { foldText } from './fold.ts'

/** userinfo: a name stands before the address's own · lookalike: letters imitate another name · shortener: tells nothing of where it leads */
export type Trick = 'userinfo' | 'lookalike' | 'shortener'
export type Link = { /** to ask for it */ address: string; url: string; /** small, ASCII, without 'www.' */ host: string; /** the host as it reads, look-alikes resolved */ reads: string; tricks: Trick[] }

const mostLinks = 50
/** Services that only shorten. Where their links lead is looked up after posting; the list needs not be whole for that. */
const shorteners = new Set(['bit.ly', 'buff.ly', 'cutt.ly', 'goo.gl', 'is.gd', 'lnkd.in', 'ow.ly', 'rb.gy', 'rebrand.ly', 's.id', 'shorturl.at', 't.co', 't.ly', 'tiny.cc', 'tinyurl.com', 'v.gd', 'short.example'])

/** The links of a text, in order, each once, at most fifty; also those written so that only people read them ('hxxp', 'site[.]example'). */
export function linksIn(text: string): Link[] {
  const disguised = [...text.slice(0, 20_000).matchAll(/\bhxxps?:\/\/[^\s<>"]{3,500}|\bhttps?:\/\/[^\s<>"/]{1,200}[@%。．｡][^\s<>"]{2,300}|(?<![\p{L}\p{N}.-])[\p{L}\p{N}-]{1,63}(?:\s?[[({]\s?(?:\.|dot|نقطة)\s?[\])}]\s?[\p{L}\p{N}-]{2,63}){1,5}(?:\/[^\s<>"]{0,300})?/giu)]
    .map(([found]) => found.replace(/^hxxp/i, 'http').replace(/\s?[[({]\s?(?:\.|dot|نقطة)\s?[\])}]\s?/giu, '.'))
  const all = [...readText(text).links, ...disguised.map((one) => (/^https?:/i.test(one) ? one : `http://${one}`))]
  return unique(all.slice(0, mostLinks).flatMap((address) => readLink(address) ?? []))
}

/** One address in the form that lists are compared with; null for what isn't a web address. */
export function readLink(address: string): Link | null {
  let url: URL
  try { url = new URL(address.trim()) } catch { return null }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  const host = url.hostname.replace(/\.$/, '').replace(/^www\./, '')
  if (!host || host.length > 253) return null
  const unicode = domainToUnicode(host) || host
  const reads = foldText(unicode).text
  const tricks: Trick[] = []
  if (url.username || url.password) tricks.push('userinfo')
  // Another name than it is, though not by accents alone: those are how many languages are written.
  if (unicode !== host && reads !== unicode && reads !== unicode.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase()) tricks.push('lookalike')
  if (shorteners.has(host)) tricks.push('shortener')
  return { address: url.href, url: addressForm(new URL(url), host), host, reads, tricks }
}

/** 'site.example/path?query': what remains when everything is gone that leads to the same place. */
function addressForm(url: URL, host: string): string {
  for (const name of new Set(url.searchParams.keys())) if (/^(?:utm_\w+|fbclid|gclid|mc_eid|igshid)$/i.test(name)) url.searchParams.delete(name)
  let path = url.pathname
  try { path = decodeURI(path) } catch { /* as it is */ }
  return `${host}${url.port ? `:${url.port}` : ''}${path.replace(/\/+$/, '')}${url.search}`.slice(0, 2_000)
}

/** A host and the domains above it: 'a.b.example' → itself, 'b.example', 'example'. */
export function domainsOf(host: string): string[] {
  const labels = host.split('.').slice(-10)
  return labels.map((_, at) => labels.slice(at).join('.'))
}

function unique(links: Link[]): Link[] {
  const known = new Set<string>()
  return links.filter((link) => !known.has(link.url) && known.add(link.url))
}
