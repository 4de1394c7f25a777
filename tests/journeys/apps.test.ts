import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Secret, TOTP } from 'otpauth'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findAccount } from '../../src/server/domain/accounts/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { outOfBand, registerApp } from '../../src/server/domain/apps/index.ts'
import { changeSettings, closeSetUp } from '../../src/server/domain/instance/index.ts'
import { beginTotp, confirmTotp, createMember } from '../../src/server/domain/sessions/index.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

const password = 'three warm loaves of bread'
let site: Site
let program: Server
let back: string
let client: Awaited<ReturnType<typeof registerApp>>
const accounts: Record<string, Account> = {}
const heard: URL[] = []

beforeAll(async () => {
  site = await openSite()
  for (const [username, role] of [['mara', 'owner'], ['tomas', 'member'], ['noor', 'member']] as const) {
    const id = await site.app.database.inTransaction((tx) => createMember(site.app, tx, { username, password, role, email: `${username}@example.org` }))
    accounts[username] = (await findAccount(site.app, id))!
  }
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
  await changeSettings(site.app, accounts['mara']!, { name: 'Lanternholm', joinMode: 'open' })
  // A web app on another site: a page that opens the question in a window, one that frames it, and the address it comes back to.
  program = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    if (url.pathname === '/frame') return response.end(`<iframe src="${url.searchParams.get('of')}"></iframe>`)
    if (url.pathname === '/') return response.end('<!doctype html><title>app</title><p id="heard"></p><script>addEventListener("message", (event) => { document.getElementById("heard").textContent = event.data })</script>')
    if (url.pathname === '/callback') heard.push(url)
    response.end('<!doctype html><title>back</title><p>Back in the app</p><script>if (opener) opener.postMessage(location.search, "*")</script>')
  })
  await new Promise<void>((done) => program.listen(0, '127.0.0.1', done))
  back = `http://127.0.0.1:${(program.address() as AddressInfo).port}/callback`
  client = await registerApp(site.app, { name: 'Lighthouse', website: 'https://lighthouse.example', redirectUris: [back, 'lighthouse://signed-in', outOfBand], scopes: 'read write push admin:read', address: '127.0.0.1' })
})
afterAll(async () => { program.close(); program.closeAllConnections(); await site.closeSite() })

