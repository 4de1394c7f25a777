import { z } from 'zod'
import { accountView } from '#server/domain/accounts/index.ts'
import { decisionFacts, reportFacts } from '#server/domain/moderation/index.ts'
import { countNotifications, dismissAll, dismissAppGroup, dismissNotification, groupAccounts, groupedKinds, groupedNotifications, kindsOfTypes, notificationList, seeGroup, seeNotification } from '#server/domain/notifications/index.ts'
import type { NotificationAsk, NotificationKind, NotificationPart } from '#server/domain/notifications/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { Account, accountEntity, GroupedNotifications, groupedEntity, Notification, notificationEntity } from '#server/entities/index.ts'
import type { Around } from '#server/entities/index.ts'
import type { Call, Route } from '../route.ts'
import { linkPages, paging, route } from '../route.ts'
import { flag, maybe, pathId, texts, whole } from '../values.ts'

const which = { types: texts(40), exclude_types: texts(40), account_id: maybe(z.string().max(60)), include_filtered: maybe(flag), supported_types: texts(60) }
type Which = { types: string[]; exclude_types: string[]; account_id?: string; include_filtered?: boolean; max_id?: string; since_id?: string; min_id?: string; limit?: number }
const Empty = z.object({})
const Count = z.object({ count: z.int() }).meta({ id: 'CountResponse' })
const allTypes = ['mention', 'status', 'reblog', 'follow', 'follow_request', 'favourite', 'poll', 'update', 'quote', 'quoted_update', 'moderation_warning', 'admin.sign_up', 'admin.report']

/** Which notifications an app asks for. Types nobody knows are none. */
const askOf = (query: Which): NotificationAsk => ({
  maxId: query.max_id, sinceId: query.since_id, minId: query.min_id, limit: query.limit, fromId: query.account_id, withFiltered: query.include_filtered,
  kinds: kindsOfTypes((query.types.length ? query.types : allTypes).filter((type) => !query.exclude_types.includes(type))),
})

/** Links of a part of a list. */
export const linkPart = (call: Pick<Call, 'url' | 'reply'>, { first, last, full }: NotificationPart<unknown>) => linkPages(call, { older: full ? last : null, first })

/** What else these notifications speak of. */
export async function aroundOf({ app, me }: Pick<Call, 'app' | 'me'>, list: { kind: NotificationKind; data: Record<string, string> }[]): Promise<Around> {
  const of = (kind: NotificationKind, key: string) => list.flatMap((one) => one.kind === kind ? one.data[key] ?? [] : [])
  const [own, decisions, reports] = await Promise.all([accountView(app, me.id), decisionFacts(app, me, of('moderation', 'decisionId')), me.role === 'member' || me.state !== 'active' ? new Map() : reportFacts(app, me, of('report', 'reportId'))])
  if (!own) throw notFound()
  return { me: own, decisions, reports }
}

const groupedOf = (types: string[]) => types.length ? kindsOfTypes(types) : groupedKinds

export const notificationRoutes: Route[] = [
  route({
    method: 'GET', path: '/api/v1/notifications', summary: 'What happened to the member, one by one', access: 'member', scope: 'read:notifications', query: { ...paging(40, 80), ...which }, answer: z.array(Notification),
    async handle(call) {
      const part = await notificationList(call.app, call.me, askOf(call.query))
      linkPart(call, part)
      const around = await aroundOf(call, part.items)
      return part.items.map((view) => notificationEntity(view, around, call.speaker))
    },
  }),
  route({
    method: 'GET', path: '/api/v1/notifications/unread_count', summary: 'How many are newer than what was read', access: 'member', scope: 'read:notifications', query: { ...which, limit: maybe(whole(1, 1000)) }, answer: Count,
    async handle({ app, me, query }) { return { count: await countNotifications(app, me, { ...askOf(query), limit: undefined }, [], query.limit) } },
  }),
  route({
    method: 'GET', path: '/api/v1/notifications/:id', summary: 'One notification', access: 'member', scope: 'read:notifications', params: { id: pathId }, answer: Notification,
    async handle(call) {
      const view = await seeNotification(call.app, call.me, call.params.id)
      return notificationEntity(view, await aroundOf(call, [view]), call.speaker)
    },
  }),
  route({ method: 'POST', path: '/api/v1/notifications/clear', summary: 'Dismiss all', access: 'member', scope: 'write:notifications', answer: Empty, async handle({ app, me }) { await dismissAll(app, me); return {} } }),
  route({ method: 'POST', path: '/api/v1/notifications/:id/dismiss', summary: 'Dismiss one', access: 'member', scope: 'write:notifications', params: { id: pathId }, answer: Empty, async handle({ app, me, params }) { await dismissNotification(app, me, params.id); return {} } }),
  route({
    method: 'GET', path: '/api/v2/notifications', summary: 'What happened to the member, in groups', note: 'A group stands where its newest notification stands, and is shown once.', access: 'member', scope: 'read:notifications',
    query: { ...paging(40, 80), ...which, grouped_types: texts(40), expand_accounts: maybe(z.enum(['full', 'partial_avatars'])) }, answer: GroupedNotifications,
    async handle(call) {
      const part = await groupedNotifications(call.app, call.me, askOf(call.query), groupedOf(call.query.grouped_types))
      linkPart(call, part)
      return groupedEntity(part.items, await aroundOf(call, part.items), call.speaker, call.query.expand_accounts === 'partial_avatars')
    },
  }),
  route({
    method: 'GET', path: '/api/v2/notifications/unread_count', summary: 'How many groups are newer than what was read', access: 'member', scope: 'read:notifications', query: { ...which, grouped_types: texts(40), limit: maybe(whole(1, 1000)) }, answer: Count,
    async handle({ app, me, query }) { return { count: await countNotifications(app, me, { ...askOf(query), limit: undefined }, groupedOf(query.grouped_types), query.limit) } },
  }),
  route({
    method: 'GET', path: '/api/v2/notifications/:group_key', summary: 'One group', access: 'member', scope: 'read:notifications', params: { group_key: z.string().max(200) }, answer: GroupedNotifications,
    async handle(call) {
      const group = await seeGroup(call.app, call.me, call.params.group_key)
      return groupedEntity([group], await aroundOf(call, [group]), call.speaker)
    },
  }),
  route({
    method: 'GET', path: '/api/v2/notifications/:group_key/accounts', summary: 'Who is in a group', access: 'member', scope: 'read:notifications', params: { group_key: z.string().max(200) }, query: paging(40, 80), answer: z.array(Account),
    async handle(call) {
      const part = await groupAccounts(call.app, call.me, call.params.group_key, askOf({ ...call.query, types: [], exclude_types: [] }))
      linkPart(call, part)
      return part.items.map((view) => accountEntity(view, call.speaker))
    },
  }),
  route({ method: 'POST', path: '/api/v2/notifications/:group_key/dismiss', summary: 'Dismiss a group', access: 'member', scope: 'write:notifications', params: { group_key: z.string().max(200) }, answer: Empty, async handle({ app, me, params }) { await dismissAppGroup(app, me, params.group_key); return {} } }),
]
