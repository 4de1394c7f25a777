import { z } from 'zod'
import { readSettings } from '#server/domain/instance/index.ts'
import { seePost } from '#server/domain/posts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { escapeHtml } from '#server/platform/text/render.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { whole } from '../values.ts'

const Oembed = z.object({
  type: z.literal('rich'), version: z.literal('1.0'), title: z.string(), author_name: z.string(), author_url: z.url(), provider_name: z.string(), provider_url: z.url(),
  cache_age: z.int(), html: z.string(), width: z.int(), height: z.null(),
}).meta({ id: 'OEmbedResponse' })

/** What other sites may show of a post that anybody may read (oembed.com): a quotation, without a script or a frame. */
export const oembedRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/oembed', summary: 'A public post, for other sites to show', note: 'The HTML is a plain quotation: no script, no frame.', access: 'anyone', scope: null, answer: Oembed,
    query: { url: z.string().max(2000), maxwidth: whole(1, 10_000).default(400), maxheight: whole(1, 10_000).optional(), format: z.string().max(20).optional() },
    async handle({ app, query, speaker }) {
      const [, id] = URL.canParse(query.url) && new URL(query.url).origin === speaker.origin ? /^\/@[^/]+\/(\d+)\/?$/.exec(new URL(query.url).pathname) ?? [] : []
      if (!id || (query.format !== undefined && query.format !== 'json')) throw notFound()
      const [settings, post] = await Promise.all([readSettings(app), seePost(app, null, id)])
      const at = speaker.origin + encodeURI(post.url)
      const author = `${speaker.origin}/@${encodeURIComponent(post.author.username)}`
      const words = escapeHtml(post.warning || post.text || '…').replaceAll('\n', '<br>')
      return {
        type: 'rich' as const, version: '1.0' as const, title: `${post.author.name} (@${post.author.username})`, author_name: post.author.name, author_url: author, provider_name: settings.name, provider_url: speaker.origin, cache_age: 86_400,
        html: `<blockquote class="hearth-embed" cite="${escapeHtml(at)}"><p dir="auto">${words}</p><footer>${escapeHtml(post.author.name)}, <a href="${escapeHtml(at)}"><time datetime="${post.createdAt}">${post.createdAt.slice(0, 10)}</time></a></footer></blockquote>`,
        width: Math.min(query.maxwidth, 600), height: null,
      }
    },
  }),
]
