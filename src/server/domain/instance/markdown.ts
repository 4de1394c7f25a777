import MarkdownIt from 'markdown-it'
import sanitize from 'sanitize-html'

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable(['image'])

/**
 * What the community's own people write (announcements, terms) as safe HTML: light Markdown, links.
 * Members' posts have their own renderer in posts.
 */
export function renderMarkdown(text: string): string {
  return sanitize(markdown.render(text), {
    allowedTags: ['p', 'br', 'a', 'strong', 'em', 's', 'ul', 'ol', 'li', 'h2', 'h3', 'h4', 'blockquote', 'code', 'pre', 'hr'],
    allowedAttributes: { a: ['href', 'rel', 'target'], ol: ['start'] },
    allowedSchemes: ['http', 'https', 'mailto'],
    transformTags: {
      // The page has its own h1.
      h1: 'h2', h5: 'h4', h6: 'h4',
      a: (_name, attributes) => {
        const away = /^https?:/i.test(attributes.href ?? '')
        const href = attributes.href ?? ''
        const attribs: Record<string, string> = away ? { href, rel: 'noopener noreferrer', target: '_blank' } : { href }
        return { tagName: 'a', attribs }
      },
    },
  }).trim()
}
