import type { Page } from 'playwright-core'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAccount } from '../../src/server/domain/accounts/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { changeSettings, closeSetUp } from '../../src/server/domain/instance/index.ts'
import { createInvitation } from '../../src/server/domain/invitations/index.ts'
import { createMember } from '../../src/server/domain/sessions/index.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let owner: Account
const password = 'three warm loaves of bread'
beforeAll(async () => {
  site = await openSite()
  const make = (username: string, role: Account['role'] = 'member') => site.app.database.inTransaction((tx) => createMember(site.app, tx, { username, password, role, email: `${username}@example.org` }))
  owner = (await findAccount(site.app, await make('mara', 'owner')))!
  await make('tomas')
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
  await changeSettings(site.app, owner, { name: 'Lanternholm', joinMode: 'open' })
})
afterAll(() => site.closeSite())

async function logIn(page: Page, username: string): Promise<void> {
  await page.goto('/login')
  await page.locator('input[name="login"]').fill(username)
  await page.locator('input[name="password"]').fill(password)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.waitForURL((url) => url.pathname !== '/login' || url.search !== '')
}
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)

test('a passkey is added and then opens the door without a password; with a second step on it is one', async () => {
  const { context, page } = await site.visitor()
  const chrome = await context.newCDPSession(page)
  await chrome.send('WebAuthn.enable')
  await chrome.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
  await logIn(page, 'tomas')
  await page.goto('/settings/security')
  await page.getByLabel('A name for it').fill('Kitchen laptop')
  await page.locator('input[name="passkeyPassword"]').fill('not the password at all')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.locator('#p-passkeyPassword').waitFor()
  await page.locator('input[name="passkeyPassword"]').fill(password)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('Kitchen laptop').waitFor()
  expect(await faultsOf(page)).toEqual([])

  await context.clearCookies()
  await page.goto('/login?next=/settings/security')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.waitForURL('**/settings/security')

  await page.getByRole('button', { name: 'Set up' }).click()
  await page.locator('input[name="code"]').fill('000000')
  const secret = await page.locator('section[aria-labelledby="second"] code').innerText()
  await page.getByRole('button', { name: 'Switch on' }).click()
  // The same secret is still there after a wrong code.
  expect(await page.locator('section[aria-labelledby="second"] code').innerText()).toBe(secret)
  await page.locator('input[name="code"]').fill(new TOTP({ secret: Secret.fromBase32(secret) }).generate())
  await page.getByRole('button', { name: 'Switch on' }).click()
  await page.getByRole('heading', { name: 'Recovery codes' }).waitFor()
  const recovery = await page.locator('.codes code').first().innerText()

  await context.clearCookies()
  await logIn(page, 'tomas')
  await page.getByRole('heading', { name: 'Second step' }).waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.waitForURL('**/')

  const plain = await site.visitor({ javaScriptEnabled: false })
  await logIn(plain.page, 'tomas')
  await plain.page.locator('input[name="code"]').fill('wrong')
  await plain.page.getByRole('button', { name: 'Log in', exact: true }).click()
  await plain.page.getByText('This code is not right').waitFor()
  await plain.page.locator('input[name="code"]').fill(recovery)
  await plain.page.getByRole('button', { name: 'Log in', exact: true }).click()
  await plain.page.waitForURL('**/')
  expect(site.problems).toEqual([])
})

test('an invitation names who invited, and where nobody else gets in the page says so', async () => {
  await changeSettings(site.app, owner, { joinMode: 'invitation' })
  const { code } = await createInvitation(site.app, owner, { days: 7, maxUses: 1 })
  const { page } = await site.visitor({ javaScriptEnabled: false })
  await page.goto('/signup')
  await page.getByText('invitation', { exact: false }).first().waitFor()
  expect(await page.locator('input[name="password"]').count()).toBe(0)
  await page.goto(`/invite/${code}`)
  await page.getByText('mara invited you').waitFor()
  await page.getByLabel('Username').fill('yara')
  await page.locator('input[name="password"]').fill('short')
  await page.locator('input[name="consent"]').check()
  // A browser that doesn't check the form itself.
  await page.locator('form').first().evaluate((form: HTMLFormElement) => { form.noValidate = true })
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByText('Use at least 10 characters').waitFor()
  expect(await page.getByLabel('Username').inputValue()).toBe('yara')
  expect(await page.locator('input[name="password"]').inputValue()).toBe('')
  await page.getByText('mara invited you').waitFor()
  await page.locator('input[name="password"]').fill(password)
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.waitForURL('**/welcome')
  await site.work()
  await page.goto('/@mara')
  await page.locator('main header').getByRole('button', { name: /^Following: / }).waitFor()
  await changeSettings(site.app, owner, { joinMode: 'open' })
})

test('who must be approved or confirm an address waits on a page that says what for', async () => {
  await changeSettings(site.app, owner, { joinMode: 'approval', emailMode: 'confirmed' })
  const { page } = await site.visitor({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } })
  await page.goto('/signup')
  expect(await fits(page)).toBe(true)
  await page.getByLabel('Username').fill('hana')
  await page.getByLabel('E-mail').fill('hana@example.org')
  await page.locator('input[name="password"]').fill(password)
  await page.getByLabel('Why would you like to join?').fill('I keep bees')
  await page.locator('input[name="consent"]').check()
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.waitForURL('**/waiting')
  expect(await fits(page)).toBe(true)
  await page.getByRole('button', { name: 'Send the letter again' }).click()
  await page.getByText('A fresh link is ready').waitFor()
  const letters = await site.app.database.queries.selectFrom('outbox_mails').select('body_text').where('to_address', '=', 'hana@example.org').execute()
  expect(letters).toHaveLength(2)
  await page.goto(`/confirm?token=${/token=([\w-]+)/.exec(letters[1]!.body_text)![1]!}`)
  await page.getByRole('button', { name: 'Yes, this is my address' }).click()
  await page.goto('/waiting')
  await page.getByText('A moderator reads your request').waitFor()
  await changeSettings(site.app, owner, { joinMode: 'open', emailMode: 'optional' })
})

test.each([['en', 'light'], ['ar', 'dark']] as const)('the doors fit a small phone and axe finds nothing (%s, %s)', async (locale, colorScheme) => {
  const { page } = await site.visitor({ viewport: { width: 320, height: 640 }, colorScheme, locale })
  for (const path of ['/login', '/signup', '/reset', '/reset?token=x', '/confirm?token=x']) {
    await page.goto(path)
    expect(await page.locator('html').getAttribute('dir'), path).toBe(locale === 'ar' ? 'rtl' : 'ltr')
    expect(await fits(page), path).toBe(true)
    expect(await faultsOf(page), path).toEqual([])
  }
})

test('a visitor changes the language, and the page stays the same', async () => {
  const { page } = await site.visitor({ javaScriptEnabled: false })
  await page.goto('/login?next=/explore')
  await page.getByRole('button', { name: 'العربية' }).click()
  await page.waitForURL('**/login?next=/explore')
  expect(await page.locator('html').getAttribute('lang')).toBe('ar')
})

test('whatever is sent to the passkey doors, the answer is a sentence and not a crash', async () => {
  const { page } = await site.visitor()
  await page.goto('/login')
  for (const body of ['', '{}', 'null', '{"ticket":"nonsense"}', '{"ticket":1}']) {
    const status = await page.evaluate(async (text) => (await fetch('/login/passkey', { method: 'POST', headers: { 'content-type': 'application/json' }, body: text })).status, body)
    expect([200, 422], body).toContain(status)
  }
  expect(await page.evaluate(async () => (await fetch('/settings/security/passkey', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status)).toBe(401)
})
