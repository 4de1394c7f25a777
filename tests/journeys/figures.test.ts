import { mkdir } from 'node:fs/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { openSession, sessionCookie } from '../../src/server/domain/sessions/index.ts'
import { moderatedYear } from '../moderated-year.ts'
import { person } from '../people.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let owner: Account, moderator: Account, member: Account
beforeAll(async () => {
  site = await openSite()
  owner = await person(site.app, 'olga', { role: 'owner', displayName: 'Olga' })
  moderator = await person(site.app, 'ines', { role: 'moderator', displayName: 'Ines' })
  member = await person(site.app, 'tomas', { displayName: 'Tomás' })
  const members = [member]
  for (const name of ['amal', 'ben', 'cleo', 'dina', 'emil']) members.push(await person(site.app, name))
  await moderatedYear(site.app, { moderators: [owner, moderator], members })
})
afterAll(() => site?.closeSite())

async function visit(who: Account | null, options: BrowserContextOptions & { tongue?: 'en' | 'ar' } = {}): Promise<Page> {
  const { tongue = 'en', ...more } = options
  const { context, page } = await site.visitor(more)
  await context.addCookies([{ name: 'hearth_locale', value: tongue, url: site.url }])
  if (who) {
    await site.app.database.queries.updateTable('accounts').set({ locale: tongue }).where('id', '=', who.id).execute()
    const { token } = await openSession(site.app, site.app.database.queries, who.id, 'test')
    await context.addCookies([{ name: sessionCookie(site.app), value: token, url: site.url }])
  }
  return page
}
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)
/** For people who look at how it looks: HEARTH_PICTURES=FOLDER. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['HEARTH_PICTURES']
  if (!folder) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

test('anybody reads how the community is moderated, without an account or JavaScript, and takes the tables along', async () => {
  const page = await visit(null, { javaScriptEnabled: false })
  await page.goto('/about')
  await page.locator('main').getByRole('link', { name: 'Transparency' }).click()
  await page.getByRole('heading', { level: 1, name: /^Transparency report \d{4}$/ }).waitFor()
  await page.getByRole('heading', { level: 2, name: 'What was done' }).waitFor()
  expect(await page.getByRole('table', { name: 'Reports that something breaks our rules' }).count()).toBe(1)
  expect(await page.locator('main').innerText()).not.toMatch(/\b(Tomás|tomas|Ines)\b/)
  const href = await page.getByRole('link', { name: 'Notices' }).getAttribute('href')
  const file = await page.request.get(href!)
  expect(file.headers()['content-type']).toBe('text/csv; charset=utf-8')
  expect(await file.text()).toContain('Number of notices received,')
  expect((await page.request.get('/transparency/1999')).status()).toBe(404)
  expect((await page.request.get('/transparency/2026/passwords.csv')).status()).toBe(404)
})

test.each([['en', 'light', 1440], ['ar', 'dark', 320]] as const)('the report fits, and axe finds nothing (%s, %s, %i px)', async (tongue, colorScheme, width) => {
  const page = await visit(null, { tongue, colorScheme, viewport: { width, height: 900 } })
  await page.goto('/transparency')
  expect(await fits(page)).toBe(true)
  expect(await faultsOf(page)).toEqual([])
  await picture(page, `report-${tongue}-${colorScheme}-${width}`)
})

test.each([['en', 'dark', 320], ['ar', 'light', 1440]] as const)('moderators see how it goes, with tables beside the plots; axe finds nothing (%s, %s, %i px)', async (tongue, colorScheme, width) => {
  const page = await visit(moderator, { tongue, colorScheme, viewport: { width, height: 900 } })
  await page.goto('/admin/figures')
  expect(await page.locator('figure svg[role=img] > title').count()).toBe(5)
  expect(await page.locator('figure svg[role=img] > title').first().textContent()).toMatch(/\d/)
  await page.locator('figure summary').first().click()
  expect(await page.locator('figure table tbody tr').count()).toBe(5 * 13)
  expect(await fits(page)).toBe(true)
  expect(await faultsOf(page)).toEqual([])
  await page.locator('figure summary').first().click()
  await picture(page, `figures-${tongue}-${colorScheme}-${width}`)
})

test.each([['en', 'light', 390], ['ar', 'dark', 1440]] as const)('a member sees what counts, until when, what waits, and takes it along (%s, %s, %i px)', async (tongue, colorScheme, width) => {
  const page = await visit(member, { tongue, colorScheme, viewport: { width, height: 900 } })
  await page.goto('/standing')
  expect(await page.locator('section[aria-labelledby=standing-now] li').count()).toBeGreaterThan(0)
  expect(await fits(page)).toBe(true)
  expect(await faultsOf(page)).toEqual([])
  await picture(page, `standing-${tongue}-${colorScheme}-${width}`)
  const taken = await page.request.get('/standing/record')
  expect(taken.headers()['content-disposition']).toContain('my-standing.json')
  expect((await taken.json() as { decisions: unknown[] }).decisions.length).toBeGreaterThan(5)
})

test('members get no figures of that kind; moderators can’t close the page or take statements out; the owner writes on it and closes it', async () => {
  expect((await (await visit(member)).goto('/admin/figures'))?.status()).toBe(403)
  const moderating = await visit(moderator)
  await moderating.goto('/admin/figures')
  expect(await moderating.locator('form[action="?/page"]').count()).toBe(0)
  expect((await moderating.request.get('/admin/figures/statements-2026.csv')).status()).toBe(403)
  const page = await visit(owner, { javaScriptEnabled: false })
  await page.goto('/admin/figures')
  await page.getByLabel('Your own words above the figures').fill('We are **two** people with an hour a day.')
  await page.locator('form[action="?/page"] button').click()
  await page.getByText('Saved').waitFor()
  const outside = await visit(null)
  await outside.goto('/transparency')
  await outside.locator('.prose strong', { hasText: 'two' }).waitFor()
  await page.getByLabel('The transparency page is open to everybody').uncheck()
  await page.locator('form[action="?/page"] button').click()
  await page.getByText('Saved').waitFor()
  expect((await outside.goto('/transparency'))?.status()).toBe(404)
  expect((await outside.request.get('/transparency/2026/4_notices.csv')).status()).toBe(404)
  await outside.goto('/about')
  expect(await outside.locator('main').getByRole('link', { name: 'Transparency' }).count()).toBe(0)
  await page.goto('/transparency')
  await page.getByText('This page is closed to everybody but you').waitFor()
  const statements = await page.request.get(`/admin/figures/statements-${new Date().getUTCFullYear()}.csv`)
  expect((await statements.text()).split('\r\n')[0]).toMatch(/^decision_visibility,/)
  expect(site.problems).toEqual([])
})
