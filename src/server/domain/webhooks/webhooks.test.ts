import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addRule } from '#server/domain/instance/index.ts'
import { editProfile } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { decide, makeReport, undoDecision } from '#server/domain/moderation/index.ts'
import { createPost, editPost, removePost } from '#server/domain/posts/index.ts'
import { noteForWebhooks } from '#server/webhook-events.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { addWebhook, changeWebhook, pauseWebhook, pingWebhook, redeliver, removeWebhook, renewWebhookSecret, resumeWebhooks, sweepWebhookLog, webhookEvents, webhookLog, webhooks } from './index.ts'

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
  await world.app.database.pool.query("insert into credentials (account_id, email, email_key, email_confirmed_at) values ($1, 'mara@example.org', 'mara@example.org', now())", [mara.id])
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
  await add(['status.created', 'status.removed'])
  await add(['status.created', 'status.removed'], { allAudiences: true })
  const own = await createPost(world.app, mara, { text: 'for those who follow me', audience: 'followers' })
  await createPost(world.app, ben, { text: 'not for the owner', audience: 'followers' })
  const between = await createPost(world.app, ben, { text: 'between us, @mara', audience: 'mentioned' })
  await world.work()
  expect(heard.map((one) => (JSON.parse(one.body) as { data: { content: string } }).data.content)).toEqual(['<p>for those who follow me</p>'])
  // That there was one isn't told either.
  heard = []
  await removePost(world.app, ben, between.id)
  await removePost(world.app, mara, own.id)
  await world.work()
  expect(heard.map((one) => JSON.parse(one.body) as object)).toMatchObject([{ type: 'status.removed', data: { id: own.id, account_id: mara.id } }])
})

test('reports and decisions are told by ids and grounds: no words, no evidence, no reporter', async () => {
  const ruleId = await addRule(world.app, mara, { text: 'Be kind', translations: {} })
  await add(['report.created', 'report.updated', 'decision.made', 'decision.reversed'])
  const post = await createPost(world.app, ben, { text: 'unkind words', audience: 'public' })
  const reporter = await person(world.app, 'reporter')
  const reportId = await makeReport(world.app, reporter, { accountId: ben.id, postIds: [post.id], category: 'harassment', comment: 'look at this' })
  await world.work()
  const slip = await decide(world.app, mara, { reportId }, { act: 'warn', reason: 'Please be kind.', ruleId })
  await world.work()
  expect(told().sort()).toEqual(['decision.made', 'report.created', 'report.updated'])
  for (const one of heard) for (const secret of ['unkind', 'look at this', 'reporter', reporter.id]) expect(one.body).not.toContain(secret)
  // A slip that is taken back is told as well: the report waits again.
  heard = []
  await undoDecision(world.app, mara, slip)
  await world.work()
  expect(heard.map((one) => JSON.parse(one.body) as object)).toMatchObject([{ type: 'report.updated', data: { id: reportId, action_taken: false } }, { type: 'decision.reversed', data: { id: slip, reversed: true } }])
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
  const { rows: told } = await world.app.database.pool.query<{ data: { webhook: string } }>("select data from notifications where account_id = $1 and data ? 'webhook'", [mara.id])
  expect(told.map((row) => row.data.webhook)).toEqual([id])
  const { rows: letters } = await world.app.database.pool.query<{ to_address: string; body_text: string }>("select to_address, body_text from outbox_mails where kind = 'webhook'")
  expect(letters).toMatchObject([{ to_address: 'mara@example.org', body_text: expect.stringContaining(`/admin/webhooks/${id}`) }])
  // Let go on, it sends what waited, though not what happened meanwhile.
  await pauseWebhook(world.app, mara, id, false)
  world.later(20 * 60_000)
  await resumeWebhooks(world.app)
  await world.work()
  expect(heard.map((one) => (JSON.parse(one.body) as { data: { content: string } }).data.content)).toEqual(['<p>anybody there?</p>'])
})

