import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeSettings, closeSetUp, publishAnnouncement } from '../../src/server/domain/instance/index.ts'
import { findAccount } from '../../src/server/domain/accounts/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { follow } from '../../src/server/domain/relationships/index.ts'
import { createMember, openSession } from '../../src/server/domain/sessions/index.ts'
import { person } from '../people.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let token = ''
beforeAll(async () => {
  site = await openSite()
  const { app } = site
  const mara = await person(app, 'mara', { role: 'owner', displayName: 'Mara Lindqvist' })
  const yusuf = await person(app, 'yusuf', { displayName: 'يوسف الحداد' })
  await app.database.inTransaction((tx) => closeSetUp(app, tx))
  await changeSettings(app, mara, { name: 'Lanternholm', joinMode: 'open' })
  const id = await app.database.inTransaction((tx) => createMember(app, tx, { username: 'olga', displayName: 'Ольга Миронова', password: 'three warm loaves of bread' }))
  const olga = (await findAccount(app, id))!
  await follow(app, olga, mara.id)
  await follow(app, olga, yusuf.id)
  for (let n = 1; n <= 45; n++) await createPost(app, n % 3 ? mara : yusuf, { text: n % 3 ? `Loaf number ${n} is out of the oven. #bread` : `صباح الخير رقم ${n} #خبز`, audience: 'members' })
  await createPost(app, mara, { text: 'Soup or cake?', audience: 'members', poll: { options: ['soup', 'cake'], multiple: false, hideTotals: false, seconds: 86_400 } })
  await createPost(app, yusuf, { text: 'Long, about beans', warning: 'Beans', audience: 'public' })
  await publishAnnouncement(app, mara, { text: 'The harvest fair is on Saturday.', translations: {}, emphasised: true })
  token = (await openSession(app, app.database.queries, olga.id, 'a test')).token
  await site.work()
})
afterAll(() => site.closeSite())

async function signedIn(options: Parameters<Site['visitor']>[0] = {}): Promise<Page> {
  const { context, page } = await site.visitor(options)
  await context.addCookies([{ name: 'hearth_session', value: token, url: site.url }])
  return page
}

const pages = ['/', '/community', '/explore', '/notifications', '/search?q=loaf', '/bookmarks', '/likes', '/compose', '/@mara', '/tags/bread', '/welcome', '/settings', '/settings/profile', '/settings/preferences', '/settings/notifications', '/notifications/requests', '/settings/privacy', '/settings/security', '/settings/invitations', '/settings/data', '/standing', '/report?account=mara', '/about']
test.each([
  ['phone in the dark, Arabic', { viewport: { width: 320, height: 700 }, colorScheme: 'dark' as const }, 'ar'],
  ['desktop, English', { viewport: { width: 1440, height: 900 } }, 'en'],
])('axe finds nothing on a member’s pages and nothing is too wide (%s)', async (_look, options, locale) => {
  await site.app.database.queries.updateTable('accounts').set({ locale }).where('username', '=', 'olga').execute()
  const page = await signedIn(options)
  const wrong: string[] = []
  for (const path of pages) {
    await page.goto(path)
    await page.locator('main').waitFor()
    wrong.push(...(await faultsOf(page)).map((one) => `${path} ${one}`))
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (wide > 0) wrong.push(`${path} is ${wide} px too wide`)
  }
  expect(wrong).toEqual([])
  await site.app.database.queries.updateTable('accounts').set({ locale: 'en' }).where('username', '=', 'olga').execute()
}, 180_000)

test('without JavaScript the feed pages older and newer over the same posts, and a reply is a plain form', async () => {
  const page = await signedIn({ javaScriptEnabled: false })
  const ids = () => page.locator('article[data-post]').evaluateAll((all) => all.map((one) => one.getAttribute('data-post')))
  await page.goto('/')
  const first = await ids()
  await page.locator('a[rel="next"]').click()
  const second = await ids()
  expect(first.length).toBe(20)
  expect(second.some((id) => first.includes(id))).toBe(false)
  await page.getByRole('link', { name: 'Newer' }).click()
  await page.waitForLoadState()
  expect(await ids()).toEqual(first)
  await page.locator('article[data-post] a[data-open]').first().click()
  await page.locator('#reply textarea[name="text"]').fill('I would like both.')
  await page.locator('#reply form[action^="/compose"] button:not([type="button"])').first().click()
  await page.getByText('I would like both.').first().waitFor()
})

test('with JavaScript the feed goes on by itself, and Back finds the place again', async () => {
  const page = await signedIn()
  await page.goto('/')
  await page.locator('article[data-post]').nth(19).scrollIntoViewIfNeeded()
  await page.locator('article[data-post]').nth(39).waitFor()
  const far = page.locator('article[data-post]').nth(30)
  await far.scrollIntoViewIfNeeded()
  const id = await far.getAttribute('data-post')
  await far.locator('a[data-open]').click()
  await page.waitForURL('**/@*/*')
  await page.goBack()
  await page.locator(`article[data-post="${id}"]`).waitFor()
  await page.waitForFunction((wanted) => { const box = document.querySelector(`article[data-post="${wanted}"]`)?.getBoundingClientRect(); return box !== undefined && box.bottom > 0 && box.top < innerHeight }, id)
  expect(site.problems).toEqual([])
})

test.each([true, false])('what a post’s menu offers is all within reach, down to its last line (scripts: %s)', async (javaScriptEnabled) => {
  const page = await signedIn({ javaScriptEnabled, viewport: { width: 390, height: 844 } })
  await page.goto('/community')
  const post = page.locator('article[data-post]').first()
  await post.locator('details.menu > summary').click()
  // Longer than a short post is tall: not cut off where the next one begins.
  const last = post.locator('.menu-panel > :is(a, form)').last()
  expect((await last.boundingBox())!.y).toBeGreaterThan((await page.locator('article[data-post]').nth(1).boundingBox())!.y)
  await last.click({ timeout: 5000 })
  await page.waitForURL('**/report?post=*')
  expect(site.problems).toEqual([])
})

test('somebody muted for a day is out of the feed, and is listed where it can be undone', async () => {
  const page = await signedIn()
  await page.goto('/@yusuf')
  await page.locator('main header details.menu > summary').click()
  await page.locator('main header details.inner > summary').click()
  await page.getByRole('button', { name: 'for a day' }).click()
  await page.getByText('You have muted this account.').waitFor()
  await page.goto('/')
  expect(await page.locator('article[data-post]', { hasText: 'صباح الخير' }).count()).toBe(0)
  await page.goto('/settings/privacy')
  await page.locator('section[aria-labelledby="muted"]').getByRole('button', { name: 'Unmute' }).click()
  await page.goto('/')
  await page.locator('article[data-post]', { hasText: 'صباح الخير' }).first().waitFor()
})

test('a name changed in the settings shows at once, and what was typed stays when it is too long', async () => {
  const page = await signedIn()
  await page.goto('/settings/profile')
  await page.getByLabel('Name', { exact: true }).fill('Ольга, now with bees')
  await page.getByLabel('About you').fill('b'.repeat(1500))
  await page.locator('form[action="?/save"] button').click()
  await page.getByText('At most 1,000 characters').or(page.getByText('At most 1000 characters')).waitFor()
  expect(await page.getByLabel('About you').inputValue()).toHaveLength(1500)
  await page.getByLabel('About you').fill('Choir, books, long walks.')
  await page.locator('form[action="?/save"] button').click()
  await page.getByText('Saved').waitFor()
  await page.goto('/@olga')
  await page.getByText('Choir, books, long walks.').waitFor()
})
