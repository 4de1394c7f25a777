import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addRule } from '#server/domain/instance/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { decide, makeReport } from '#server/domain/moderation/index.ts'
import { createPost, editPost, removePost } from '#server/domain/posts/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { addWebhook, changeWebhook, pauseWebhook, pingWebhook, redeliver, removeWebhook, renewWebhookSecret, sweepWebhookLog, webhookEvents, webhookLog, webhooks } from './index.ts'

type Heard = { path: string; headers: Record<string, string | string[] | undefined>; body: string }
let world: World
let server: Server
let url: string
let heard: Heard[] = []
/** what the receiver answers, one after the other; 200 afterwards */
let answers: number[] = []
let mara: Account
let ben: Account

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => { body += String(part) })
    request.on('end', () => { heard.push({ path: request.url ?? '', headers: request.headers, body }); response.writeHead(answers.shift() ?? 200).end('thank you') })
  })
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  url = `http://${host}/hook`
  world = await openWorld({ HEARTH_FETCH_ALLOW: host })
  ;[mara, ben] = [await person(world.app, 'mara', { role: 'owner' }), await person(world.app, 'ben')]
})
beforeEach(async () => {
  for (const one of await webhooks(world.app, mara)) await removeWebhook(world.app, mara, one.id)
  heard = []
  answers = []
})
afterAll(async () => { await world.close(); server.closeAllConnections(); server.close() })

const add = (events: string[], more: { allAudiences?: boolean } = {}) => addWebhook(world.app, mara, { url, events, ...more })
const told = () => heard.map((one) => (JSON.parse(one.body) as { type: string }).type)
const due = async () => { await world.app.database.pool.query("update graphile_worker._private_jobs set run_at = now() where key like 'webhook:%'"); await world.work() }

test('what happens is told in the words of the API, signed so that anybody can check it without our code', async () => {
  const { secret } = await add([...webhookEvents])
  const post = await createPost(world.app, ben, { text: 'Bread is out', audience: 'public' })
  await world.work()
  const [one] = heard as [Heard]
  expect(JSON.parse(one.body)).toMatchObject({ type: 'status.created', timestamp: expect.any(String), data: { id: post.id, content: '<p>Bread is out</p>', account: { username: 'ben' } } })
  const [id, at, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(one.headers[name]))
  const expected = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(`${id}.${at}.${one.body}`).digest('base64')
  expect(signature).toBe(`v1,${expected}`)
  await editPost(world.app, ben, post.id, { text: 'Bread is out again' })
  await world.work()
  await removePost(world.app, ben, post.id)
  await world.work()
  expect(told()).toEqual(['status.created', 'status.updated', 'status.removed'])
})

test('what is for followers is told only where the owner wishes and may read it; what is for named people never', async () => {
  await add(['status.created'])
  await add(['status.created'], { allAudiences: true })
  await createPost(world.app, mara, { text: 'for those who follow me', audience: 'followers' })
  await createPost(world.app, ben, { text: 'not for the owner', audience: 'followers' })
  await createPost(world.app, ben, { text: 'between us, @mara', audience: 'mentioned' })
  await world.work()
  expect(heard.map((one) => (JSON.parse(one.body) as { data: { content: string } }).data.content)).toEqual(['<p>for those who follow me</p>'])
})

test('reports and decisions are told by ids and grounds: no words, no evidence, no reporter', async () => {
  const ruleId = await addRule(world.app, mara, { text: 'Be kind', translations: {} })
  await add(['report.created', 'report.resolved', 'decision.made'])
  const post = await createPost(world.app, ben, { text: 'unkind words', audience: 'public' })
  const reporter = await person(world.app, 'reporter')
  const reportId = await makeReport(world.app, reporter, { accountId: ben.id, postIds: [post.id], category: 'harassment', comment: 'look at this' })
  await world.work()
  await decide(world.app, mara, { reportId }, { act: 'warn', reason: 'Please be kind.', ruleId })
  await world.work()
  expect(told().sort()).toEqual(['decision.made', 'report.created', 'report.resolved'])
  for (const one of heard) for (const secret of ['unkind', 'look at this', 'reporter', reporter.id]) expect(one.body).not.toContain(secret)
})