test('two edits at once are two, a post that comes back is told again, and a profile’s change with its new name', async () => {
  await add(['status.created', 'status.updated', 'status.removed', 'account.updated'])
  const rule = await addRule(world.app, mara, { text: 'Be brief', translations: {} })
  const post = await createPost(world.app, ben, { text: 'one', audience: 'members' })
  await editPost(world.app, ben, post.id, { text: 'two' })
  await editPost(world.app, ben, post.id, { text: 'three' })
  await world.work()
  const removal = await decide(world.app, mara, { accountId: ben.id, postId: post.id }, { act: 'remove_post', reason: 'Too long.', ruleId: rule })
  await world.work()
  await undoDecision(world.app, mara, removal)
  await world.work()
  await editProfile(world.app, ben, { displayName: 'Ben of the mill' })
  await world.work()
  expect(told()).toEqual(['status.created', 'status.updated', 'status.updated', 'status.removed', 'status.created', 'account.updated'])
  expect(JSON.parse(heard.at(-1)!.body)).toMatchObject({ data: { display_name: 'Ben of the mill' } })
})

test('a receiver that hangs holds up nobody else’s jobs: its retries wait in its own queue', async () => {
  const { id } = await add(['status.created'])
  answers = [500]
  await createPost(world.app, ben, { text: 'slow', audience: 'public' })
  await world.work()
  const { rows } = await world.app.database.pool.query<{ queue_name: string }>("select queue_name from graphile_worker.jobs where key like 'webhook:%'")
  expect(rows).toEqual([{ queue_name: `webhook:${id}` }])
})

test('what goes wrong with telling programs keeps nobody from being notified', async () => {
  await add(['status.created'])
  await world.app.database.pool.query('alter table webhook_deliveries rename to gone_for_a_while')
  const post = await createPost(world.app, ben, { text: 'hello @mara', audience: 'public' })
  await world.work().catch(() => {})
  await world.app.database.pool.query('alter table gone_for_a_while rename to webhook_deliveries')
  const { rows } = await world.app.database.pool.query("select 1 from notifications where account_id = $1 and kind = 'mention' and post_id = $2", [mara.id, post.id])
  expect(rows.length).toBe(1)
  await world.app.database.pool.query("update graphile_worker._private_jobs set run_at = now()")
  await world.work()
  expect(told()).toEqual(['status.created'])
})

test('the same happening is told once, one that was taken back never, and once more when the owner asks', async () => {
  const { id } = await add(['status.created'])
  const post = await createPost(world.app, ben, { text: 'once', audience: 'public' })
  for (let again = 0; again < 2; again++) await noteForWebhooks(world.app, { type: 'post.created', postId: post.id }, 'the same job')
  await createPost(world.app, ben, { text: 'never', audience: 'public' }, async () => { throw new Error('taken back') }).catch(() => {})
  await world.work()
  expect(heard.length).toBe(2)
  const [delivery] = (await webhookLog(world.app, mara, id, {})).items
  await redeliver(world.app, mara, delivery!.id)
  await world.work()
  expect([heard.length, heard[1]!.body === heard[2]!.body, heard[1]!.headers['webhook-id'] === heard[2]!.headers['webhook-id']]).toEqual([3, true, true])
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

test('where the key of the secrets is lost nothing goes out unsigned, and the owner hears that a new secret is needed', async () => {
  const { id } = await add(['status.created'])
  await world.app.database.pool.query("update webhooks set sealed_secret = '\\x00' where id = $1", [id])
  await createPost(world.app, ben, { text: 'unsigned', audience: 'public' })
  await world.work()
  expect(heard).toEqual([])
  expect(await webhooks(world.app, mara)).toMatchObject([{ paused: 'secretLost' }])
  expect((await webhookLog(world.app, mara, id, {})).items).toMatchObject([{ state: 'failed', error: 'secretLost' }])
  await renewWebhookSecret(world.app, mara, id)
  await pauseWebhook(world.app, mara, id, false)
  await pingWebhook(world.app, mara, id)
  await world.work()
  expect(told()).toEqual(['ping'])
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
