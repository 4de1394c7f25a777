import { z } from 'zod'
import { addFilteredPost, addKeyword, changeFilter, changeKeyword, createFilter, filterOf, filtersOf, removeFilter, removeFilteredPost, removeKeyword, seeFilter } from '#server/domain/filters/index.ts'
import type { FilterView } from '#server/domain/filters/index.ts'
import { notFound } from '#server/platform/errors.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { flag, maybe, pathId, texts, whole, words } from '../values.ts'

const Context = z.enum(['home', 'notifications', 'public', 'thread', 'account'])
const Action = z.enum(['warn', 'hide', 'blur'])
const Keyword = z.object({ id: z.string(), keyword: z.string(), whole_word: z.boolean() }).meta({ id: 'FilterKeyword' })
const FilterStatus = z.object({ id: z.string(), status_id: z.string() }).meta({ id: 'FilterStatus' })
const Filter = z.object({
  id: z.string(), title: z.string(), context: z.array(Context), expires_at: z.iso.datetime().nullable(), filter_action: Action, keywords: z.array(Keyword), statuses: z.array(FilterStatus),
}).meta({ id: 'Filter' })
const V1Filter = z.object({ id: z.string(), phrase: z.string(), context: z.array(Context), expires_at: z.iso.datetime().nullable(), irreversible: z.boolean(), whole_word: z.boolean() }).meta({ id: 'V1Filter' })

const keyword = ({ id, keyword: text, wholeWord }: FilterView['keywords'][number]): z.infer<typeof Keyword> => ({ id, keyword: text, whole_word: wholeWord })
const entity = (view: FilterView): z.infer<typeof Filter> => ({
  id: view.id, title: view.title, context: view.contexts, expires_at: view.expiresAt, filter_action: view.action,
  keywords: view.keywords.map(keyword), statuses: view.posts.map(({ id, postId }) => ({ id, status_id: postId })),
})
/** The older form knows one phrase a filter: a filter with several is told as several, by its keywords' ids. */
const older = (view: FilterView): z.infer<typeof V1Filter>[] => view.keywords.map((one) => ({ id: one.id, phrase: one.keyword, context: view.contexts, expires_at: view.expiresAt, irreversible: view.action === 'hide', whole_word: one.wholeWord }))

const contexts = { context: texts(5) }
/** 0 and empty mean for ever. */
const expires = maybe(whole(0, 1_000_000_000))
const attributes = z.preprocess((value) => typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : value ?? undefined,
  z.array(z.object({ id: maybe(words(30)), keyword: maybe(words(1000)), whole_word: maybe(flag), _destroy: maybe(flag) })).max(100).optional())
const changesOf = (list: z.infer<typeof attributes>) => list?.map((one) => ({ id: one.id, keyword: one.keyword, wholeWord: one.whole_word, remove: one._destroy }))
const phrase = { phrase: words(1000), ...contexts, irreversible: maybe(flag), whole_word: maybe(flag), expires_in: expires }
const Empty = z.object({})
const id = { id: pathId }

