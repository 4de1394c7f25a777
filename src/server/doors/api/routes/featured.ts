import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account as Member } from '#server/domain/accounts/index.ts'
import { directory } from '#server/domain/discovery/index.ts'
import { featuredTags, featureTag, suggestedTags, unfeatureTag } from '#server/domain/featured/index.ts'
import type { FeaturedTag as View } from '#server/domain/featured/index.ts'
import { markersOf, setMarkers } from '#server/domain/markers/index.ts'
import { endorse, endorsedBy, familiarFollowers, noteAccount, unendorse } from '#server/domain/relationships/index.ts'
import type { RelationshipView } from '#server/domain/relationships/index.ts'
import { Account, accountEntity } from '#server/entities/index.ts'
import type { Speaker } from '#server/entities/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { readTag } from '#server/platform/text/tag.ts'
import type { Call, Route } from '../route.ts'
import { askOf, linkPages, paging, route } from '../route.ts'
import { flag, maybe, pathId, texts, whole, words } from '../values.ts'
import { Relationship, relationship } from './relationship.ts'
import { someone } from './someone.ts'
import { Tag, tagEntity } from './tags.ts'

const FeaturedTag = z.object({ id: z.string(), name: z.string(), url: z.url(), statuses_count: z.string(), last_status_at: z.iso.date().nullable() }).meta({ id: 'FeaturedTag' })
const Marker = z.object({ last_read_id: z.string(), version: z.int(), updated_at: z.iso.datetime() }).meta({ id: 'Marker' })
const Markers = z.object({ home: Marker.optional(), notifications: Marker.optional() })
const id = { id: pathId }
const featured = (view: View, speaker: Speaker): z.infer<typeof FeaturedTag> => ({ id: view.id, name: view.displayName, url: `${speaker.origin}/tags/${encodeURIComponent(view.name)}`, statuses_count: String(view.postsCount), last_status_at: view.lastPostAt?.slice(0, 10) ?? null })

const markers = (found: Awaited<ReturnType<typeof markersOf>>): z.infer<typeof Markers> =>
  Object.fromEntries(Object.entries(found).map(([name, one]) => [name, { last_read_id: one.lastReadId, version: one.version, updated_at: one.updatedAt }]))
const mark = maybe(z.object({ last_read_id: words(30) }))

const presses: [string, string, (app: App, me: Member, id: string) => Promise<RelationshipView>][] = [
  ['endorse', 'Show somebody on one’s profile', endorse], ['pin', 'The older word for endorse', endorse], ['unendorse', 'Don’t show them any more', unendorse], ['unpin', 'The older word for unendorse', unendorse],
]
const accounts = async (call: Call, who: string, viewer: Member | null, query: Parameters<typeof askOf>[0]) => {
  const page = await endorsedBy(call.app, viewer, who, askOf(query))
  linkPages(call, page)
  return page.items.map((view) => accountEntity(view, call.speaker))
}

