import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { editProfile, findAccount, setState } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { setNotificationPolicy } from '#server/domain/notifications/index.ts'
import { createPost, likePost, removePost } from '#server/domain/posts/index.ts'
import { follow } from '#server/domain/relationships/index.ts'
import { createAccessToken, viewerFromToken } from '#server/domain/apps/index.ts'
import { openSession, signOut, viewerFromSession } from '#server/domain/sessions/index.ts'
import { person } from '../../../../tests/people.ts'
import { openPushService, signedBy } from '../../../../tests/push-service.ts'
import type { PushService } from '../../../../tests/push-service.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { alertTypes, changePush, endPush, pushServerKey, pushSubscription, subscribeToPush } from './index.ts'
import type { Alerts } from './index.ts'

let world: World
let service: PushService
let [mara, tomas] = [] as unknown as [Account, Account]
let run = 0
const everything = Object.fromEntries(alertTypes.map((type) => [type, true])) as Alerts
beforeAll(async () => {
  service = await openPushService()
  world = await openWorld({ HEARTH_FETCH_ALLOW: service.host })
})
beforeEach(async () => {
  ;[mara, tomas] = [await person(world.app, `mara${++run}`, { displayName: 'Mara' }), await person(world.app, `tomas${run}`, { displayName: 'Tomas' })]
  service.received.length = 0
  service.answer = { status: 201, headers: {} }
})
afterAll(async () => { service.close(); await world.close() })

/** An app of the member's, and its token. */
async function appOf(who: Account) {
  const { accessToken } = await createAccessToken(world.app, who, 'read push')
  return { token: accessToken, tokenId: (await viewerFromToken(world.app, accessToken))!.tokenId }
}
async function browserOf(who: Account) {
  const { token } = await openSession(world.app, world.app.database.queries, who.id, 'test')
  return { token, sessionId: (await viewerFromSession(world.app, token))!.sessionId }
}
const mention = async (text = 'hello', audience: 'members' | 'mentioned' = 'members', warning = '') => {
  const post = await createPost(world.app, tomas, { text: `@${mara.username} ${text}`, audience, warning })
  await world.work()
  return post
}

test.each([['the standard', true, 'aes128gcm'], ['the older draft', false, 'aesgcm']])('an app reads by %s what only its device can read, from a server that proves who it is', async (_name, standard, encoding) => {
  const device = service.device()
  const ownApp = await appOf(mara)
  const subscribed = await subscribeToPush(world.app, mara, ownApp, { ...device, standard }, { alerts: { mention: true } })
  expect([subscribed.standard, subscribed.alerts.mention, subscribed.alerts.poll, subscribed.serverKey]).toEqual([standard, true, false, await pushServerKey(world.app)])
  await mention('bread is ready')
  const [message, ...more] = service.received
  expect([more.length, message!.headers['content-encoding'], message!.headers['ttl']]).toEqual([0, encoding, '172800'])
  expect(message!.body.toString('latin1')).not.toContain('bread')
  const read = device.read(message!)
  expect(read).toMatchObject({ access_token: ownApp.token, preferred_locale: 'en', notification_type: 'mention', title: 'Tomas mentioned you', body: `@${mara.username} bread is ready` })
  expect(read['icon']).toBe(`${world.app.config.publicUrl}/avatars/${tomas.username}.svg`)
  expect(read['notification_id']).toMatch(/^[0-9]+$/)
  const claim = signedBy(message!, subscribed.serverKey)
  expect(claim?.aud).toBe(`http://${service.host}`)
  expect(claim!.exp).toBeGreaterThan(Date.now() / 1000)
  expect(claim!.exp).toBeLessThanOrEqual(Date.now() / 1000 + 86_400)
})

test('a browser of one\'s own gets it in the member\'s language, without any token', async () => {
  const device = service.device()
  await editProfile(world.app, mara, { locale: 'ar' })
  await subscribeToPush(world.app, mara, await browserOf(mara), { ...device, standard: true }, { alerts: everything })
  await follow(world.app, tomas, mara.id)
  await world.work()
  const read = device.read(service.received[0]!)
  expect(read).toMatchObject({ preferred_locale: 'ar', notification_type: 'follow', title: 'يتابعك \u2068Tomas\u2069' })
  expect(read).not.toHaveProperty('access_token')
})

