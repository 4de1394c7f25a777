import MarkdownIt from 'markdown-it'
import { cleanHtml } from './clean.ts'
import { markMentions, standsFor } from './marks.ts'
import type { Marks } from './marks.ts'

/** What the text's names stand for: filled by whoever renders. Keys are folded with `nameKey`. */
export type Known = {
  /** name as compared → username, for those who exist */
  people?: Map<string, string>
  /** shortcode → address of its picture on this site */
  emojis?: Map<string, string>
}
export type ReadText = {
  /** names after '@', as compared */
  mentions: string[]
  tags: { name: string; displayName: string }[]
  emojis: string[]
  /** addresses of links, in order */
  links: string[]
  html(known?: Known): string
}

const rules = ['text', 'newline', 'escape', 'backticks', 'strikethrough', 'emphasis', 'link', 'autolink', 'entity', 'balance_pairs', 'fragments_join', 'linkify', 'normalize', 'block', 'inline', 'text_join', 'code', 'fence', 'blockquote', 'list', 'paragraph']

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).set({ maxNesting: 20 } as never)
markdown.disable([...everyRule()].filter((rule) => !rules.includes(rule)), true)
markdown.linkify.set({ fuzzyEmail: false, fuzzyIP: false })
for (const scheme of ['ftp:', '//']) markdown.linkify.add(scheme, null as never)
markdown.validateLink = (url) => /^(https?:\/\/|mailto:)/i.test(url.trim())
markdown.core.ruler.after('linkify', 'marks', markMentions)

/** Text as HTML shows it, character for character. */
export const escapeHtml = (text: string): string => markdown.utils.escapeHtml(text)
const escape = escapeHtml
markdown.renderer.rules.mention = (tokens, index, _options, env) => {
  const token = tokens[index]!
  const username = (env as Known).people?.get(standsFor(token))
  return username ? `<a href="/@${encodeURIComponent(username)}" class="mention">@<span dir="auto">${escape(username)}</span></a>` : escape(token.content)
}
markdown.renderer.rules.tag = (tokens, index) => {
  const token = tokens[index]!
  return `<a href="/tags/${encodeURIComponent(standsFor(token))}" class="tag">${escape(token.content)}</a>`
}
markdown.renderer.rules.emoji = (tokens, index, _options, env) => {
  const token = tokens[index]!
  const src = (env as Known).emojis?.get(standsFor(token))
  return src ? `<img src="${escape(src)}" alt="${escape(token.content)}" title="${escape(token.content)}" class="emoji" width="20" height="20" loading="lazy">` : escape(token.content)
}
markdown.renderer.rules.host = (tokens, index) => ` <span class="link-host" dir="ltr">(${escape(tokens[index]!.content)})</span>`
markdown.renderer.rules.fence = (tokens, index) => `<pre><code>${escape(tokens[index]!.content)}</code></pre>\n`

/** Reads light Markdown once; `html` may then be called with what its names stand for. Never throws. */
export function readText(text: string): ReadText {
  const env: Marks = { mentions: new Set(), tags: new Map(), emojis: new Set(), links: [] }
  const tokens = markdown.parse(text, env)
  return {
    mentions: [...env.mentions], emojis: [...env.emojis], links: env.links,
    tags: [...env.tags].map(([name, displayName]) => ({ name, displayName })),
    html: (known = {}) => cleanHtml(markdown.renderer.render(tokens, markdown.options, known)).trim(),
  }
}

function everyRule(): Set<string> {
  const names = new Set<string>()
  for (const ruler of [markdown.core.ruler, markdown.block.ruler, markdown.inline.ruler, markdown.inline.ruler2]) {
    for (const rule of (ruler as unknown as { __rules__: { name: string }[] }).__rules__) names.add(rule.name)
  }
  return names
}