export const featuredRoutes: Route[] = [
  ...presses.map(([word, summary, press]) => route({
    method: 'POST', path: `/api/v1/accounts/:id/${word}`, summary, access: 'member', scope: 'write:accounts', params: id, answer: Relationship,
    async handle({ app, me, params }) { await someone(app, me, params.id); return relationship(params.id, await press(app, me, params.id)) },
  })),
  route({
    method: 'POST', path: '/api/v1/accounts/:id/note', summary: 'Note something about somebody, for oneself', access: 'member', scope: 'write:accounts', params: id, body: { comment: maybe(words(20_000)) }, answer: Relationship,
    async handle({ app, me, params, body }) { return relationship(params.id, await noteAccount(app, me, params.id, body.comment ?? '')) },
  }),
  route({ method: 'GET', path: '/api/v1/accounts/:id/endorsements', summary: 'Whom somebody shows on their profile', access: 'anyone', scope: 'read:accounts', params: id, query: paging(40, 80), answer: z.array(Account), async handle(call) { await someone(call.app, call.viewer, call.params.id); return accounts(call, call.params.id, call.viewer, call.query) } }),
  route({ method: 'GET', path: '/api/v1/endorsements', summary: 'Whom the member shows on their profile', access: 'member', scope: 'read:accounts', query: paging(40, 80), answer: z.array(Account), async handle(call) { return accounts(call, call.me.id, call.me, call.query) } }),
  route({
    method: 'GET', path: '/api/v1/accounts/familiar_followers', summary: 'Which of those whom the member follows follow these, too', access: 'member', scope: 'read:follows', query: { id: texts(40) }, answer: z.array(z.object({ id: z.string(), accounts: z.array(Account) })),
    async handle({ app, me, query, speaker }) {
      const ids = query.id.filter(isId)
      const found = await familiarFollowers(app, me, ids)
      return ids.map((one) => ({ id: one, accounts: (found.get(one) ?? []).map((view) => accountEntity(view, speaker)) }))
    },
  }),
  route({
    method: 'GET', path: '/api/v1/directory', summary: 'People who want to be found', access: 'anyone', scope: null, answer: z.array(Account),
    query: { limit: whole(0, 1_000_000).default(40), offset: whole(0, 100_000).default(0), order: maybe(z.enum(['active', 'new'])), local: flag.optional() },
    async handle({ app, viewer, query, speaker }) {
      return (await directory(app, viewer, { order: query.order ?? 'active', offset: query.offset, limit: Math.min(80, Math.max(1, query.limit)) })).map((view) => accountEntity(view, speaker))
    },
  }),
  route({ method: 'GET', path: '/api/v1/accounts/:id/featured_tags', summary: 'Tags that somebody shows on their profile', access: 'anyone', scope: 'read:accounts', params: id, answer: z.array(FeaturedTag), async handle({ app, viewer, params, speaker }) { await someone(app, viewer, params.id); return (await featuredTags(app, viewer, params.id)).map((one) => featured(one, speaker)) } }),
  route({ method: 'GET', path: '/api/v1/featured_tags', summary: 'Tags that the member shows on their profile', access: 'member', scope: 'read:accounts', answer: z.array(FeaturedTag), async handle({ app, me, speaker }) { return (await featuredTags(app, me, me.id)).map((one) => featured(one, speaker)) } }),
  route({ method: 'GET', path: '/api/v1/featured_tags/suggestions', summary: 'Tags that the member uses much', access: 'member', scope: 'read:accounts', answer: z.array(Tag), async handle({ app, me, speaker }) { return (await suggestedTags(app, me)).map((tag) => tagEntity(tag.displayName, speaker)) } }),
  route({ method: 'POST', path: '/api/v1/featured_tags', summary: 'Show a tag on one’s profile', access: 'member', scope: 'write:accounts', body: { name: words(200) }, answer: FeaturedTag, async handle({ app, me, body, speaker }) { return featured(await featureTag(app, me, body.name), speaker) } }),
  route({ method: 'DELETE', path: '/api/v1/featured_tags/:id', summary: 'Don’t show it any more', access: 'member', scope: 'write:accounts', params: id, answer: z.object({}), async handle({ app, me, params }) { await unfeatureTag(app, me, { id: params.id }); return {} } }),
  ...(['feature', 'unfeature'] as const).map((word) => route({
    method: 'POST', path: `/api/v1/tags/:name/${word}`, summary: word === 'feature' ? 'Show a tag on one’s profile' : 'Don’t show it any more', access: 'member', scope: 'write:accounts', params: { name: z.string() }, answer: Tag,
    async handle({ app, me, params, speaker }) {
      const tag = readTag(params.name)
      if (!tag) throw notFound()
      await (word === 'feature' ? featureTag(app, me, tag.displayName) : unfeatureTag(app, me, { name: tag.name }))
      return { ...tagEntity(tag.displayName, speaker), featuring: word === 'feature' }
    },
  })),
  route({
    method: 'GET', path: '/api/v1/markers', summary: 'How far the member has read', access: 'member', scope: 'read:statuses', query: { timeline: texts(2) }, answer: Markers,
    async handle({ app, me, query }) { return markers(await markersOf(app, me, (['home', 'notifications'] as const).filter((one) => query.timeline.includes(one)))) },
  }),
  route({
    method: 'POST', path: '/api/v1/markers', summary: 'Note how far the member has read', access: 'member', scope: 'write:statuses', body: { home: mark, notifications: mark }, answer: Markers,
    async handle({ app, me, body }) {
      return markers(await setMarkers(app, me, { ...body.home ? { home: body.home.last_read_id } : {}, ...body.notifications ? { notifications: body.notifications.last_read_id } : {} }))
    },
  }),
]
