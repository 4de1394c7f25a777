import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account as Me } from '#server/domain/accounts/index.ts'
import { hideLink, sharedLinks } from '#server/domain/cards/index.ts'
import { hiddenTags, tagSummary, trendingPosts, trendingTags } from '#server/domain/discovery/index.ts'
import { audit, demandStaff, hideTag, vetoTrend } from '#server/domain/moderation/index.ts'
import { seePost } from '#server/domain/posts/index.ts'
import { sharedEntity, speaker, Status, statusEntity, TrendsLink } from '#server/entities/index.ts'
import type { Speaker } from '#server/entities/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { readTag } from '#server/platform/text/tag.ts'
import { ApiError } from '../errors.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import type { Scope } from '../scopes.ts'
import { flag, whole, words } from '../values.ts'
import { Tag, tagEntity } from './tags.ts'

const some = { limit: whole(0, 1_000_000).default(20), offset: whole(0, 1_000_000).default(0) }
const reads = { access: 'member', scope: 'admin:read' } as const
const writes = { access: 'member', scope: 'admin:write' } as const
const AdminTag = Tag.extend({ trendable: z.boolean(), usable: z.boolean(), requires_review: z.boolean(), listable: z.boolean() }).meta({ id: 'AdminTag' })
const AdminLink = TrendsLink.extend({ id: z.string(), requires_review: z.boolean() }).meta({ id: 'AdminTrendsLink' })
const AdminStatus = Status.extend({ requires_review: z.boolean() }).meta({ id: 'AdminTrendsStatus' })

async function decideLink(app: App, me: Me, id: string, hidden: boolean): Promise<void> {
  demandStaff(me)
  await app.database.inTransaction(async (tx) => {
    if (!isId(id) || !await hideLink(app, tx, id, hidden)) throw notFound()
    await audit(app, tx, me, hidden ? 'trend.hide' : 'trend.show', { kind: 'card', id })
  })
}

const tagOf = (name: string) => { const tag = readTag(name); if (!tag) throw notFound(); return tag.name }
async function oneTag(app: App, me: Me, given: string, speaker: Speaker): Promise<z.infer<typeof AdminTag>> {
  const name = tagOf(given)
  const [summary, hidden] = await Promise.all([tagSummary(app, me, name), hiddenTags(app)])
  if (!summary) throw notFound()
  return { ...tagEntity(name, speaker, { days: summary.days, now: app.now() }), trendable: !hidden.some((tag) => tag.name === name), usable: true, requires_review: false, listable: true }
}
const verdicts = (kind: string, answer: z.ZodType<object>, decide: (app: App, me: Me, id: string, hidden: boolean) => Promise<object>): Route[] => (['approve', 'reject'] as const).map((verb) => route({
  method: 'POST', path: `/api/v1/admin/trends/${kind}/:id/${verb}`, summary: verb === 'reject' ? 'Take it out of trends' : 'Let it trend again', ...writes, params: { id: z.string().max(200) }, answer,
  handle: ({ app, me, params }) => decide(app, me, params.id, verb === 'reject'),
}))

/** Lists that guard against other servers, or against addresses that aren't kept: empty, and nothing can be put on them. */
const emptyLists: [string, Scope, Scope, boolean][] = [
  ['domain_blocks', 'admin:read:domain_blocks', 'admin:write:domain_blocks', true], ['domain_allows', 'admin:read:domain_allows', 'admin:write:domain_allows', false],
  ['email_domain_blocks', 'admin:read:email_domain_blocks', 'admin:write:email_domain_blocks', false], ['ip_blocks', 'admin:read:ip_blocks', 'admin:write:ip_blocks', true],
  ['canonical_email_blocks', 'admin:read:canonical_email_blocks', 'admin:write:canonical_email_blocks', false],
]
const nothing = z.array(z.never())
const emptyRoutes = emptyLists.flatMap(([name, read, write, changes]): Route[] => {
  const why = name.startsWith('domain') ? 'There are no other servers here' : 'No such addresses are kept here'
  const missing = { params: { id: z.string().max(200) }, answer: z.object({}) }
  const guard = (me: Me) => { demandStaff(me) }
  return [
    route({ method: 'GET', path: `/api/v1/admin/${name}`, summary: 'Empty', access: 'member', scope: read, answer: nothing, async handle({ me }) { guard(me); return [] } }),
    route({ method: 'POST', path: `/api/v1/admin/${name}`, summary: 'Refused', access: 'member', scope: write, answer: z.object({}), async handle({ me }): Promise<never> { guard(me); throw new ApiError(422, why) } }),
    route({ method: 'GET', path: `/api/v1/admin/${name}/:id`, summary: 'None', access: 'member', scope: read, ...missing, async handle({ me }): Promise<never> { guard(me); throw notFound() } }),
    ...changes ? [route({ method: 'PUT', path: `/api/v1/admin/${name}/:id`, summary: 'None', access: 'member', scope: write, ...missing, async handle({ me }): Promise<never> { guard(me); throw notFound() } })] : [],
    route({ method: 'DELETE', path: `/api/v1/admin/${name}/:id`, summary: 'None', access: 'member', scope: write, ...missing, async handle({ me }): Promise<never> { guard(me); throw notFound() } }),
  ]
})