const link = (more: Record<string, string> = {}) => `/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: client.clientId, redirect_uri: back, scope: 'read write:statuses', state: 'a\\b&c', ...more })}`
async function enter(page: Page, username: string, given = password): Promise<void> {
  await page.locator('input[name="login"]').fill(username)
  await page.locator('input[name="password"]').fill(given)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
}
async function member(username: string, options: BrowserContextOptions = {}) {
  const visitor = await site.visitor(options)
  await visitor.page.goto('/login?next=/about')
  await enter(visitor.page, username)
  await visitor.page.waitForURL('**/about')
  return visitor
}
const exchange = async (code: string, redirectUri = back) => {
  const answer = await fetch(`${site.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: client.clientId, client_secret: client.clientSecret }) })
  return await answer.json() as { access_token: string; scope: string }
}
const whoIs = async (token: string) => {
  const answer = await fetch(`${site.url}/api/v1/accounts/verify_credentials`, { headers: { authorization: `Bearer ${token}` } })
  return answer.ok ? (await answer.json() as { username: string }).username : answer.status
}
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)

describe.each([['with JavaScript', true], ['without JavaScript', false]])('an app asks, %s', (_, javaScriptEnabled) => {
  test('the visitor logs in, mistyping at first, reads what it wants, allows it, and the app has what it asked for', async () => {
    const { page } = await site.visitor({ javaScriptEnabled })
    await page.goto(link())
    await page.waitForURL('**/login?next=**')
    await enter(page, 'tomas', 'not the right one')
    await page.getByText('The name or the password is not right').waitFor()
    await enter(page, 'tomas')
    await page.getByRole('heading', { name: 'Lighthouse' }).waitFor()
    for (const text of ['@tomas', 'Read all that you can read', 'Write, edit and delete your posts', 'lighthouse.example', new URL(back).host]) await page.getByText(text).first().waitFor()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.getByText('Back in the app').waitFor()
    const answer = new URL(page.url())
    expect(answer.searchParams.get('state')).toBe('a\\b&c')
    const issued = await exchange(answer.searchParams.get('code')!)
    expect([issued.scope, await whoIs(issued.access_token)]).toEqual(['read write:statuses', 'tomas'])
  })

  test('a no is told to the app, with its state and without a code', async () => {
    const { page } = await member('tomas', { javaScriptEnabled })
    await page.goto(link())
    await page.getByRole('button', { name: 'Don’t allow' }).click()
    await page.getByText('Back in the app').waitFor()
    const { searchParams } = new URL(page.url())
    expect([searchParams.get('error'), searchParams.get('state'), searchParams.get('code')]).toEqual(['access_denied', 'a\\b&c', null])
  })

  test('a code to copy is shown where no address is reached, and works', async () => {
    const { page } = await member('tomas', { javaScriptEnabled })
    await page.goto(link({ redirect_uri: outOfBand }))
    await page.getByText('a code to copy').waitFor()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    const code = await page.getByLabel('Code', { exact: true }).inputValue()
    expect(page.url()).not.toContain(code)
    if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([])
    expect(await whoIs((await exchange(code, outOfBand)).access_token)).toBe('tomas')
    await page.goto(link({ redirect_uri: outOfBand }))
    await page.getByRole('button', { name: 'Don’t allow' }).click()
    await page.getByRole('heading', { name: 'Nothing was allowed' }).waitFor()
  })

  test('an app on the phone is called by its own scheme, and our policy lets the browser', async () => {
    const { page } = await member('tomas', { javaScriptEnabled })
    await page.goto(link({ redirect_uri: 'lighthouse://signed-in' }))
    const answered = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    const response = await answered
    expect(response.status()).toBe(303)
    expect(response.headers()['location']).toMatch(/^lighthouse:\/\/signed-in\?iss=[^&]+&code=[\w-]{43}&state=/)
    expect(site.problems.filter((problem) => /form-action|Content Security Policy/i.test(problem))).toEqual([])
  })
})

test('asked in a window of another site, the answer reaches the site that opened it', async () => {
  const { context } = await member('tomas')
  const opener = await context.newPage()
  await opener.goto(new URL('/', back).href)
  const [popup] = await Promise.all([opener.waitForEvent('popup'), opener.evaluate((address) => { window.open(address, '', 'width=420,height=640') }, site.url + link())])
  await popup.getByRole('button', { name: 'Allow', exact: true }).click()
  await expect.poll(() => opener.locator('#heard').innerText()).toContain('code=')
})

test('force_login asks who they are again, and another member can be chosen', async () => {
  const { page } = await member('tomas')
  await page.goto(link({ force_login: 'true' }))
  await page.getByText('You are signed in as @tomas').waitFor()
  await enter(page, 'noor', 'wrong of course')
  await page.getByText('The name or the password is not right').waitFor()
  await page.getByText('You are signed in as @tomas').waitFor()
  await enter(page, 'noor')
  await page.getByText('@noor').waitFor()
  await page.getByRole('link', { name: 'Not you?' }).click()
  await page.getByText('You are signed in as @noor').waitFor()
  await enter(page, 'tomas')
  await page.getByText('@tomas').waitFor()
  await page.getByRole('button', { name: 'Allow', exact: true }).click()
  await page.getByText('Back in the app').waitFor()
  expect(await whoIs((await exchange(new URL(page.url()).searchParams.get('code')!)).access_token)).toBe('tomas')
})

test('who has a second step passes it on the way, and comes out at the question', async () => {
  const noor = accounts['noor']!
  const { secret } = await beginTotp(site.app, noor)
  const [recovery = ''] = await confirmTotp(site.app, noor, new TOTP({ secret: Secret.fromBase32(secret) }).generate())
  const { page } = await site.visitor({ javaScriptEnabled: false })
  await page.goto(link())
  await enter(page, 'noor')
  await page.locator('input[name="code"]').fill('000000')
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.getByText('This code is not right').waitFor()
  await page.locator('input[name="code"]').fill(recovery)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.getByText('@noor').waitFor()
})

describe('nobody is tricked', () => {
  test('an address that the app never registered is never led to, nor is anybody by a mere link', async () => {
    const { page } = await member('tomas')
    const lies: Record<string, string>[] = [{ redirect_uri: 'https://evil.example/' }, { redirect_uri: `${back}/` }, { client_id: 'nobody' }]
    for (const wrong of lies) {
      const response = await page.goto(link(wrong))
      expect([response?.status(), new URL(page.url()).origin, await page.getByRole('link', { name: 'Back to' }).count()]).toEqual([400, site.url, 0])
    }
    const mistakes: Record<string, string>[] = [{ scope: 'read follow' }, { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }, { response_type: 'token' }]
    for (const wrong of mistakes) {
      const before = heard.length
      await page.goto(link(wrong))
      expect([new URL(page.url()).origin, heard.length]).toEqual([site.url, before])
      expect(await page.getByRole('button', { name: 'Allow', exact: true }).count()).toBe(0)
      await page.getByRole('link', { name: 'Back to' }).click()
      await page.getByText('Back in the app').waitFor()
      expect(new URL(page.url()).searchParams.get('error')).toMatch(/^(invalid_scope|invalid_request|unsupported_response_type)$/)
    }
  })

  test('another site can neither press the button nor frame it', async () => {
    const { context, page } = await member('tomas')
    const cookie = (await context.cookies()).map((one) => `${one.name}=${one.value}`).join('; ')
    const press = (origin: string) => fetch(`${site.url}${link()}&/allow`, { method: 'POST', redirect: 'manual', headers: { cookie, origin, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ member: accounts['tomas']!.id }) })
    expect((await press('https://evil.example')).status).toBe(403)
    expect((await press('null')).status).toBe(403)
    const own = await press(site.url)
    expect([own.status, new URL(own.headers.get('location')!).pathname]).toEqual([303, '/callback'])
    const shown = await page.goto(link())
    const headers = shown!.headers()
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['content-security-policy']).not.toContain('form-action')
    expect([headers['x-frame-options'], headers['cache-control'], headers['cross-origin-opener-policy']]).toEqual(['DENY', 'no-store', undefined])
    expect((await (await fetch(`${site.url}/login`)).headers.get('content-security-policy'))).toContain("form-action 'self'")
    const framing = await context.newPage()
    await framing.goto(new URL(`/frame?of=${encodeURIComponent(site.url + link())}`, back).href)
    expect(await framing.frameLocator('iframe').getByRole('button').count()).toBe(0)
  })

  test('who became another member in another window is asked anew', async () => {
    const { context, page } = await member('tomas')
    await page.goto(link())
    const other = await context.newPage()
    await other.goto('/login?again=yes&next=/about')
    await enter(other, 'mara')
    await other.waitForURL('**/about')
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.getByText('@mara').waitFor()
    expect(new URL(page.url()).origin).toBe(site.url)
  })
})

test('a member sees what may act in their name, and ends it', async () => {
  const { page } = await member('mara')
  await page.goto(link({ scope: 'read admin:read' }))
  await page.getByText('the powers of staff').waitFor()
  await page.getByRole('button', { name: 'Allow', exact: true }).click()
  await page.getByText('Back in the app').waitFor()
  const { access_token: token } = await exchange(new URL(page.url()).searchParams.get('code')!)
  expect(await whoIs(token)).toBe('mara')
  await page.goto('/settings/apps')
  await page.getByRole('heading', { name: 'Lighthouse' }).waitFor()
  await page.getByText('last used').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByLabel('What it is for').fill('Weather robot')
  await page.locator('input[name="password"]').fill('wrong of course')
  await page.getByRole('button', { name: 'Make a token' }).click()
  await page.getByText('That is not your password').waitFor()
  await page.locator('input[name="password"]').fill(password)
  await page.getByRole('button', { name: 'Make a token' }).click()
  const own = await page.locator('section[aria-labelledby="made"] input').inputValue()
  expect(await whoIs(own)).toBe('mara')
  await page.goto('/settings/apps')
  expect(await page.content()).not.toContain(own)
  await page.getByRole('button', { name: 'End access: Lighthouse' }).click()
  await page.getByRole('heading', { name: 'Lighthouse' }).waitFor({ state: 'detached' })
  expect([await whoIs(token), await whoIs(own)]).toEqual([401, 'mara'])
})

test.each([['en', 'light'], ['ar', 'dark']] as const)('the question fits a small phone and axe finds nothing (%s, %s)', async (locale, colorScheme) => {
  const long = await registerApp(site.app, { name: 'An app with a very long name that goes on and on, and on', website: `https://${'very-'.repeat(11)}long.example/`, redirectUris: [back], scopes: 'read write follow push profile admin:read admin:write', address: '127.0.0.1' })
  const { page } = await member('mara', { viewport: { width: 320, height: 640 }, colorScheme })
  for (const address of [link({ client_id: long.clientId, scope: 'read write follow push admin:read admin:write', lang: locale }), link({ scope: 'follow', lang: locale })]) {
    await page.goto(address)
    expect(await page.locator('html').getAttribute('dir')).toBe(locale === 'ar' ? 'rtl' : 'ltr')
    expect(await fits(page)).toBe(true)
    expect(await faultsOf(page)).toEqual([])
  }
  await page.goto('/settings/apps')
  expect(await fits(page)).toBe(true)
  expect(await faultsOf(page)).toEqual([])
})
