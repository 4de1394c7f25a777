import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { changeSettings, closeSetUp } from '../../src/server/domain/instance/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { communityTimeline } from '../../src/server/domain/timelines/index.ts'
import { openSession, sessionCookie } from '../../src/server/domain/sessions/index.ts'
import { person } from '../people.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

/** kB, packed with brotli: it was 103 once; what is fetched before anything shows is 1. */
const mostScript = 83
let site: Site
let mara: Account
beforeAll(async () => {
  site = await openSite()
  mara = await person(site.app, 'mara', { role: 'owner' })
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
  await changeSettings(site.app, 'command', { readMode: 'everyone' })
  for (let at = 1; at <= 18; at++) await createPost(site.app, mara, { text: `Loaf ${at} is out of the oven.\n\nIt cools on the sill.`, audience: 'public' })
})
afterAll(() => site.closeSite())

/** A page with nobody's hand on it, and the scripts that it fetched. */
async function untouched(path: string, who?: Account): Promise<{ page: Page; scripts: string[] }> {
  const { page: other } = await site.visitor()
  const context = await other.context().browser()!.newContext({ baseURL: site.url, viewport: { width: 412, height: 823 }, serviceWorkers: 'block', permissions: ['clipboard-read', 'clipboard-write'] })
  context.setDefaultTimeout(20_000)
  if (who) {
    const { token } = await openSession(site.app, site.app.database.queries, who.id, 'a test')
    await context.addCookies([{ name: sessionCookie(site.app), value: token, url: site.url }])
  }
  const page = await context.newPage()
  const scripts: string[] = []
  page.on('request', (request) => { if (new URL(request.url()).pathname.endsWith('.js')) scripts.push(request.url()) })
  page.on('pageerror', (error) => site.problems.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => { if (message.type() === 'error' || message.text().includes('hydrat')) site.problems.push(`${page.url()}: ${message.text()}`) })
  await page.goto(path)
  return { page, scripts }
}
const asleep = (page: Page) => page.evaluate(() => document.documentElement.dataset['awake'] === undefined)
/** Kit's script came, and so did what it stands on. */
const fetched = (page: Page) => page.waitForFunction(() => document.querySelector('link:is([rel="prefetch"], [rel="modulepreload"])[href*="/nodes/"]') && !document.querySelector('link[rel="later"]'))

test('a visitor’s page fetches its scripts last and runs them for the first hand; what was pressed before is done then', async () => {
  let { page } = await untouched('/@mara')
  await fetched(page)
  // Now and then Chromium makes up a pointer of its own where a page appears.
  for (let tries = 0; tries < 3 && !(await asleep(page)); tries++) { page = (await untouched('/@mara')).page; await fetched(page) }
  expect(await asleep(page)).toBe(true)
  await page.locator('article[data-post]').nth(2).locator('[data-act=share]').click()
  await page.getByText('Link copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('/@mara/')
})

test('a post far down answers the first press, though its scripts never ran before', async () => {
  const { page } = await untouched('/community', mara)
  await page.waitForSelector('html[data-awake]', { state: 'attached' })
  const like = page.locator('article[data-post]').nth(12).locator('[data-act=like]')
  // By script, so that it never comes into sight.
  await like.evaluate((button: HTMLElement) => button.click())
  await page.locator('article[data-post]').nth(12).locator('[data-act=like][aria-pressed=true]').waitFor({ state: 'attached' })
  expect(new URL(page.url()).pathname).toBe('/community')
  expect(await page.evaluate(() => performance.getEntriesByType('navigation').length)).toBe(1)
})

test('the composer’s code comes when somebody is about to write; what was typed and pressed meanwhile stays', async () => {
  const { page, scripts } = await untouched('/', mara)
  await page.waitForSelector('html[data-awake]', { state: 'attached' })
  const before = scripts.length
  const form = page.locator('main [data-composer="new"]')
  await page.route('**/*.js', async (route) => { await started; await route.continue() })
  let go = () => {}
  const started = new Promise<void>((done) => { go = done })
  await form.locator('textarea').first().fill('Rolls at seven')
  const poll = form.getByRole('button', { name: 'Poll', exact: true })
  await poll.click()
  expect(await poll.getAttribute('aria-pressed')).not.toBe('true')
  go()
  await form.locator('.tools button[aria-pressed=true]').waitFor()
  expect(scripts.length).toBeGreaterThan(before)
  expect(await form.locator('textarea').first().inputValue()).toBe('Rolls at seven')
})

test('all script of a page that is read, as sent, stays small', async () => {
  const { items: [post] } = await communityTimeline(site.app, null, { limit: 1 })
  for (const [path, who] of [['/'], ['/', mara], ['/@mara'], [post!.url]] as const) {
    const { page, scripts } = await untouched(path, who)
    await fetched(page)
    await page.mouse.move(100, 300)
    await page.waitForSelector('html[data-awake]', { state: 'attached' })
    const sizes = await Promise.all([...new Set(scripts)].map(async (url) => Number((await fetch(url, { headers: { 'accept-encoding': 'br' } })).headers.get('content-length'))))
    const kB = sizes.reduce((sum, size) => sum + size, 0) / 1024
    expect(kB, `${path} ${who?.username ?? ''}: ${new Set(scripts).size} scripts`).toBeGreaterThan(30)
    expect(kB, path).toBeLessThan(mostScript)
  }
})

test('nothing went wrong in these pages', () => { expect(site.problems).toEqual([]) })