test('a lock screen shows none of a private post\'s words, and of a warned one only the warning', async () => {
  const device = service.device()
  await subscribeToPush(world.app, mara, await browserOf(mara), { ...device, standard: true }, { alerts: everything })
  await mention('my secret', 'mentioned')
  await mention('the ending', 'members', 'Spoilers')
  expect(service.received.map((one) => device.read(one)['body'])).toEqual(['A private message', 'Spoilers'])
})

test('only what is switched on, of whom it is wanted, and nothing that a policy set aside', async () => {
  const device = service.device()
  const browser = await browserOf(mara)
  await subscribeToPush(world.app, mara, browser, { ...device, standard: true }, { alerts: { favourite: true } })
  await mention()
  expect(service.received).toHaveLength(0)
  await changePush(world.app, browser, { alerts: { mention: true }, policy: 'followed' })
  await mention()
  expect(service.received).toHaveLength(0)
  await follow(world.app, mara, tomas.id)
  await mention()
  expect(service.received).toHaveLength(1)
  await changePush(world.app, browser, { policy: 'follower' })
  await mention()
  await changePush(world.app, browser, { policy: 'none' })
  await mention()
  expect(service.received).toHaveLength(1)
  await changePush(world.app, browser, { policy: 'all' })
  await setNotificationPolicy(world.app, mara, { notFollowers: 'filter' })
  await mention()
  expect(service.received).toHaveLength(1)
})

test('what can no longer be seen when the message would leave stays here', async () => {
  const device = service.device()
  await subscribeToPush(world.app, mara, await browserOf(mara), { ...device, standard: true }, { alerts: everything })
  const post = await createPost(world.app, tomas, { text: `@${mara.username} oh`, audience: 'members' })
  await removePost(world.app, tomas, post.id)
  await world.work()
  expect(service.received).toHaveLength(0)
})

test('it ends with the session, with the token, and while the member is suspended', async () => {
  const [browser, ownApp] = [await browserOf(mara), await appOf(mara)]
  await subscribeToPush(world.app, mara, browser, { ...service.device(), standard: true }, { alerts: everything })
  await subscribeToPush(world.app, mara, ownApp, service.device(), { alerts: everything })
  await mention()
  expect(service.received).toHaveLength(2)
  await signOut(world.app, browser.token)
  await mention()
  expect(service.received).toHaveLength(3)
  await expect(pushSubscription(world.app, browser)).rejects.toMatchObject({ code: 'notFound' })
  const state = (to: 'suspended' | 'active') => world.app.database.inTransaction((tx) => setState(world.app, tx, mara.id, to))
  await state('suspended')
  await mention()
  await state('active')
  await world.app.database.queries.updateTable('access_tokens').set({ revoked_at: world.app.now() }).where('id', '=', ownApp.tokenId).execute()
  await mention()
  expect(service.received).toHaveLength(3)
})

test('a device that is gone is forgotten, and nobody is told', async () => {
  const ownApp = await appOf(mara)
  await subscribeToPush(world.app, mara, ownApp, service.device(), { alerts: everything })
  service.answer = { status: 410, headers: {} }
  await mention()
  await expect(pushSubscription(world.app, ownApp)).rejects.toMatchObject({ code: 'notFound' })
})