export const adminRestRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/admin/trends/tags', summary: 'What trends, and what was taken out', ...reads, query: some, answer: z.array(AdminTag),
    async handle({ app, me, query, speaker }) {
      demandStaff(me)
      const [shown, hidden] = await Promise.all([trendingTags(app, 30), hiddenTags(app)])
      return [...shown.map((tag) => ({ ...tagEntity(tag.displayName, speaker, { days: tag.days, now: app.now() }), trendable: true })), ...hidden.map((tag) => ({ ...tagEntity(tag.displayName, speaker, { now: app.now() }), trendable: false }))]
        .slice(query.offset, query.offset + Math.min(40, query.limit)).map((tag) => ({ ...tag, usable: true, requires_review: false, listable: true }))
    },
  }),
  ...verdicts('tags', AdminTag, async (app, me, name, hidden) => {
    await hideTag(app, me, tagOf(name), hidden)
    return oneTag(app, me, name, await speaker(app, me.id))
  }),
  route({
    method: 'GET', path: '/api/v1/admin/tags/:id', summary: 'One tag', ...reads, params: { id: z.string().max(200) }, answer: AdminTag,
    async handle({ app, me, params, speaker }) {
      demandStaff(me)
      return oneTag(app, me, params.id, speaker)
    },
  }),
  route({
    method: 'PUT', path: '/api/v1/admin/tags/:id', summary: 'Take a tag out of trends, or let it back in', note: '`usable`, `listable` and `display_name` stay as they are: a tag is spelt as it was first written, and what is posted under it is decided post by post.', ...writes, params: { id: z.string().max(200) }, body: { trendable: flag.optional(), usable: flag.optional(), listable: flag.optional(), display_name: words(100).optional() }, answer: AdminTag,
    async handle({ app, me, params, body, speaker }) {
      demandStaff(me)
      if (body.trendable !== undefined) await hideTag(app, me, tagOf(params.id), !body.trendable)
      return oneTag(app, me, params.id, speaker)
    },
  }),
  route({
    method: 'GET', path: '/api/v1/admin/trends/statuses', summary: 'Posts that trend', ...reads, query: some, answer: z.array(AdminStatus),
    async handle({ app, me, query, speaker }) { demandStaff(me); return (await trendingPosts(app, me, 50)).slice(query.offset, query.offset + Math.min(40, query.limit)).map((view) => ({ ...statusEntity(view, speaker), requires_review: false })) },
  }),
  ...verdicts('statuses', z.object({ id: z.string(), requires_review: z.boolean() }), async (app, me, id, hidden) => {
    await vetoTrend(app, me, id, hidden)
    return { id: (await seePost(app, me, id as never)).id as string, requires_review: false }
  }),
  route({
    method: 'GET', path: '/api/v1/admin/trends/links', summary: 'Links that several people share', ...reads, query: some, answer: z.array(AdminLink),
    async handle({ app, me, query, speaker }) { demandStaff(me); return (await sharedLinks(app)).slice(query.offset, query.offset + Math.min(40, query.limit)).map((one) => ({ ...sharedEntity(one, speaker, app.now()), id: one.card.id, requires_review: false })) },
  }),
  ...verdicts('links', z.object({ id: z.string(), requires_review: z.boolean() }), async (app, me, id, hidden) => { await decideLink(app, me, id, hidden); return { id, requires_review: false } }),
  ...emptyRoutes,
]
