import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { WebSocket } from 'ws'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findAccount } from '../../src/server/domain/accounts/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { createAccessToken } from '../../src/server/domain/apps/index.ts'
import { changeSettings, closeSetUp } from '../../src/server/domain/instance/index.ts'
import { beginLockdown, endLockdown, writeMinute } from '../../src/server/domain/operations/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { createMember, openSession, sessionCookie } from '../../src/server/domain/sessions/index.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

const password = 'three warm loaves of bread'
const message = 'Somebody got hold of a moderator’s password. We are looking into it until noon.'
let site: Site
const cast: Record<'mara' | 'tomas' | 'olga', Account> = {} as never

beforeAll(async () => {
  site = await openSite()
  for (const [username, role] of [['mara', 'owner'], ['tomas', 'member'], ['olga', 'moderator']] as const) {
    const id = await site.app.database.inTransaction((tx) => createMember(site.app, tx, { username, password, role }))
    cast[username] = (await findAccount(site.app, id))!
  }
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
  await changeSettings(site.app, cast.mara, { name: 'Lanternholm', joinMode: 'open' })
  await createPost(site.app, cast.tomas, { text: 'Bread at eight', audience: 'public' })
})
afterEach(() => endLockdown(site.app, 'command'))
afterAll(() => site?.closeSite())

async function visit(who: Account | null, options: BrowserContextOptions = {}): Promise<Page> {
  const { context, page } = await site.visitor(options)
  if (who) {
    const { token } = await openSession(site.app, site.app.database.queries, who.id, 'test')
    await context.addCookies([{ name: sessionCookie(site.app), value: token, url: site.url }])
  }
  return page
}
const tokenOf = async (who: Account) => (await createAccessToken(site.app, who, 'read write follow push')).accessToken
const api = (path: string, token: string, init: RequestInit = {}) => fetch(site.url + path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } })
const cookieOf = async (who: Account) => `${sessionCookie(site.app)}=${(await openSession(site.app, site.app.database.queries, who.id, 'test')).token}`

test('the owner presses the button: everybody else is out, and back in as easily', async () => {
  const [owner, member] = [await visit(cast.mara), await visit(cast.tomas)]
  await member.goto('/')
  await owner.goto('/admin/lockdown')
  expect(await faultsOf(owner)).toEqual([])
  await owner.getByRole('radio', { name: /^Closed/ }).check()
  await owner.getByLabel('Your message to everybody').fill(message)
  await owner.getByRole('button', { name: 'Lock it now' }).click()
  await owner.getByText('The community is locked.').waitFor()
  // The one who pressed is still in, and sees it on every page.
  await owner.goto('/')
  await owner.getByRole('region', { name: 'Lockdown' }).getByText(message).waitFor()
  const answer = await member.goto('/')
  expect(answer!.status()).toBe(503)
  expect(answer!.headers()['retry-after']).toBe('120')
  await member.getByRole('heading', { name: 'Closed for now' }).waitFor()
  await member.getByText(message).waitFor()
  expect(await member.content()).not.toContain('Bread at eight')
  expect(await faultsOf(member)).toEqual([])
  // Another owner's browser, or this one from elsewhere, gets in by logging in; a member gets no further.
  const elsewhere = await visit(null, { javaScriptEnabled: false })
  for (const [name, sees] of [['tomas', 'Closed for now'], ['mara', 'Manage']] as const) {
    await elsewhere.goto('/login')
    await elsewhere.locator('input[autocomplete~="username"]').fill(name)
    await elsewhere.locator('input[autocomplete~="current-password"]').fill(password)
    await elsewhere.locator('form:has(input[autocomplete~="current-password"]) button:not([type="button"])').first().click()
    await elsewhere.getByText(sees).first().waitFor()
    await elsewhere.context().clearCookies()
  }
  await owner.goto('/admin/lockdown')
  await owner.getByRole('button', { name: 'End the lockdown' }).click()
  await owner.getByText('The community is open again').waitFor()
  const again = await visit(null)
  await again.goto('/@tomas')
  await again.getByText('Bread at eight').waitFor()
})

test('in read-only days what was written stays with its writer, with JavaScript and without', async () => {
  const [plain, lively] = [await visit(cast.tomas, { javaScriptEnabled: false }), await visit(cast.tomas)]
  await plain.goto('/compose')
  await lively.goto('/compose')
  await beginLockdown(site.app, 'command', { mode: 'readonly', message })
  const words = 'The baker’s oven is cold today, and here is why.'
  await plain.locator('textarea[name="text"]').fill(words)
  await plain.locator('form:has(textarea[name="text"]) button:not([type="button"]):not([formaction])').last().click()
  await plain.getByRole('heading', { name: 'Read-only for now' }).waitFor()
  await plain.getByText(message).first().waitFor()
  expect(await plain.getByRole('textbox', { name: 'What you wrote' }).inputValue()).toBe(words)
  await lively.locator('textarea').first().fill(words)
  await lively.locator('textarea').first().press('Control+Enter')
  await lively.getByText(/can only be read right now/).first().waitFor()
  expect(await lively.locator('textarea').first().inputValue()).toBe(words)
  const { rows } = await site.app.database.pool.query('select count(*)::int as n from posts')
  expect(rows[0].n).toBe(1)
  // A moderator still clears up on their own pages; not elsewhere.
  const mod = await cookieOf(cast.olga)
  const post = (path: string) => fetch(site.url + path, { method: 'POST', headers: { cookie: mod, origin: site.url, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }, body: 'text=x', redirect: 'manual' })
  expect((await post('/compose')).status).toBe(503)
  expect((await post('/admin/announcements?/nothing')).status).not.toBe(503)
})

