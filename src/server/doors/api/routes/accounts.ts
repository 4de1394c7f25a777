import { createReadStream } from 'node:fs'
import { z } from 'zod'
import type { App } from '#server/app.ts'
import { accountView, accountViews, editProfile, findAccount, findAccountByUsername, profileOf, setPicture } from '#server/domain/accounts/index.ts'
import { acceptUpload } from '#server/domain/media/index.ts'
import { followers, followRequests, following } from '#server/domain/relationships/index.ts'
import { search } from '#server/domain/search/index.ts'
import { accountTimeline, pinnedPosts } from '#server/domain/timelines/index.ts'
import { Account, accountEntity, Field, roleIds, roleNames, Status, statusEntity, Visibility, audienceOf, visibilityOf } from '#server/entities/index.ts'
import type { Speaker } from '#server/entities/index.ts'
import { notFound } from '#server/platform/errors.ts'
import type { Call, Route } from '../route.ts'
import { askOf, linkPages, paging, route } from '../route.ts'
import { flag, maybe, pathId, texts, whole, words } from '../values.ts'
import { someone } from './someone.ts'
import { statusPage } from './timelines.ts'

const permissions = { member: '0', moderator: String(0x4 | 0x8 | 0x10 | 0x400), admin: '1', owner: '1' } as const
const CredentialAccount = Account.extend({
  source: z.looseObject({}), role: z.object({ id: z.string(), name: z.string(), color: z.string(), permissions: z.string(), highlighted: z.boolean() }),
}).meta({ id: 'CredentialAccount' })

const Profile = z.object({
  id: z.string(), display_name: z.string(), note: z.string(), fields: z.array(Field), avatar: z.url().nullable(), avatar_static: z.url().nullable(), avatar_description: z.string(), header: z.url().nullable(), header_static: z.url().nullable(), header_description: z.string(),
  locked: z.boolean(), bot: z.boolean(), hide_collections: z.boolean(), discoverable: z.boolean(), indexable: z.boolean(), show_media: z.boolean(), show_media_replies: z.boolean(), show_featured: z.boolean(), attribution_domains: z.array(z.string()), featured_tags: z.array(z.never()),
}).meta({ id: 'Profile' })
/** The profile as its owner wrote it. */
const profileEntity = (own: z.infer<typeof CredentialAccount>): z.infer<typeof Profile> => ({
  id: own.id, display_name: own.display_name, note: String(own.source['note'] ?? ''), fields: own.source['fields'] as z.infer<typeof Field>[], avatar: own.avatar, avatar_static: own.avatar_static, avatar_description: '', header: own.header, header_static: own.header_static, header_description: '',
  locked: own.locked, bot: own.bot, hide_collections: false, discoverable: own.discoverable, indexable: own.indexable, show_media: true, show_media_replies: true, show_featured: true, attribution_domains: [], featured_tags: [],
})

/** The member's own account, with what only they see. */
async function credentials(app: App, id: string, speaker: Speaker): Promise<z.infer<typeof CredentialAccount>> {
  const [view, me] = await Promise.all([accountView(app, id), findAccount(app, id)])
  if (!view || !me) throw notFound()
  const [own, requests] = await Promise.all([profileOf(app, me), followRequests(app, me, { limit: 40 })])
  return {
    ...accountEntity(view, speaker),
    source: {
      privacy: visibilityOf[me.defaultAudience], sensitive: false, language: me.defaultLanguage, note: own.bio, fields: own.fields.map((field) => ({ ...field, verified_at: null })),
      follow_requests_count: requests.items.length, discoverable: own.discoverable, indexable: own.discoverable, hide_collections: false, attribution_domains: [], quote_policy: 'public',
    },
    role: { id: roleIds[me.role], name: roleNames[me.role], color: '', permissions: permissions[me.role], highlighted: me.role !== 'member' },
  }
}

const pictures = { avatar: 10 * 1024 * 1024, header: 10 * 1024 * 1024 }
const fieldsAttributes = z.preprocess((value) => typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : value ?? undefined, z.array(z.object({ name: words(1000).default(''), value: words(5000).default('') })).max(10).optional())
const profile = {
  display_name: words(2000).optional(), note: words(20_000).optional(), locked: maybe(flag), bot: maybe(flag), discoverable: maybe(flag), fields_attributes: fieldsAttributes,
  source: maybe(z.object({ privacy: maybe(Visibility), language: maybe(words(20)) })),
}

async function update({ app, me, body, files, speaker }: Call<unknown, unknown, z.infer<z.ZodObject<typeof profile>>>) {
  await editProfile(app, me, {
    displayName: body.display_name, bio: body.note, locked: body.locked, bot: body.bot, discoverable: body.discoverable, fields: body.fields_attributes,
    defaultAudience: body.source?.privacy && audienceOf[body.source.privacy], defaultLanguage: body.source?.language,
  })
  for (const [field, which] of [['avatar', 'avatar'], ['header', 'cover']] as const) {
    const file = files.get(field)?.[0]
    if (!file) continue
    const stream = createReadStream(file.path)
    const media = await acceptUpload(app, me, stream, { name: file.name, purpose: which }).finally(() => stream.destroy())
    await setPicture(app, me, which, media.id)
  }
  return credentials(app, me.id, speaker)
}

