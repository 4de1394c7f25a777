import type { StateCore, Token } from 'markdown-it'
import { readTag } from './tag.ts'

/** What a text mentions, collected while it is read. */
export type Marks = { mentions: Set<string>; tags: Map<string, string>; emojis: Set<string>; links: string[] }

const word = '\\p{L}\\p{M}\\p{N}_'
const mark = new RegExp(`(?<![${word}/@#&.:])(?:@(?<mention>[${word}](?:[${word}.-]{0,60}[${word}])?)|[#＃](?<tag>[${word}\\u200c]{1,80}))|:(?<emoji>[a-z0-9_]{2,40}):`, 'giu')
const most = { mentions: 50, tags: 50, emojis: 100 }

/** What a mark stands for, as compared. */
export const standsFor = (token: Token) => String(token.meta?.stands ?? '')

/** How usernames are compared. */
export const nameKey = (name: string) => name.normalize('NFKC').toLowerCase()

/** A markdown-it rule: @names, #tags and :emoji: become tokens of their own; links get the host they lead to. */
export function markMentions(state: StateCore): void {
  const marks = state.env as Marks
  for (const block of state.tokens) {
    if (block.type !== 'inline' || !block.children) continue
    const children: Token[] = []
    let openLink: Token | null = null
    let inside = ''
    for (const token of block.children) {
      if (token.type === 'link_open') { openLink = token; inside = ''; dressLink(token, marks); children.push(token) }
      else if (token.type === 'link_close') {
        const bare = openLink?.markup === 'linkify' || openLink?.markup === 'autolink'
        const host = openLink && !bare ? hostOf(hrefOf(openLink)) : ''
        children.push(token)
        if (host && inside.trim().toLowerCase() !== host) children.push(make(state, 'host', host))
        openLink = null
      } else if (token.type === 'text' && !openLink) children.push(...split(state, token, marks))
      else {
        if (openLink && token.type === 'text') {
          if (openLink.markup === 'linkify' || openLink.markup === 'autolink') token.content = shortAddress(hrefOf(openLink))
          inside += token.content
        }
        children.push(token)
      }
    }
    block.children = children
  }
}

function dressLink(token: Token, marks: Marks): void {
  const href = hrefOf(token)
  marks.links.push(href)
  token.attrs = [['href', href], ['class', 'link'], ['rel', 'nofollow noopener noreferrer']]
}

const hrefOf = (token: Token) => String(token.attrGet('href') ?? '')

function split(state: StateCore, token: Token, marks: Marks): Token[] {
  const parts: Token[] = []
  let end = 0
  const text = token.content
  for (const found of text.matchAll(mark)) {
    const made = markOf(state, found, marks)
    if (!made) continue
    if (found.index > end) parts.push(make(state, 'text', text.slice(end, found.index)))
    parts.push(made)
    end = found.index + found[0].length
  }
  if (end === 0) return [token]
  if (end < text.length) parts.push(make(state, 'text', text.slice(end)))
  return parts
}

function markOf(state: StateCore, found: RegExpMatchArray, marks: Marks): Token | null {
  const { mention, tag, emoji } = found.groups ?? {}
  if (mention) {
    const key = nameKey(mention)
    if (marks.mentions.size >= most.mentions && !marks.mentions.has(key)) return null
    marks.mentions.add(key)
    return make(state, 'mention', found[0], key)
  }
  if (tag) {
    const read = readTag(tag)
    if (!read || (marks.tags.size >= most.tags && !marks.tags.has(read.name))) return null
    if (!marks.tags.has(read.name)) marks.tags.set(read.name, read.displayName)
    return make(state, 'tag', found[0], read.displayName)
  }
  if (!emoji || (marks.emojis.size >= most.emojis && !marks.emojis.has(emoji))) return null
  marks.emojis.add(emoji.toLowerCase())
  return make(state, 'emoji', found[0], emoji.toLowerCase())
}

function make(state: StateCore, type: string, content: string, stands = ''): Token {
  const token = new state.Token(type, '', 0)
  token.content = content
  token.meta = { stands }
  return token
}

/** The host a link really leads to (in ASCII form, so that look-alike letters show); '' when there is none. */
function hostOf(href: string): string {
  try { const url = new URL(href); return url.protocol === 'mailto:' ? url.pathname : url.host.replace(/^www\./, '') } catch { return '' }
}

/** 'example.com/a/long/pa…': the true host always whole, the rest shortened. */
export function shortAddress(href: string): string {
  let url: URL
  try { url = new URL(href) } catch { return href }
  if (url.protocol === 'mailto:') return url.pathname
  const rest = readable(`${url.pathname}${url.search}${url.hash}`).replace(/^\/$/, '')
  return url.host.replace(/^www\./, '') + (rest.length > 26 ? `${rest.slice(0, 25).toWellFormed().replace(/\ufffd$/, '')}…` : rest)
}

function readable(path: string): string {
  try {
    const plain = decodeURIComponent(path)
    return /[\s\p{C}]/u.test(plain) ? path : plain
  } catch { return path }
}
