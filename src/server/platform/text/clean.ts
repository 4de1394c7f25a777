import sanitizeHtml from 'sanitize-html'

/** Everything a member's text may become. The one allow-list. */
export const allowed = {
  tags: ['p', 'br', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'img', 'span'],
  attributes: { a: ['href', 'rel', 'class', 'title'], img: ['src', 'alt', 'title', 'class', 'width', 'height', 'loading'], span: ['class', 'dir'], ol: ['start'] } as Record<string, string[]>,
  schemes: ['http', 'https', 'mailto'],
  classes: { a: ['mention', 'tag', 'link'], img: ['emoji'], span: ['link-host'] } as Record<string, string[]>,
}

/** The one sanitiser: whatever comes in, only the allow-list comes out. */
export function cleanHtml(html: string): string {
  return sanitizeHtml(html, {
    allowedTags: allowed.tags,
    allowedAttributes: allowed.attributes,
    allowedClasses: allowed.classes,
    allowedSchemes: allowed.schemes,
    allowProtocolRelative: false,
    nestingLimit: 30,
    // Pictures are only our own emoji: a path on this site.
    exclusiveFilter: (frame) => frame.tag === 'img' && !/^\/(?!\/)[\w./%-]+$/.test(frame.attribs.src ?? ''),
    transformTags: {
      a: (tagName, attribs) => ({ tagName, attribs: attribs.href?.startsWith('/') ? attribs : { ...attribs, rel: 'nofollow noopener noreferrer' } }),
    },
  })
}