test('a receiver that fails is asked again, later and later; one that is gone is paused and the owner sees why', async () => {
  const { id } = await add(['status.created'])
  answers = [500, 302, 200]
  await createPost(world.app, ben, { text: 'hello', audience: 'public' })
  await world.work()
  expect((await webhookLog(world.app, mara, id, {})).items[0]).toMatchObject({ state: 'waiting', tries: 1, status: 500, answer: 'thank you', nextAt: expect.any(String) })
  await due()
  await due()
  expect((await webhookLog(world.app, mara, id, {})).items[0]).toMatchObject({ state: 'delivered', tries: 3, status: 200, nextAt: null })
  answers = [410]
  await createPost(world.app, ben, { text: 'anybody there?', audience: 'public' })
  await world.work()
  expect(await webhooks(world.app, mara)).toMatchObject([{ paused: 'failing', last: { state: 'waiting' } }])
  heard = []
  await createPost(world.app, ben, { text: 'nobody hears this', audience: 'public' })
  await due()
  expect(heard).toEqual([])
})

test('the same happening is told once, one that was taken back never, and once more when the owner asks', async () => {
  const { id } = await add(['status.created'])
  const post = await createPost(world.app, ben, { text: 'once', audience: 'public' })
  await world.app.jobs.add(world.app.database.queries, 'event', { type: 'post.created', postId: post.id })
  await createPost(world.app, ben, { text: 'never', audience: 'public' }, async () => { throw new Error('taken back') }).catch(() => {})
  await world.work()
  expect(heard.length).toBe(1)
  const [delivery] = (await webhookLog(world.app, mara, id, {})).items
  await redeliver(world.app, mara, delivery!.id)
  await world.work()
  expect([heard.length, heard[0]!.body === heard[1]!.body, heard[0]!.headers['webhook-id'] === heard[1]!.headers['webhook-id']]).toEqual([2, true, true])
  await pingWebhook(world.app, mara, id)
  await world.work()
  expect(told().at(-1)).toBe('ping')
})

test('after a new secret both sign for a day, then the new one alone', async () => {
  const { id, secret } = await add(['status.created'])
  const second = await renewWebhookSecret(world.app, mara, id)
  expect(second).not.toBe(secret)
  const signatures = async () => { await pingWebhook(world.app, mara, id); await world.work(); return String(heard.at(-1)!.headers['webhook-signature']).split(' ').length }
  expect(await signatures()).toBe(2)
  world.later(25 * 3_600_000)
  expect(await signatures()).toBe(1)
})

test('only the owner may; addresses inside the house and nothing to tell are refused; what was done is on record; the log ends after two weeks', async () => {
  const admin = await person(world.app, 'admin', { role: 'admin' })
  for (const one of [admin, ben]) {
    await expect(webhooks(world.app, one)).rejects.toMatchObject({ kind: 'notAllowed' })
    await expect(addWebhook(world.app, one, { url, events: ['status.created'] })).rejects.toMatchObject({ kind: 'notAllowed' })
  }
  for (const bad of ['', 'http://town.example/', 'ftp://town.example/', 'https://me:word@town.example/', 'https://town.example:8443/']) await expect(addWebhook(world.app, mara, { url: bad, events: ['status.created'] })).rejects.toMatchObject({ problems: [{ field: 'url' }] })
  await expect(addWebhook(world.app, mara, { url, events: ['nonsense'] })).rejects.toMatchObject({ problems: [{ field: 'events' }] })
  const { id } = await add(['status.created'])
  await changeWebhook(world.app, mara, id, { url, events: ['account.created'] })
  await pauseWebhook(world.app, mara, id, true)
  const { rows } = await world.app.database.pool.query<{ act: string }>("select act from audit_log where subject_kind = 'webhook' and subject_id = $1 order by id", [id])
  expect(rows.map((row) => row.act)).toEqual(['webhook.add', 'webhook.change', 'webhook.pause'])
  await pingWebhook(world.app, mara, id)
  await world.work()
  world.later(15 * 86_400_000)
  await sweepWebhookLog(world.app)
  expect((await webhookLog(world.app, mara, id, {})).items).toEqual([])
  // Whoever no longer owns the community has no ear in it.
  await pauseWebhook(world.app, mara, id, false)
  await world.app.database.pool.query("update accounts set role = 'admin' where id = $1", [mara.id])
  await person(world.app, 'late')
  await world.app.jobs.add(world.app.database.queries, 'event', { type: 'account.joined', accountId: ben.id })
  await world.work()
  await world.app.database.pool.query("update accounts set role = 'owner' where id = $1", [mara.id])
  expect(await webhooks(world.app, mara)).toMatchObject([{ paused: 'notAllowed' }])
})
