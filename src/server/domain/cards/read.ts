import { Parser } from 'htmlparser2'
import type { CardFacts } from './types.ts'

/** What is looked at of a page: its head. */
type Seen = { meta: Map<string, string>; title: string; language: string | null; oembed: string | null; canonical: string | null }

const longest = { title: 300, description: 600, name: 120, url: 2000 }

/** The characters of a page as its sender meant them: by the header, a mark at its beginning, or what its head says. Never throws. */
export function decodePage(body: Buffer, contentType: string): string {
  const named = /charset\s*=\s*["']?([\w-]+)/i.exec(contentType)?.[1] ?? (body[0] === 0xef && body[1] === 0xbb ? 'utf-8' : undefined)
    ?? /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(body.subarray(0, 4096).toString('latin1'))?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(named).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

/** What a page says about itself: Open Graph, Twitter's words, and plain HTML where there is nothing better. Null where it names no title. Never throws. */
export function readPage(html: string, url: string): (CardFacts & { oembed: string | null }) | null {
  const { meta, title, language, oembed, canonical } = look(html)
  const say = (...names: string[]) => names.map((name) => meta.get(name)).find((text) => text !== undefined && text !== '') ?? ''
  const named = plain(say('og:title', 'twitter:title') || title, longest.title)
  if (!named) return null
  const here = new URL(url)
  const elsewhere = address(canonical ?? say('og:url'), url)
  const type = say('og:type')
  const at = new Date(say('article:published_time', 'og:article:published_time', 'date', 'datepublished'))
  const author = say('author', 'article:author', 'twitter:creator')
  return {
    // A page may name its own better address, never another site's.
    url: elsewhere && new URL(elsewhere).host === here.host ? elsewhere : url,
    title: named, description: plain(say('og:description', 'twitter:description', 'description'), longest.description),
    kind: type.startsWith('video') ? 'video' : 'link', language: /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/.exec(say('og:locale').replace('_', '-') || language || '')?.[0] ?? null,
    authorName: /^https?:/i.test(author) ? '' : plain(author, longest.name), authorUrl: /^https?:/i.test(author) ? address(author, url) ?? '' : '',
    providerName: plain(say('og:site_name', 'application-name'), longest.name) || here.hostname.replace(/^www\./, ''), providerUrl: here.origin,
    publishedAt: Number.isNaN(at.getTime()) ? null : at,
    picture: address(say('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src'), url), pictureAlt: plain(say('og:image:alt', 'twitter:image:alt'), longest.description),
    oembed: oembed ? address(oembed, url) : null,
  }
}

/** What an oEmbed answer says, as far as it is words and addresses. Its HTML is never taken: what others write doesn't run here. */
export function readOembed(json: unknown, url: string): Partial<CardFacts> {
  if (typeof json !== 'object' || json === null) return {}
  const fields = new Map(Object.entries(json))
  const text = (name: string, most: number) => { const value: unknown = fields.get(name); return typeof value === 'string' ? plain(value, most) : '' }
  const link = (name: string) => { const value: unknown = fields.get(name); return typeof value === 'string' ? address(value, url) : null }
  const kind = text('type', 10)
  return Object.fromEntries(Object.entries({
    title: text('title', longest.title), authorName: text('author_name', longest.name), authorUrl: link('author_url') ?? '', providerName: text('provider_name', longest.name),
    picture: link('thumbnail_url') ?? (kind === 'photo' ? link('url') : null), kind: kind === 'photo' || kind === 'video' || kind === 'rich' ? kind : '',
  }).filter(([, value]) => value !== '' && value !== null)) as Partial<CardFacts>
}

function look(html: string): Seen {
  const seen: Seen = { meta: new Map(), title: '', language: null, oembed: null, canonical: null }
  let within = ''
  let ended = false
  const parser = new Parser({
    onopentag(name, attributes) {
      if (ended) return
      if (name === 'html') seen.language = attributes['lang'] ?? null
      if (name === 'title' && !seen.title) within = 'title'
      if (name === 'meta') {
        const key = (attributes['property'] ?? attributes['name'] ?? attributes['itemprop'] ?? '').trim().toLowerCase()
        // The first one counts: what comes later may be a comment's.
        if (key && seen.meta.size < 200 && !seen.meta.has(key)) seen.meta.set(key, attributes['content'] ?? '')
      }
      if (name === 'link') {
        const rel = (attributes['rel'] ?? '').toLowerCase().split(/\s+/)
        if (rel.includes('canonical')) seen.canonical ??= attributes['href'] ?? null
        if (rel.includes('alternate') && attributes['type']?.toLowerCase() === 'application/json+oembed') seen.oembed ??= attributes['href'] ?? null
      }
      if (name === 'body') ended = true
    },
    ontext(text) { if (within === 'title' && seen.title.length < 2000) seen.title += text },
    onclosetag(name) { if (name === 'title') within = '' },
  }, { decodeEntities: true, lowerCaseTags: true })
  // In pieces, so that a huge body isn't read for nothing.
  for (let at = 0; at < html.length && !ended; at += 16_384) parser.write(html.slice(at, at + 16_384))
  parser.end()
  return seen
}

/** One line of plain words: no control or direction characters, no runs of space. */
function plain(text: string, most: number): string {
  const line = text.toWellFormed().replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ').replace(/\s+/g, ' ').trim()
  return line.length > most ? `${Array.from(line.slice(0, most)).slice(0, -1).join('').trimEnd()}…` : line
}

function address(text: string | null | undefined, base: string): string | null {
  if (!text || !URL.canParse(text.trim(), base)) return null
  const url = new URL(text.trim(), base)
  return (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password && url.href.length <= longest.url ? url.href : null
}
