import type { Speaker } from './speaker.ts'

const blocks = '(?:p|ul|ol|li|blockquote|pre|h[1-6]|hr|br)'
const afterBlock = new RegExp(`(</?${blocks}\\b[^>]*>)\\n+`, 'g')
const beforeBlock = new RegExp(`\\n+(?=</?${blocks}\\b)`, 'g')

/**
 * Our sanitised HTML as apps expect it: absolute links, Mastodon's class names for mentions and tags, and custom emoji as
 * ':name:' (apps put the pictures in themselves). Blocks follow each other without line ends, which some apps draw as empty
 * lines. Works on our renderer's own output only, whose shape is known.
 */
export function contentHtml(html: string, speaker: Pick<Speaker, 'origin'>): string {
  return html.replace(afterBlock, '$1').replace(beforeBlock, '')
    .replace(/<img [^>]*?alt="(:[a-z0-9_]+:)"[^>]*>/gi, '$1')
    .replace(/<a href="\/@([^"]*)" class="mention">@<span dir="auto">([^<]*)<\/span><\/a>/g, `<span class="h-card"><a href="${speaker.origin}/@$1" class="u-url mention">@<span>$2</span></a></span>`)
    .replace(/<a href="\/tags\/([^"]*)" class="tag">[#＃]?([^<]*)<\/a>/g, `<a href="${speaker.origin}/tags/$1" class="mention hashtag" rel="tag">#<span>$2</span></a>`)
    .replaceAll('href="/', `href="${speaker.origin}/`)
}
