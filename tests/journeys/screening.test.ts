import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { openSession, sessionCookie } from '../../src/server/domain/sessions/index.ts'
import { person } from '../people.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let moderator: Account, member: Account
beforeAll(async () => {
  site = await openSite()
  moderator = await person(site.app, 'ines', { role: 'moderator' })
  member = await person(site.app, 'tomas')
  for (const at of [1, 2, 3]) await createPost(site.app, member, { text: `A wobblequince for sale, number ${at}`, audience: 'public' })
})
afterAll(() => site?.closeSite())

async function visit(who: Account, options: BrowserContextOptions = {}): Promise<Page> {
  const { context, page } = await site.visitor(options)
  const { token } = await openSession(site.app, site.app.database.queries, who.id, 'test')
  await context.addCookies([{ name: sessionCookie(site.app), value: token, url: site.url }])
  return page
}

test('a moderator makes a list and a rule, tries it on the past and switches it on, without JavaScript', async () => {
  const page = await visit(moderator, { javaScriptEnabled: false })
  await page.goto('/admin/screening')
  await page.getByText('New list').click()
  await page.getByLabel('Name', { exact: true }).fill('Fruit')
  await page.locator('form[action="?/list"] button').click()
  await page.getByRole('link', { name: 'Fruit' }).click()
  await page.getByRole('textbox', { name: 'entries' }).fill('wobblequince\n!!')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('1 added, 1 read.').waitFor()
  await page.getByText('Line 2 could not be read: !!').waitFor()

  await page.goto('/admin/screening/new')
  await page.getByLabel('Name', { exact: true }).fill('No fruit trade')
  await page.getByLabel('Condition 1: What').selectOption({ label: 'A listed word: Fruit' })
  await page.getByLabel('Condition 1: How').selectOption('is')
  await page.getByLabel('Condition 2: What').selectOption({ label: 'Age of the account (hours)' })
  await page.getByLabel('Condition 2: How').selectOption('below')
  await page.getByLabel('Then', { exact: true }).selectOption('hold')
  await page.getByRole('button', { name: 'Save' }).click()
  // A number without its value is no condition; what was chosen stays.
  await page.getByText('This rule can’t be read').first().waitFor()
  expect(await page.getByLabel('Condition 1: What').inputValue()).toMatch(/^words:/)
  await page.getByLabel('Condition 2: Value').fill('24')
  await page.getByRole('button', { name: 'Try on the last 30 days' }).click()
  await page.getByText('Tried on what was posted').waitFor()
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('No fruit trade')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'No fruit trade' }).waitFor()

  await page.getByRole('button', { name: 'Try on the last 30 days' }).click()
  await site.work()
  await page.getByRole('link', { name: 'Look again' }).click()
  await page.getByText('Would have answered 3 of 3 posts of 30 days.').waitFor()
  await page.getByText('A wobblequince for sale, number 3', { exact: true }).waitFor()

  await page.goto('/admin/screening')
  const rule = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'No fruit trade' }) })
  await rule.getByRole('button', { name: 'On', exact: true }).click()
  await page.getByText('The rule’s state is changed.').waitFor()
  expect((await createPost(site.app, member, { text: 'One more w0bblequince', audience: 'public' })).state).toBe('held')
})

test('every page of screening has no faults that a machine finds, in Arabic, dark, on the smallest phone', async () => {
  const page = await visit(moderator, { viewport: { width: 320, height: 700 }, colorScheme: 'dark', locale: 'ar' })
  const { rows } = await site.app.database.pool.query<{ id: string }>("select id from screening_rules where name = 'No fruit trade'")
  for (const path of ['/admin/screening', '/admin/screening/new', `/admin/screening/${rows[0]!.id}`, '/admin/screening/lists/2']) {
    await page.goto(path)
    expect(await faultsOf(page), path).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), path).toBe(true)
  }
})
