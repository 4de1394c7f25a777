import { z } from 'zod'
import type { App } from '#server/app.ts'
import type { Account as Member, AccountView } from '#server/domain/accounts/index.ts'
import type { RelationshipView } from '#server/domain/relationships/index.ts'
import { acceptFollow, block, blockedAccounts, follow, followedTags, followRequests, followTag, mute, mutedAccounts, refuseFollow, relationshipViews, removeFollower, unblock, unfollow, unfollowTag, unmute } from '#server/domain/relationships/index.ts'
import { tagSummary } from '#server/domain/discovery/index.ts'
import { readTag } from '#server/platform/text/tag.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import type { Page } from '#server/platform/page/index.ts'
import { Account, accountEntity } from '#server/entities/index.ts'
import type { Call, Route } from '../route.ts'
import { askOf, linkPages, paging, route } from '../route.ts'
import type { Scope } from '../scopes.ts'
import { flag, maybe, pathId, texts, whole } from '../values.ts'
import { Relationship, relationship } from './relationship.ts'
import { someone } from './someone.ts'
import { Tag, tagEntity } from './tags.ts'

const presses: [string, string, Scope, (app: App, me: Member, id: string) => Promise<RelationshipView>][] = [
  ['unfollow', 'Stop following', 'write:follows', unfollow], ['block', 'Block somebody', 'write:blocks', block], ['unblock', 'Unblock them', 'write:blocks', unblock],
  ['unmute', 'Unmute them', 'write:mutes', unmute], ['remove_from_followers', 'Take a follower away', 'write:follows', removeFollower],
]
const people = async (call: Call, page: Page<AccountView>) => {
  linkPages(call, page)
  return page.items.map((view) => accountEntity(view, call.speaker))
}

export const relationshipRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/accounts/relationships', summary: 'What is between the member and others', access: 'member', scope: 'read:follows', query: { id: texts(100), with_suspended: flag.optional() }, answer: z.array(Relationship),
    async handle({ app, me, query }) {
      const views = await relationshipViews(app, me, query.id.filter(isId))
      return query.id.flatMap((id) => { const view = views.get(id); return view ? [relationship(id, view)] : [] })
    },
  }),
  route({
    method: 'POST', path: '/api/v1/accounts/:id/follow', summary: 'Follow somebody, or change how', access: 'member', scope: 'write:follows', params: { id: pathId }, body: { reblogs: maybe(flag), notify: maybe(flag), languages: texts(50) }, answer: Relationship,
    async handle({ app, me, params, body }) { await someone(app, me, params.id); return relationship(params.id, await follow(app, me, params.id, { showBoosts: body.reblogs, notify: body.notify, languages: body.languages.length ? body.languages : undefined })) },
  }),
  route({
    method: 'POST', path: '/api/v1/accounts/:id/mute', summary: 'Mute somebody', access: 'member', scope: 'write:mutes', params: { id: pathId }, body: { notifications: maybe(flag), duration: maybe(whole(0, 1_000_000_000)) }, answer: Relationship,
    async handle({ app, me, params, body }) { await someone(app, me, params.id); return relationship(params.id, await mute(app, me, params.id, { seconds: body.duration || undefined, hideNotifications: body.notifications })) },
  }),
  ...presses.map(([word, summary, scope, press]) => route({
    method: 'POST', path: `/api/v1/accounts/:id/${word}`, summary, access: 'member', scope, params: { id: pathId }, answer: Relationship,
    async handle({ app, me, params }) { await someone(app, me, params.id); return relationship(params.id, await press(app, me, params.id)) },
  })),
  ...([['authorize', 'Accept a follower', acceptFollow], ['reject', 'Refuse a follower', refuseFollow]] as const).map(([word, summary, press]) => route({
    method: 'POST', path: `/api/v1/follow_requests/:account_id/${word}`, summary, access: 'member', scope: 'write:follows', params: { account_id: pathId }, answer: Relationship,
    async handle({ app, me, params }) { await someone(app, me, params.account_id); return relationship(params.account_id, await press(app, me, params.account_id)) },
  })),
  route({ method: 'GET', path: '/api/v1/follow_requests', summary: 'Who wants to follow', access: 'member', scope: 'read:follows', query: paging(40, 80), answer: z.array(Account), async handle(call) { return people(call, await followRequests(call.app, call.me, askOf(call.query))) } }),
  route({ method: 'GET', path: '/api/v1/blocks', summary: 'Whom the member blocks', access: 'member', scope: 'read:blocks', query: paging(40, 80), answer: z.array(Account), async handle(call) { return people(call, await blockedAccounts(call.app, call.me, askOf(call.query))) } }),
  route({
    method: 'GET', path: '/api/v1/mutes', summary: 'Whom the member mutes', access: 'member', scope: 'read:mutes', query: paging(40, 80), answer: z.array(Account.extend({ mute_expires_at: z.iso.datetime().nullable() })),
    async handle(call) {
      const page = await mutedAccounts(call.app, call.me, askOf(call.query))
      const between = await relationshipViews(call.app, call.me, page.items.map((view) => view.id))
      return (await people(call, page)).map((account) => ({ ...account, mute_expires_at: between.get(account.id)?.mutingUntil ?? null }))
    },
  }),
  route({
    method: 'GET', path: '/api/v1/followed_tags', summary: 'Tags that the member follows', access: 'member', scope: 'read:follows', query: paging(100, 200), answer: z.array(Tag),
    async handle({ app, me, speaker }) { return (await followedTags(app, me)).map((tag) => tagEntity(tag.displayName, speaker, { following: true })) },
  }),
  ...([['follow', 'Follow a tag', followTag], ['unfollow', 'Stop following a tag', unfollowTag]] as const).map(([word, summary, press]) => route({
    method: 'POST', path: `/api/v1/tags/:name/${word}`, summary, access: 'member', scope: 'write:follows', params: { name: z.string() }, answer: Tag,
    async handle({ app, me, params, speaker }) {
      const tag = readTag(params.name)
      if (!tag) throw notFound()
      await press(app, me, tag.displayName)
      const summaryNow = await tagSummary(app, me, tag.name)
      return tagEntity(tag.displayName, speaker, { days: summaryNow?.days, following: word === 'follow' })
    },
  })),
]
