import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allRules, newSetUpToken, publishAnnouncement } from '../../src/server/domain/instance/index.ts'
import { makeReport } from '../../src/server/domain/moderation/index.ts'
import { findAccountByUsername } from '../../src/server/domain/accounts/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { person } from '../people.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

const password = 'three warm loaves of bread'
const shots = process.env['HEARTH_SHOTS']
let site: Site
let amal: Account
let owner: { page: Page }

beforeAll(async () => {
  site = await openSite()
  owner = await site.visitor({ javaScriptEnabled: false })
})
afterAll(() => site?.closeSite())

async function shot(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}
async function join(page: Page, username: string): Promise<void> {
  await page.goto('/signup')
  await page.locator('input[name="username"]').fill(username)
  await page.locator('input[name="password"]').fill(password)
  await page.locator('textarea[name="reason"]').fill('I live around the corner')
  await page.locator('input[name="consent"]').check()
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.waitForURL((to) => !to.pathname.startsWith('/signup'))
}

test('the owner sets the community up with one plain form, without JavaScript', async () => {
  const { page } = owner
  const token = await newSetUpToken(site.app)
  expect((await page.goto('/setup?token=wrong'))?.status()).toBe(404)
  await page.goto(`/setup?token=${token}`)
  await shot(page, 'setup')
  await page.locator('input[name="name"]').fill('Lanternholm')
  await page.locator('input[name="username"]').fill('mara')
  await page.locator('input[name="password"]').fill('short')
  await page.locator('input[name="accentColour"][value="#0f7173"]').check({ force: true })
  await page.locator('form button').last().click()
  expect(await page.locator('input[name="name"]').inputValue()).toBe('Lanternholm')
  expect(await page.locator('.problem').count()).toBeGreaterThan(0)
  expect(await page.locator('input[name="accentColour"][value="#0f7173"]').isChecked()).toBe(true)
  await shot(page, 'setup-problem')
  await page.locator('input[name="password"]').fill(password)
  await page.locator('form button').last().click()
  await page.waitForURL((to) => to.pathname === '/')
  expect((await allRules(site.app)).length).toBe(3)
  await page.getByText('Lanternholm').first().waitFor()
  expect((await page.goto(`/setup?token=${token}`))?.status()).toBe(404)
})

test('somebody asks to join and the owner lets them in', async () => {
  const newcomer = await site.visitor()
  await join(newcomer.page, 'yara')
  await owner.page.goto('/admin/approvals')
  await owner.page.getByText('I live around the corner').waitFor()
  await shot(owner.page, 'approvals')
  await owner.page.locator('form[action="?/approve"] button').first().click()
  expect((await findAccountByUsername(site.app, 'yara'))?.state).toBe('active')
})

test('a member reports a post in three taps, the owner removes it, both are told', async () => {
  amal = await person(site.app, 'amal', { displayName: 'Amal' })
  const post = await createPost(site.app, amal, { text: 'Something truly unkind', audience: 'members' })
  const yara = await site.visitor({ javaScriptEnabled: false, viewport: { width: 360, height: 760 } })
  await yara.page.goto(`/login?next=${encodeURIComponent(`/report?post=${post.id}`)}`)
  await yara.page.locator('input[name="login"]').fill('yara')
  await yara.page.locator('input[name="password"]').fill(password)
  await yara.page.locator('form:has(input[name="password"]) button:not([type="button"])').first().click()
  await yara.page.getByText('Something truly unkind').waitFor()
  await shot(yara.page, 'report')
  await yara.page.locator('input[name="category"][value="harassment"]').check()
  await yara.page.locator('input[name="ruleId"]').nth(1).check()
  await yara.page.getByRole('button', { name: 'Send report' }).click()
  await yara.page.getByText('Thank you').waitFor()
  await shot(yara.page, 'report-sent')
  await yara.page.getByRole('button', { name: /Mute/ }).click()
  await yara.page.getByText('You no longer see posts by Amal').waitFor()

  await owner.page.goto('/admin/reports')
  await owner.page.getByText('Something truly unkind').click()
  await shot(owner.page, 'report-desk')
  await owner.page.locator('input[name="act"][value="suspend"]').check()
  await owner.page.locator('select[name="basis"]').selectOption({ index: 1 })
  await owner.page.getByRole('button', { name: 'Decide', exact: true }).click()
  await owner.page.locator('.problem').first().waitFor()
  expect(await owner.page.locator('input[name="act"][value="suspend"]').isChecked()).toBe(true)
  await owner.page.locator('input[name="act"][value="remove_post"]').check()
  await owner.page.locator('textarea[name="reason"]').fill('This hurts people.')
  await owner.page.getByRole('button', { name: 'Decide', exact: true }).click()
  await owner.page.waitForURL((to) => to.pathname === '/admin/desk')
  await yara.page.goto('/standing?show=reports')
  await yara.page.getByText('The moderators acted on it').waitFor()
  await shot(yara.page, 'standing')
})