test('apps read on and are told why they can’t write; uploads are refused before they are read', async () => {
  const [token, cookie] = [await tokenOf(cast.tomas), await cookieOf(cast.tomas)]
  await beginLockdown(site.app, 'command', { mode: 'readonly', message })
  expect((await api('/api/v1/timelines/home', token)).status).toBe(200)
  const refused = await api('/api/v1/statuses', token, { method: 'POST', body: new URLSearchParams({ status: 'Bread' }) })
  expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('access-control-allow-origin')]).toEqual([503, '120', '*'])
  expect((await refused.json() as { error: string }).error).toContain(message)
  for (const [path, method] of [['/media/uploads', 'POST'], ['/media/uploads/x', 'PATCH'], ['/api/v2/media', 'POST']] as const) {
    const answer = await fetch(site.url + path, { method, headers: { cookie, authorization: `Bearer ${token}` }, body: 'x'.repeat(2000) })
    expect([path, answer.status]).toEqual([path, 503])
  }
  expect((await api('/api/v1/admin/trends/tags', token)).status).not.toBe(503)
})

test('when it is closed, streams end and don’t come again, media and feeds are shut, and health still answers', async () => {
  const [token, cookie, owners] = [await tokenOf(cast.tomas), await cookieOf(cast.tomas), await tokenOf(cast.mara)]
  const live = await new Promise<IncomingMessage>((done) => { get(`${site.url}/live`, { headers: { cookie } }, done) })
  const ended = new Promise((done) => { live.once('end', done); live.resume() })
  const socket = new WebSocket(`${site.url.replace('http', 'ws')}/api/v1/streaming?stream=user&access_token=${token}`)
  await new Promise((done) => { socket.once('open', done) })
  const closed = new Promise((done) => { socket.once('close', done) })
  await beginLockdown(site.app, 'command', { mode: 'closed', message })
  await Promise.all([ended, closed])
  const again = new WebSocket(`${site.url.replace('http', 'ws')}/api/v1/streaming?stream=user&access_token=${token}`)
  expect(await new Promise((done) => { again.once('error', (error) => done(error.message)) })).toContain('503')
  for (const path of ['/live', '/', '/@tomas', '/feed', '/media/files/x/y', '/explore', '/act', '/api/v1/instance', '/oauth/authorize', '/locked/../@tomas']) {
    const answer = await fetch(site.url + path, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' })
    expect([path, answer.status]).toEqual([path, 503])
  }
  expect((await api('/api/v1/timelines/home', token)).status).toBe(503)
  expect((await api('/api/v1/timelines/home', owners)).status).toBe(200)
  for (const path of ['/health/live', '/health/ready', '/login', '/legal/contact', '/icons.svg']) expect([path, (await fetch(site.url + path)).status]).toEqual([path, 200])
  // Nobody opens the door by a header of their own.
  expect((await fetch(`${site.url}/locked`, { headers: { 'x-hearth-locked': 'lockedReadonly' }, redirect: 'manual' })).status).toBe(303)
})

test('for members only: visitors see nothing and can’t join; members go on', async () => {
  const token = await tokenOf(cast.tomas)
  await beginLockdown(site.app, 'command', { mode: 'members', message })
  expect((await fetch(`${site.url}/@tomas`, { redirect: 'manual' })).status).toBe(303)
  expect(await (await fetch(`${site.url}/api/v1/timelines/public`)).text()).not.toContain('Bread at eight')
  const join = await fetch(`${site.url}/signup`, { method: 'POST', headers: { origin: site.url, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }, body: 'username=crow' })
  expect(join.status).toBe(503)
  expect(await join.text()).toContain('Members only for now')
  expect((await api('/api/v1/statuses', token, { method: 'POST', body: new URLSearchParams({ status: 'Bread at nine' }) })).status).toBe(200)
})

test('the owner reads how it goes and tries a job again that was given up, without JavaScript', async () => {
  const { app } = site
  await app.jobs.add(app.database.queries, 'processMedia', { mediaId: '77' })
  await app.database.pool.query("update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'no such oven' where task_id = (select id from graphile_worker._private_tasks where identifier = 'processMedia')")
  app.caches.delete('operations.jobs')
  await writeMinute(app, { process: 'town:1', roles: 'web,worker', version: app.version, startedAt: app.now() })
  const page = await visit(cast.mara, { javaScriptEnabled: false })
  await page.goto('/admin/health?range=hour')
  await page.getByText('One job was given up').waitFor()
  await page.getByRole('img', { name: /^Requests\. Requests: .* now, .* at most/ }).waitFor()
  await page.getByRole('cell', { name: 'web,worker' }).waitFor()
  await page.getByText('One job was given up').getByRole('link', { name: 'Show' }).click()
  await page.getByText('no such oven').waitFor()
  await page.getByRole('button', { name: 'Try again processMedia' }).click()
  await page.getByText('It is tried again.').waitFor()
  const lively = await visit(cast.mara)
  for (const path of ['/admin/health', '/admin/jobs']) {
    await lively.goto(path)
    expect([path, await faultsOf(lively)]).toEqual([path, []])
  }
  const moderator = await visit(cast.olga)
  expect((await moderator.goto('/admin/health'))!.status()).toBe(403)
})

test('nothing went wrong in any browser', () => {
  expect(site.problems.filter((one) => !/503/.test(one))).toEqual([])
})
