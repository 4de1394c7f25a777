import { z } from 'zod'
import { alertTypes, changePush, endPush, pushSubscription, subscribeToPush } from '#server/domain/push/index.ts'
import type { Alerts, PushSubscription, PushWishes } from '#server/domain/push/index.ts'
import { sentToken } from '../authority.ts'
import type { Call, Route } from '../route.ts'
import { route } from '../route.ts'
import { flag, maybe } from '../values.ts'

const alertsOf = <Schema extends z.ZodType>(schema: Schema) => Object.fromEntries(alertTypes.map((type) => [type, schema])) as Record<typeof alertTypes[number], Schema>
const Subscription = z.object({ id: z.string(), endpoint: z.url(), standard: z.boolean(), alerts: z.object(alertsOf(z.boolean())), policy: z.enum(['all', 'followed', 'follower', 'none']), server_key: z.string() }).meta({ id: 'WebPushSubscription' })
const wishes = { alerts: maybe(z.object(alertsOf(maybe(flag)))), policy: maybe(z.enum(['all', 'followed', 'follower', 'none'])) }
const Wishes = z.object(wishes)
type Given = z.infer<typeof Wishes>

const entity = (own: PushSubscription): z.infer<typeof Subscription> => ({ id: own.id, endpoint: own.endpoint, standard: own.standard, alerts: own.alerts, policy: own.policy, server_key: own.serverKey })
const wishesOf = (given: Given | undefined): PushWishes => ({ alerts: given?.alerts as Partial<Alerts> | undefined, policy: given?.policy })
const deviceOf = ({ token }: Pick<Call, 'token'>) => ({ tokenId: token?.id ?? '0' })
/** The text of the app's token: its messages carry it, so that the app knows whose they are. */
const tokenText = ({ headers, url, body }: Pick<Call<unknown, unknown, { access_token?: string; bearer_token?: string }>, 'headers' | 'url' | 'body'>) =>
  /^Bearer\s+(\S+)$/i.exec(String(headers['authorization'] ?? ''))?.[1] ?? String(sentToken(Object.fromEntries(url.searchParams), body) ?? '')

export const pushRoutes: Route[] = [
  route({
    method: 'POST', path: '/api/v1/push/subscription', summary: 'Where messages for this app go from now on', note: 'An app has one subscription; it ends with its token.', access: 'member', scope: 'push', answer: Subscription,
    body: { access_token: maybe(z.string()), bearer_token: maybe(z.string()), subscription: z.object({ endpoint: z.string().max(2000), standard: maybe(flag), keys: z.object({ p256dh: z.string().max(200), auth: z.string().max(200) }) }), data: maybe(Wishes.extend({ policy: wishes.policy })), policy: wishes.policy },
    async handle(call) {
      const { app, me, body } = call
      const { data, subscription } = body
      return entity(await subscribeToPush(app, me, { ...deviceOf(call), token: tokenText(call) }, subscription, { ...wishesOf(data), policy: data?.policy ?? body.policy }))
    },
  }),
  route({ method: 'GET', path: '/api/v1/push/subscription', summary: 'This app’s subscription', access: 'member', scope: 'push', answer: Subscription, async handle(call) { return entity(await pushSubscription(call.app, deviceOf(call))) } }),
  route({
    method: 'PUT', path: '/api/v1/push/subscription', summary: 'Change what this app is told', access: 'member', scope: 'push', answer: Subscription, body: { data: maybe(Wishes), policy: wishes.policy },
    async handle(call) { return entity(await changePush(call.app, deviceOf(call), { ...wishesOf(call.body.data), policy: call.body.data?.policy ?? call.body.policy })) },
  }),
  route({ method: 'DELETE', path: '/api/v1/push/subscription', summary: 'Nothing is pushed any more', access: 'member', scope: 'push', answer: z.object({}), async handle(call) { await endPush(call.app, deviceOf(call)); return {} } }),
]
