import { z } from 'zod'
import { findAccountByUsername, accountView } from '#server/domain/accounts/index.ts'
import { dismissSuggestion, suggestions, trendingPosts, trendingTags } from '#server/domain/discovery/index.ts'
import { sharedLinks } from '#server/domain/cards/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { makeReport } from '#server/domain/moderation/index.ts'
import { postViews } from '#server/domain/posts/index.ts'
import { search } from '#server/domain/search/index.ts'
import { Account, accountEntity, sharedEntity, Status, statusEntity, TrendsLink } from '#server/entities/index.ts'
import { notFound } from '#server/platform/errors.ts'
import type { Call, Route } from '../route.ts'
import { route } from '../route.ts'
import { flag, maybe, pathId, texts, whole, words } from '../values.ts'
import { Tag, tagEntity } from './tags.ts'

const Search = z.object({ accounts: z.array(Account), statuses: z.array(Status), hashtags: z.array(Tag) }).meta({ id: 'Search' })
const some = (usual: number) => ({ limit: whole(0, 1_000_000).default(usual), offset: whole(0, 1_000_000).default(0) })
const sources = { friends: 'friends_of_friends', tags: 'similar_to_recently_followed', active: 'most_interactions', newcomer: 'featured', staff: 'featured' } as const
const categories = { spam: 'spam', violation: 'rule', legal: 'illegal_goods', other: 'other' } as const

/** An address of this site names one account or post: apps find things by pasting it. */
async function byAddress({ app, viewer, speaker }: Call, q: string): Promise<z.infer<typeof Search> | null> {
  if (!q.startsWith(`${speaker.origin}/@`)) return null
  const [, name = '', id] = /^\/@([^/]+)(?:\/(\d+))?\/?$/.exec(new URL(q).pathname) ?? []
  const none = { accounts: [], statuses: [], hashtags: [] }
  if (id) return { ...none, statuses: (await postViews(app, viewer, [id])).map((view) => statusEntity(view, speaker)) }
  const found = name ? await findAccountByUsername(app, decodeURIComponent(name)) : null
  const view = found ? await accountView(app, found.id) : null
  return { ...none, accounts: view && view.state !== 'pending' && view.state !== 'deleted' ? [accountEntity(view, speaker)] : [] }
}

const suggested = async ({ app, me, query, speaker }: Call<unknown, { limit: number }>) =>
  (await suggestions(app, me, Math.min(80, query.limit))).map(({ account, reason }) => ({ source: reason.kind === 'friends' ? 'past_interactions' : 'staff', sources: [sources[reason.kind]], account: accountEntity(account, speaker) }))

export const discoveryRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v2/search', summary: 'Find people, posts and tags', access: 'anyone', scope: 'read:search', answer: Search,
    query: { ...some(20), q: words(1000).default(''), type: maybe(z.enum(['accounts', 'hashtags', 'statuses'])), resolve: flag.optional(), following: flag.optional(), account_id: maybe(words(30)), max_id: maybe(words(30)), min_id: maybe(words(30)), exclude_unreviewed: flag.optional() },
    async handle(call) {
      const { app, viewer, query, speaker, address } = call
      const addressed = await byAddress(call, query.q.trim())
      if (addressed) return addressed
      if (query.offset > 0 || !query.q.trim()) return { accounts: [], statuses: [], hashtags: [] }
      const kind = query.type === 'accounts' ? 'people' : query.type === 'hashtags' ? 'tags' : query.type === 'statuses' ? 'posts' : 'all'
      const found = await search(app, viewer, { q: query.q, kind, address }, { limit: Math.min(40, Math.max(1, query.limit)), before: query.max_id, after: query.min_id })
      return { accounts: found.people.map((view) => accountEntity(view, speaker)), statuses: found.posts.items.map((view) => statusEntity(view, speaker)), hashtags: found.tags.map((tag) => tagEntity(tag.displayName, speaker, { now: app.now() })) }
    },
  }),
  ...(['/api/v1/trends/tags', '/api/v1/trends'] as const).map((path) => route({
    method: 'GET', path, summary: 'What people talk about more than usual', access: 'anyone', scope: null, query: some(10), answer: z.array(Tag),
    async handle({ app, query, speaker }) { return (await trendingTags(app, 30)).slice(query.offset, query.offset + Math.min(20, query.limit)).map((tag) => tagEntity(tag.displayName, speaker, { days: tag.days, now: app.now() })) },
  })),
  route({
    method: 'GET', path: '/api/v1/trends/statuses', summary: 'Posts that many people answer to', access: 'anyone', scope: null, query: some(20), answer: z.array(Status),
    async handle({ app, viewer, query, speaker }) { return (await trendingPosts(app, viewer, 50)).slice(query.offset, query.offset + Math.min(40, query.limit)).map((view) => statusEntity(view, speaker)) },
  }),
  route({
    method: 'GET', path: '/api/v1/trends/links', summary: 'Links that several people share', access: 'anyone', scope: null, query: some(10), answer: z.array(TrendsLink),
    async handle({ app, viewer, query, speaker }) {
      if (!viewer && (await readSettings(app)).readMode === 'members') return []
      return (await sharedLinks(app)).slice(query.offset, query.offset + Math.min(20, query.limit)).map((one) => sharedEntity(one, speaker, app.now()))
    },
  }),
  route({
    method: 'GET', path: '/api/v2/suggestions', summary: 'Whom the member may like to follow', access: 'member', scope: 'read', query: { limit: whole(1, 1_000_000).default(40) }, answer: z.array(z.object({ source: z.string(), sources: z.array(z.string()), account: Account })), handle: suggested,
  }),
  route({
    method: 'GET', path: '/api/v1/suggestions', summary: 'The same, only the accounts', access: 'member', scope: 'read', query: { limit: whole(1, 1_000_000).default(40) }, answer: z.array(Account),
    async handle(call) { return (await suggested(call)).map((one) => one.account) },
  }),
  route({
    method: 'DELETE', path: '/api/v1/suggestions/:account_id', summary: 'Don’t suggest this one again', access: 'member', scope: 'read', params: { account_id: pathId }, answer: z.object({}),
    async handle({ app, me, params }) { if (!(await accountView(app, params.account_id))) throw notFound(); await dismissSuggestion(app, me, params.account_id); return {} },
  }),
  route({
    method: 'POST', path: '/api/v1/reports', summary: 'Report an account or its posts', access: 'member', scope: 'write:reports',
    body: { account_id: pathId, status_ids: texts(10), comment: maybe(words(10_000)), category: z.enum(['spam', 'legal', 'violation', 'other']).default('other'), rule_ids: texts(20), forward: maybe(flag) },
    answer: z.looseObject({}),
    async handle({ app, me, body, speaker }) {
      const target = await accountView(app, body.account_id)
      if (!target) throw notFound()
      const ruleId = body.rule_ids[0]
      const id = await makeReport(app, me, { accountId: target.id, postIds: body.status_ids, comment: body.comment, category: ruleId ? 'rule' : categories[body.category] === 'rule' ? 'other' : categories[body.category], ruleId })
      return {
        id, action_taken: false, action_taken_at: null, category: body.category, comment: body.comment ?? '', forwarded: false, created_at: app.now().toISOString(),
        status_ids: body.status_ids, rule_ids: body.rule_ids, collection_ids: null, target_account: accountEntity(target, speaker),
      }
    },
  }),
]