export const accountRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/accounts/verify_credentials', summary: 'The member whom the token speaks for', access: 'member', scope: 'profile', answer: CredentialAccount,
    async handle({ app, me, speaker }) { return credentials(app, me.id, speaker) },
  }),
  route({
    method: 'PATCH', path: '/api/v1/accounts/update_credentials', summary: 'Change one’s own profile', access: 'member', scope: 'write:accounts', files: pictures, body: profile, answer: CredentialAccount, handle: update,
  }),
  route({
    method: 'GET', path: '/api/v1/profile', summary: 'One’s own profile', access: 'member', scope: 'read:accounts', answer: Profile,
    async handle({ app, me, speaker }) { return profileEntity(await credentials(app, me.id, speaker)) },
  }),
  route({
    method: 'PATCH', path: '/api/v1/profile', summary: 'Change one’s own profile', access: 'member', scope: 'write:accounts', files: pictures, body: profile, answer: Profile,
    async handle(call) { return profileEntity(await update(call)) },
  }),
  ...(['avatar', 'header'] as const).map((which) => route({
    method: 'DELETE', path: `/api/v1/profile/${which}`, summary: which === 'avatar' ? 'Take one’s picture away' : 'Take one’s cover away', access: 'member', scope: 'write:accounts', answer: CredentialAccount,
    async handle({ app, me, speaker }) { await setPicture(app, me, which === 'avatar' ? 'avatar' : 'cover', null); return credentials(app, me.id, speaker) },
  })),
  route({
    method: 'GET', path: '/api/v1/preferences', summary: 'What the member set for themselves', access: 'member', scope: 'read:accounts', answer: z.looseObject({}),
    async handle({ me }) {
      return {
        'posting:default:visibility': visibilityOf[me.defaultAudience], 'posting:default:sensitive': false, 'posting:default:language': me.defaultLanguage, 'posting:default:quote_policy': 'public',
        'reading:expand:media': 'default', 'reading:expand:spoilers': false, 'reading:autoplay:gifs': me.preferences.autoplay ?? false,
      }
    },
  }),
  route({
    method: 'GET', path: '/api/v1/accounts/lookup', summary: 'An account by its name', access: 'anyone', scope: 'read:accounts', query: { acct: words(300) }, answer: Account,
    async handle({ app, viewer, query, speaker }) {
      const [name = '', host] = query.acct.replace(/^@/, '').split('@')
      const found = host === undefined || host === new URL(speaker.origin).host ? await findAccountByUsername(app, name) : null
      if (!found) throw notFound()
      return accountEntity(await someone(app, viewer, found.id), speaker)
    },
  }),
  route({
    method: 'GET', path: '/api/v1/accounts/search', summary: 'Find people by name', access: 'member', scope: 'read:accounts', query: { q: words(300).default(''), limit: whole(0, 1_000_000).default(40), offset: whole(0, 1_000_000).default(0), following: flag.optional(), resolve: flag.optional() }, answer: z.array(Account),
    async handle({ app, me, query, speaker }) {
      if (query.offset > 0 || !query.q.trim()) return []
      const { people } = await search(app, me, { q: query.q.replace(/^@/, ''), kind: 'people' }, { limit: Math.min(80, Math.max(1, query.limit)) })
      return people.map((view) => accountEntity(view, speaker))
    },
  }),
  route({
    method: 'GET', path: '/api/v1/accounts', summary: 'Several accounts by their ids', access: 'anyone', scope: 'read:accounts', query: { id: texts(100) }, answer: z.array(Account),
    async handle({ app, query, speaker }) {
      const views = await accountViews(app, query.id.filter((id) => /^[1-9]\d{0,18}$/.test(id)))
      return query.id.flatMap((id) => { const view = views.get(id); return view && view.state !== 'deleted' && view.state !== 'pending' ? [accountEntity(view, speaker)] : [] })
    },
  }),
  route({
    method: 'GET', path: '/api/v1/accounts/:id', summary: 'See an account', access: 'anyone', scope: 'read:accounts', params: { id: pathId }, answer: Account,
    async handle({ app, viewer, params, speaker }) { return accountEntity(await someone(app, viewer, params.id), speaker) },
  }),
  route({
    method: 'GET', path: '/api/v1/accounts/:id/statuses', summary: 'Somebody’s posts', access: 'anyone', scope: 'read:statuses', params: { id: pathId }, answer: z.array(Status),
    query: { ...paging(20, 40), only_media: flag.optional(), exclude_replies: flag.optional(), exclude_reblogs: flag.optional(), pinned: flag.optional(), tagged: maybe(words(200)) },
    async handle(call) {
      const { app, viewer, params, query } = call
      await someone(app, viewer, params.id)
      if (query.pinned) return (await pinnedPosts(app, viewer, params.id)).map((view) => statusEntity(view, call.speaker))
      return statusPage(call, await accountTimeline(app, viewer, params.id, 'everything', { ...askOf(query), annotate: true, onlyMedia: query.only_media, noReplies: query.exclude_replies, noBoosts: query.exclude_reblogs, tag: query.tagged }))
    },
  }),
  ...([['followers', 'Who follows somebody', followers], ['following', 'Whom somebody follows', following]] as const).map(([word, summary, people]) => route({
    method: 'GET', path: `/api/v1/accounts/:id/${word}`, summary, access: 'anyone', scope: 'read:accounts', params: { id: pathId }, query: paging(40, 80), answer: z.array(Account),
    async handle(call) {
      await someone(call.app, call.viewer, call.params.id)
      const page = await people(call.app, call.viewer, call.params.id, askOf(call.query))
      linkPages(call, page)
      return page.items.map((view) => accountEntity(view, call.speaker))
    },
  })),
]