test('a service that asks to wait is waited for, one that fails is asked again, and each message arrives once', async () => {
  const ownApp = await appOf(mara)
  const device = service.device()
  await subscribeToPush(world.app, mara, ownApp, device, { alerts: everything })
  // The queue writes down that a job ended a moment after its work.
  const waiting = async () => (await world.app.database.pool.query<{ run_at: Date; attempts: number }>("select run_at, attempts from graphile_worker.jobs where task_identifier = 'push'")).rows
  service.answer = { status: 429, headers: { 'retry-after': '1200' } }
  await mention()
  await expect.poll(async () => (await waiting()).map((job) => Math.round((job.run_at.getTime() - Date.now()) / 60_000))).toEqual([20])
  await world.app.database.pool.query("select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where task_identifier = 'push'), run_at := now())")
  service.answer = { status: 500, headers: {} }
  await expect(world.work()).rejects.toThrow('500')
  await expect.poll(async () => (await waiting()).map((job) => job.run_at.getTime() > Date.now())).toEqual([true])
  await world.app.database.pool.query("select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where task_identifier = 'push'), run_at := now())")
  service.answer = { status: 201, headers: {} }
  await world.work()
  await expect.poll(waiting).toEqual([])
  expect(service.received).toHaveLength(3)
  expect((await pushSubscription(world.app, ownApp)).endpoint).toBe(device.endpoint)
})

test('a device has one subscription, the last; it is its own, and it ends when asked', async () => {
  const [ownApp, other] = [await appOf(mara), await appOf(tomas)]
  const [old, fresh] = [service.device(), service.device()]
  await subscribeToPush(world.app, mara, ownApp, old, { alerts: everything })
  const again = await subscribeToPush(world.app, mara, ownApp, fresh, { alerts: { mention: true } })
  expect([again.endpoint, again.alerts.follow]).toEqual([fresh.endpoint, false])
  await expect(pushSubscription(world.app, other)).rejects.toMatchObject({ code: 'notFound' })
  await endPush(world.app, ownApp)
  await endPush(world.app, ownApp)
  await expect(changePush(world.app, ownApp, { policy: 'none' })).rejects.toMatchObject({ code: 'notFound' })
})

test('addresses inside the network and keys that are none are refused', async () => {
  const ownApp = await appOf(mara)
  const device = service.device()
  for (const endpoint of ['http://push.example/1', 'https://user:word@push.example/', 'ftp://push.example', 'nonsense', `https://push.example/${'x'.repeat(2000)}`]) {
    await expect(subscribeToPush(world.app, mara, ownApp, { ...device, endpoint })).rejects.toMatchObject({ problems: [{ field: 'endpoint' }] })
  }
  for (const p256dh of ['', 'AAAA', Buffer.alloc(65, 4).toString('base64url')]) await expect(subscribeToPush(world.app, mara, ownApp, { ...device, keys: { ...device.keys, p256dh } })).rejects.toMatchObject({ problems: [{ field: 'keys' }] })
  // Names may lead inside: that is seen when a message leaves.
  await subscribeToPush(world.app, mara, ownApp, { ...device, endpoint: 'https://localhost/push' }, { alerts: everything })
  await createPost(world.app, tomas, { text: `@${mara.username} psst`, audience: 'members' })
  await expect(world.work()).rejects.toThrow(/inside/)
  await endPush(world.app, ownApp)
})

test('an app\'s token can\'t be read from the database; its key is a file for the owner alone', async () => {
  const ownApp = await appOf(mara)
  await subscribeToPush(world.app, mara, ownApp, service.device(), { alerts: everything })
  const rows = await world.app.database.queries.selectFrom('push_subscriptions').selectAll().execute()
  expect(JSON.stringify(rows.map((row) => ({ ...row, sealed: row.sealed_token?.toString('latin1') })))).not.toContain(ownApp.token)
  const path = join(world.app.config.dataFolder, 'keys', 'push')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await readFile(path, 'utf8')).trim()).toHaveLength(43)
})

test('likes of one post are each a message of their own, to each device', async () => {
  for (const device of [service.device(), service.device()]) await subscribeToPush(world.app, mara, await browserOf(mara), { ...device, standard: true }, { alerts: everything })
  const post = await createPost(world.app, mara, { text: 'Warm bread', audience: 'members' })
  await likePost(world.app, tomas, post.id)
  await likePost(world.app, (await findAccount(world.app, (await person(world.app, `fan${run}`)).id))!, post.id)
  await world.work()
  expect(service.received.map((one) => one.path).sort().length).toBe(4)
})
