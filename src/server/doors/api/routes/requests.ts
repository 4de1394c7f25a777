import { z } from 'zod'
import { acceptRequests, dismissRequests, notificationPolicy, notificationRequest, notificationRequests, setNotificationPolicy } from '#server/domain/notifications/index.ts'
import type { NotificationPolicy, RequestSummary, Verdict } from '#server/domain/notifications/index.ts'
import { NotificationRequest, requestEntity } from '#server/entities/index.ts'
import type { Route } from '../route.ts'
import { paging, route } from '../route.ts'
import { flag, maybe, pathId, texts } from '../values.ts'
import { linkPart } from './notifications.ts'

const Empty = z.object({})
const Summary = z.object({ pending_requests_count: z.int(), pending_notifications_count: z.int() })
const verdict = z.enum(['accept', 'filter', 'drop'])
const Policy = z.object({ for_not_following: verdict, for_not_followers: verdict, for_new_accounts: verdict, for_private_mentions: verdict, for_limited_accounts: verdict, summary: Summary }).meta({ id: 'NotificationPolicy' })
const OldPolicy = z.object({ filter_not_following: z.boolean(), filter_not_followers: z.boolean(), filter_new_accounts: z.boolean(), filter_private_mentions: z.boolean(), summary: Summary }).meta({ id: 'V1_NotificationPolicy' })

const summaryOf = ({ requests, notifications }: RequestSummary) => ({ pending_requests_count: requests, pending_notifications_count: notifications })
const policy = (own: NotificationPolicy & { summary: RequestSummary }): z.infer<typeof Policy> => ({
  for_not_following: own.notFollowing, for_not_followers: own.notFollowers, for_new_accounts: own.newAccounts, for_private_mentions: own.privateMentions, for_limited_accounts: own.limitedAccounts, summary: summaryOf(own.summary),
})
const oldPolicy = (own: NotificationPolicy & { summary: RequestSummary }): z.infer<typeof OldPolicy> => ({
  filter_not_following: own.notFollowing !== 'accept', filter_not_followers: own.notFollowers !== 'accept', filter_new_accounts: own.newAccounts !== 'accept', filter_private_mentions: own.privateMentions !== 'accept', summary: summaryOf(own.summary),
})
const given = (change: Record<keyof NotificationPolicy, Verdict | undefined>): Partial<NotificationPolicy> => Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
const fromFlag = (wanted: boolean | undefined): Verdict | undefined => wanted === undefined ? undefined : wanted ? 'filter' : 'accept'
const oldBody = { filter_not_following: maybe(flag), filter_not_followers: maybe(flag), filter_new_accounts: maybe(flag), filter_private_mentions: maybe(flag) }
const decisions = [['accept', 'Let through', acceptRequests], ['dismiss', 'Take away', dismissRequests]] as const

export const requestRoutes: Route[] = [
  route({ method: 'GET', path: '/api/v2/notifications/policy', summary: 'Whose notifications the member wants', access: 'member', scope: 'read:notifications', answer: Policy, async handle({ app, me }) { return policy(await notificationPolicy(app, me)) } }),
  route({
    method: 'PATCH', path: '/api/v2/notifications/policy', summary: 'Change whose notifications the member wants', access: 'member', scope: 'write:notifications', answer: Policy,
    body: { for_not_following: maybe(verdict), for_not_followers: maybe(verdict), for_new_accounts: maybe(verdict), for_private_mentions: maybe(verdict), for_limited_accounts: maybe(verdict) },
    async handle({ app, me, body }) {
      await setNotificationPolicy(app, me, given({ notFollowing: body.for_not_following, notFollowers: body.for_not_followers, newAccounts: body.for_new_accounts, privateMentions: body.for_private_mentions, limitedAccounts: body.for_limited_accounts }))
      return policy(await notificationPolicy(app, me))
    },
  }),
  route({ method: 'GET', path: '/api/v1/notifications/policy', summary: 'The same in the words of old apps', access: 'member', scope: 'read:notifications', answer: OldPolicy, async handle({ app, me }) { return oldPolicy(await notificationPolicy(app, me)) } }),
  ...(['PUT', 'PATCH'] as const).map((method) => route({
    method, path: '/api/v1/notifications/policy', summary: 'Change it in the words of old apps', access: 'member', scope: 'write:notifications', body: oldBody, answer: OldPolicy,
    async handle({ app, me, body }) {
      await setNotificationPolicy(app, me, given({ notFollowing: fromFlag(body.filter_not_following), notFollowers: fromFlag(body.filter_not_followers), newAccounts: fromFlag(body.filter_new_accounts), privateMentions: fromFlag(body.filter_private_mentions), limitedAccounts: undefined }))
      return oldPolicy(await notificationPolicy(app, me))
    },
  })),
  route({
    method: 'GET', path: '/api/v1/notifications/requests', summary: 'Whose notifications were set aside', access: 'member', scope: 'read:notifications', query: paging(40, 80), answer: z.array(NotificationRequest),
    async handle(call) {
      const part = await notificationRequests(call.app, call.me, { maxId: call.query.max_id, sinceId: call.query.since_id, minId: call.query.min_id, limit: call.query.limit })
      linkPart(call, part)
      return part.items.map((view) => requestEntity(view, call.speaker))
    },
  }),
  route({ method: 'GET', path: '/api/v1/notifications/requests/merged', summary: 'Whether accepted requests stand among the rest: always, it is one step', access: 'member', scope: 'read:notifications', answer: z.object({ merged: z.boolean() }), async handle() { return { merged: true } } }),
  route({ method: 'GET', path: '/api/v1/notifications/requests/:id', summary: 'One request', access: 'member', scope: 'read:notifications', params: { id: pathId }, answer: NotificationRequest, async handle({ app, me, params, speaker }) { return requestEntity(await notificationRequest(app, me, params.id), speaker) } }),
  ...decisions.map(([word, summary, decide]) => route({ method: 'POST', path: `/api/v1/notifications/requests/${word}`, summary: `${summary}: several`, access: 'member', scope: 'write:notifications', body: { id: texts(80, 30) }, answer: Empty, async handle({ app, me, body }) { await decide(app, me, body.id); return {} } })),
  ...decisions.map(([word, summary, decide]) => route({
    method: 'POST', path: `/api/v1/notifications/requests/:id/${word}`, summary: `${summary}: one`, access: 'member', scope: 'write:notifications', params: { id: pathId }, answer: Empty,
    async handle({ app, me, params }) { await notificationRequest(app, me, params.id); await decide(app, me, [params.id]); return {} },
  })),
]
