import { z } from 'zod'
import { bookmarkedPosts, communityTimeline, homeTimeline, likedPosts, linkTimeline, tagTimeline } from '#server/domain/timelines/index.ts'
import type { Page, PostView } from '#server/domain/posts/index.ts'
import { Status, statusEntity } from '#server/entities/index.ts'
import type { Call, Route } from '../route.ts'
import { askOf, linkPages, paging, route } from '../route.ts'
import { flag, texts } from '../values.ts'

/** A page of posts as statuses, with its Link header. */
export function statusPage(call: Call, page: Page<PostView>): Status[] {
  linkPages(call, page)
  return page.items.map((view) => statusEntity(view, call.speaker))
}
const twenty = paging(20, 40)
const Statuses = z.array(Status)

export const timelineRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/timelines/home', summary: 'What those whom the member follows wrote', access: 'member', scope: 'read:statuses', kept: true, query: twenty, answer: Statuses,
    async handle(call) { return statusPage(call, await homeTimeline(call.app, call.me, { ...askOf(call.query), annotate: true })) },
  }),
  route({
    method: 'GET', path: '/api/v1/timelines/public', summary: 'Everyone’s posts', note: '`remote=true` is always empty: there are no other servers.', access: 'anyone', scope: 'read:statuses', kept: true, answer: Statuses,
    query: { ...twenty, local: flag.optional(), remote: flag.optional(), only_media: flag.optional() },
    async handle(call) { return call.query.remote ? [] : statusPage(call, await communityTimeline(call.app, call.viewer, { ...askOf(call.query), annotate: true, onlyMedia: call.query.only_media })) },
  }),
  route({
    method: 'GET', path: '/api/v1/timelines/tag/:hashtag', summary: 'Posts with a tag', access: 'anyone', scope: 'read:statuses', params: { hashtag: z.string() }, answer: Statuses,
    query: { ...twenty, local: flag.optional(), remote: flag.optional(), only_media: flag.optional(), any: texts(10), all: texts(10), none: texts(10) },
    async handle(call) { return call.query.remote ? [] : statusPage(call, await tagTimeline(call.app, call.viewer, call.params.hashtag, { ...askOf(call.query), annotate: true, onlyMedia: call.query.only_media, any: call.query.any, all: call.query.all, none: call.query.none })) },
  }),
  route({
    method: 'GET', path: '/api/v1/timelines/link', summary: 'Posts that share a link', access: 'anyone', scope: 'read:statuses', query: { ...twenty, url: z.string().max(2000) }, answer: Statuses,
    async handle(call) { return statusPage(call, await linkTimeline(call.app, call.viewer, call.query.url, { ...askOf(call.query), annotate: true })) },
  }),
  route({
    method: 'GET', path: '/api/v1/bookmarks', summary: 'What the member bookmarked', access: 'member', scope: 'read:bookmarks', query: twenty, answer: Statuses,
    async handle(call) { return statusPage(call, await bookmarkedPosts(call.app, call.me, askOf(call.query))) },
  }),
  route({
    method: 'GET', path: '/api/v1/favourites', summary: 'What the member likes', access: 'member', scope: 'read:favourites', query: twenty, answer: Statuses,
    async handle(call) { return statusPage(call, await likedPosts(call.app, call.me, askOf(call.query))) },
  }),
]