export const filterRoutes: Route[] = [
  route({ method: 'GET', path: '/api/v2/filters', summary: 'The member’s filters', access: 'member', scope: 'read:filters', answer: z.array(Filter), async handle({ app, me }) { return (await filtersOf(app, me)).map(entity) } }),
  route({ method: 'GET', path: '/api/v2/filters/:id', summary: 'One filter', access: 'member', scope: 'read:filters', params: id, answer: Filter, async handle({ app, me, params }) { return entity(await seeFilter(app, me, params.id)) } }),
  route({
    method: 'POST', path: '/api/v2/filters', summary: 'Make a filter', access: 'member', scope: 'write:filters', answer: Filter,
    body: { title: words(1000), ...contexts, filter_action: maybe(Action), expires_in: expires, keywords_attributes: attributes },
    async handle({ app, me, body }) {
      return entity(await createFilter(app, me, {
        title: body.title, contexts: body.context, action: body.filter_action, seconds: body.expires_in || null,
        keywords: body.keywords_attributes?.flatMap((one) => one.keyword === undefined ? [] : [{ keyword: one.keyword, wholeWord: one.whole_word }]),
      }))
    },
  }),
  route({
    method: 'PUT', path: '/api/v2/filters/:id', summary: 'Change a filter', access: 'member', scope: 'write:filters', params: id, answer: Filter,
    body: { title: maybe(words(1000)), ...contexts, filter_action: maybe(Action), expires_in: expires, keywords_attributes: attributes },
    async handle({ app, me, params, body }) {
      return entity(await changeFilter(app, me, params.id, {
        title: body.title, contexts: body.context.length ? body.context : undefined, action: body.filter_action, seconds: body.expires_in === undefined ? undefined : body.expires_in || null, keywords: changesOf(body.keywords_attributes),
      }))
    },
  }),
  route({ method: 'DELETE', path: '/api/v2/filters/:id', summary: 'Remove a filter', access: 'member', scope: 'write:filters', params: id, answer: Empty, async handle({ app, me, params }) { await removeFilter(app, me, params.id); return {} } }),
  route({ method: 'GET', path: '/api/v2/filters/:filter_id/keywords', summary: 'A filter’s keywords', access: 'member', scope: 'read:filters', params: { filter_id: pathId }, answer: z.array(Keyword), async handle({ app, me, params }) { return (await seeFilter(app, me, params.filter_id)).keywords.map(keyword) } }),
  route({
    method: 'POST', path: '/api/v2/filters/:filter_id/keywords', summary: 'Add a keyword', access: 'member', scope: 'write:filters', params: { filter_id: pathId }, body: { keyword: words(1000), whole_word: maybe(flag) }, answer: Keyword,
    async handle({ app, me, params, body }) { return keyword(await addKeyword(app, me, params.filter_id, { keyword: body.keyword, wholeWord: body.whole_word })) },
  }),
  route({
    method: 'GET', path: '/api/v2/filters/keywords/:id', summary: 'One keyword', access: 'member', scope: 'read:filters', params: id, answer: Keyword,
    async handle({ app, me, params }) {
      const found = (await seeFilter(app, me, await filterOf(app, me, 'filter_keywords', params.id))).keywords.find((one) => one.id === params.id)
      if (!found) throw notFound()
      return keyword(found)
    },
  }),
  route({
    method: 'PUT', path: '/api/v2/filters/keywords/:id', summary: 'Change a keyword', access: 'member', scope: 'write:filters', params: id, body: { keyword: maybe(words(1000)), whole_word: maybe(flag) }, answer: Keyword,
    async handle({ app, me, params, body }) { return keyword(await changeKeyword(app, me, params.id, { keyword: body.keyword, wholeWord: body.whole_word })) },
  }),
  route({ method: 'DELETE', path: '/api/v2/filters/keywords/:id', summary: 'Remove a keyword', access: 'member', scope: 'write:filters', params: id, answer: Empty, async handle({ app, me, params }) { await removeKeyword(app, me, params.id); return {} } }),
  route({
    method: 'GET', path: '/api/v2/filters/:filter_id/statuses', summary: 'Posts that a filter names', access: 'member', scope: 'read:filters', params: { filter_id: pathId }, answer: z.array(FilterStatus),
    async handle({ app, me, params }) { return entity(await seeFilter(app, me, params.filter_id)).statuses },
  }),
  route({
    method: 'POST', path: '/api/v2/filters/:filter_id/statuses', summary: 'Filter one post', access: 'member', scope: 'write:filters', params: { filter_id: pathId }, body: { status_id: pathId }, answer: FilterStatus,
    async handle({ app, me, params, body }) { const one = await addFilteredPost(app, me, params.filter_id, body.status_id); return { id: one.id, status_id: one.postId } },
  }),
  route({
    method: 'GET', path: '/api/v2/filters/statuses/:id', summary: 'One filtered post', access: 'member', scope: 'read:filters', params: id, answer: FilterStatus,
    async handle({ app, me, params }) {
      const found = entity(await seeFilter(app, me, await filterOf(app, me, 'filter_posts', params.id))).statuses.find((one) => one.id === params.id)
      if (!found) throw notFound()
      return found
    },
  }),
  route({
    method: 'DELETE', path: '/api/v2/filters/statuses/:id', summary: 'Don’t filter this post', access: 'member', scope: 'write:filters', params: id, answer: FilterStatus,
    async handle({ app, me, params }) { const one = await removeFilteredPost(app, me, params.id); return { id: one.id, status_id: one.postId } },
  }),
  route({ method: 'GET', path: '/api/v1/filters', summary: 'The member’s filters, in the older form', access: 'member', scope: 'read:filters', answer: z.array(V1Filter), async handle({ app, me }) { return (await filtersOf(app, me)).flatMap(older) } }),
  route({
    method: 'POST', path: '/api/v1/filters', summary: 'Make a filter of one phrase', access: 'member', scope: 'write:filters', body: phrase, answer: V1Filter,
    async handle({ app, me, body }) {
      return older(await createFilter(app, me, { title: body.phrase, contexts: body.context, action: body.irreversible ? 'hide' : 'warn', seconds: body.expires_in || null, keywords: [{ keyword: body.phrase, wholeWord: body.whole_word }] }))[0]!
    },
  }),
  route({
    method: 'GET', path: '/api/v1/filters/:id', summary: 'One phrase', access: 'member', scope: 'read:filters', params: id, answer: V1Filter,
    async handle({ app, me, params }) { return olderOne(await seeFilter(app, me, await filterOf(app, me, 'filter_keywords', params.id)), params.id) },
  }),
  route({
    method: 'PUT', path: '/api/v1/filters/:id', summary: 'Change one phrase', access: 'member', scope: 'write:filters', params: id, body: phrase, answer: V1Filter,
    async handle({ app, me, params, body }) {
      const filterId = await filterOf(app, me, 'filter_keywords', params.id)
      const view = await changeFilter(app, me, filterId, {
        contexts: body.context.length ? body.context : undefined, action: body.irreversible === undefined ? undefined : body.irreversible ? 'hide' : 'warn', seconds: body.expires_in === undefined ? undefined : body.expires_in || null,
        keywords: [{ id: params.id, keyword: body.phrase, wholeWord: body.whole_word }],
      })
      return olderOne(view, params.id)
    },
  }),
  route({
    method: 'DELETE', path: '/api/v1/filters/:id', summary: 'Remove one phrase', access: 'member', scope: 'write:filters', params: id, answer: Empty,
    async handle({ app, me, params }) {
      const filterId = await filterOf(app, me, 'filter_keywords', params.id)
      const { keywords } = await seeFilter(app, me, filterId)
      // The last phrase goes with its filter.
      await (keywords.length > 1 ? removeKeyword(app, me, params.id) : removeFilter(app, me, filterId))
      return {}
    },
  }),
]

function olderOne(view: FilterView, keywordId: string): z.infer<typeof V1Filter> {
  const found = older(view).find((one) => one.id === keywordId)
  if (!found) throw notFound()
  return found
}
