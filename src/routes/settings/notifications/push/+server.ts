import { json } from '@sveltejs/kit'
import { z } from 'zod'
import { alertTypes, pushServerKey, pushSubscription, subscribeToPush } from '#server/domain/push/index.ts'
import type { PushWishes } from '#server/domain/push/index.ts'
import { isHearthError, notSignedIn, invalid } from '#server/platform/errors.ts'
import { orJson } from '../../../forms.server.ts'
import type { RequestHandler } from './$types.ts'

const Subscription = z.object({ endpoint: z.string().max(2000), keys: z.object({ p256dh: z.string().max(200), auth: z.string().max(200) }) })
const quiet: readonly string[] = ['favourite', 'reblog']

/** The key a browser subscribes with. */
export const GET: RequestHandler = ({ locals }) => orJson(async () => {
  if (!locals.viewer) throw notSignedIn()
  return json({ key: await pushServerKey(locals.app) }, { headers: { 'cache-control': 'no-store' } })
})

/** This browser's subscription: what was switched on before stays so; at first everything is but likes and boosts, which come in crowds. */
export const POST: RequestHandler = ({ request, locals }) => orJson(async () => {
  const { app, viewer, sessionId } = locals
  if (!viewer || !sessionId) throw notSignedIn()
  const given = Subscription.safeParse(await request.json().catch(() => null))
  if (!given.success) throw invalid('badPushAddress')
  await app.limits.use({ name: 'push', most: 30, seconds: 3600 }, viewer.id)
  const known: PushWishes | null = await pushSubscription(app, { sessionId }).catch((error: unknown) => { if (isHearthError(error)) return null; throw error })
  await subscribeToPush(app, viewer, { sessionId }, { ...given.data, standard: true }, known ?? { alerts: Object.fromEntries(alertTypes.map((type) => [type, !quiet.includes(type)])) })
  return json({ ok: true }, { headers: { 'cache-control': 'no-store' } })
})