test('the owner writes a rule, an announcement and settings', async () => {
  const { page } = owner
  await page.goto('/admin/rules')
  await page.locator('form[action="?/add"] input[name="text"]').fill('Credit photographers')
  await page.locator('form[action="?/add"] > .button').click()
  await page.getByText('Credit photographers').first().waitFor()
  await page.goto('/admin/announcements')
  await page.locator('details', { hasText: 'announcement' }).first().locator('summary').first().click()
  await page.locator('form[action="?/create"] textarea[name="text"]').fill('The fair is on **Saturday**')
  await page.locator('form[action="?/create"] button[name="publish"]').click()
  await page.locator('strong', { hasText: 'Saturday' }).first().waitFor()
  await page.goto('/admin/settings')
  await page.locator('textarea[name="terms"]').fill('# Terms\n\nBe good.')
  await page.locator('form:has(textarea[name="terms"]) > .button').click()
  await page.goto('/terms')
  await page.getByText('Be good.').waitFor()
})

const pages = ['/admin', '/admin/desk', '/admin/approvals', '/admin/pictures', '/admin/members', '/admin/members/amal', '/admin/invitations', '/admin/announcements', '/admin/rules', '/admin/settings', '/admin/outbox', '/admin/log', '/about', '/terms', '/standing', '/report?account=amal']

test.each([{ look: 'phone in the dark, Arabic', width: 320, dark: true, locale: 'ar' }, { look: 'desktop, English', width: 1440, dark: false, locale: 'en' }])('axe finds nothing on the staff’s pages and nothing is too wide ($look)', async ({ width, dark, locale }) => {
  const { context, page } = await site.visitor({ viewport: { width, height: 800 }, colorScheme: dark ? 'dark' : 'light' })
  const yara = (await findAccountByUsername(site.app, 'yara'))!
  await makeReport(site.app, yara, { accountId: amal.id, category: 'impersonation', comment: 'Not her' })
  await publishAnnouncement(site.app, 'program', { text: 'Hello' })
  await context.addCookies((await owner.page.context().cookies()).filter((cookie) => cookie.name === 'hearth_session'))
  await site.app.database.pool.query('update accounts set locale = $1 where username = $2', [locale, 'mara'])
  await page.goto('/admin/desk')
  const first = await page.locator('a[data-case]').first().getAttribute('href')
  for (const path of [...pages, first!]) {
    await page.goto(path)
    expect([path, await faultsOf(page)]).toEqual([path, []])
    expect([path, await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)]).toEqual([path, expect.toSatisfy((over: number) => over <= 0)])
    expect([path, await page.evaluate(() => document.body.innerText.match(/\b(admin|moderation|setup|report|error)\.[a-z]\w+/g))]).toEqual([path, null])
    await shot(page, `${path.replace(/[^a-z0-9]+/gi, '-')}-${locale}`)
  }
  expect(site.problems).toEqual([])
})
