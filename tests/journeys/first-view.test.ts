import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { changeSettings, closeSetUp } from '../../src/server/domain/instance/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { communityTimeline } from '../../src/server/domain/timelines/index.ts'
import { openSession, sessionCookie } from '../../src/server/domain/sessions/index.ts'
import { person } from '../people.ts'
import { sentBytes } from '../sent.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

/** Bytes, packed with brotli, that a page which nobody touches fetches: of what is wanted, all. */
const mostUntouched = 60_000
/** The same once a hand came: it was 105,000 once. */
const mostInTheEnd = 84_000
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
async function untouched(path: string, who?: Account, before: (page: Page) => Promise<void> = async () => {}): Promise<{ page: Page; scripts: string[] }> {
  const { page: other } = await site.visitor()
  const context = await other.context().browser()!.newContext({ baseURL: site.url, viewport: { width: 412, height: 823 }, serviceWorkers: 'block', permissions: ['clipboard-read', 'clipboard-write'] })
  context.setDefaultTimeout(20_000)
  if (who) {
    const { token } = await openSession(site.app, site.app.database.queries, who.id, 'a test')
    await context.addCookies([{ name: sessionCookie(site.app), value: token, url: site.url }])
  }
  const page = await context.newPage()
  await before(page)
  const scripts: string[] = []
  page.on('request', (request) => { if (new URL(request.url()).pathname.endsWith('.js')) scripts.push(request.url()) })
  page.on('pageerror', (error) => site.problems.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => { if (message.type() === 'error' || message.text().includes('hydrat')) site.problems.push(`${page.url()}: ${message.text()}`) })
  await page.goto(path)
  return { page, scripts }
}
const asleep = (page: Page) => page.evaluate(() => document.documentElement.dataset['awake'] === undefined)
/** Kit's script came, and so did what it stands on. */
const fetched = (page: Page) => page.waitForFunction(() => {
  const wanted = Array.from(document.querySelectorAll<HTMLLinkElement>('link:is([rel="prefetch"][as="script"], [rel="modulepreload"])'))
  return wanted.some(({ href }) => href.includes('/nodes/')) && !document.querySelector('link[rel="later"]') && wanted.every(({ href }) => performance.getEntriesByName(href).length > 0)
})

/**
 * In the page: nobody is there until `data-hand` says so. What a test asks of a page counts as a hand's doing, Chromium makes up a pointer of
 * its own now and then where a page appears, and a member's page wakes by itself after six seconds, which may be before a busy machine is done.
 */
function nobodyIsThere(): void {
  const isAlone = () => document.documentElement.dataset['hand'] === undefined
  for (const sign of ['pointerover', 'pointermove', 'scroll']) addEventListener(sign, (event) => { if (isAlone()) event.stopImmediatePropagation() }, true)
  Object.defineProperty(Navigator.prototype, 'userActivation', { get: () => ({ hasBeenActive: false }) })
  const real = setTimeout
  window.setTimeout = ((work: () => void, ms?: number) => real(() => { if (ms !== 6_000 || !isAlone()) work() }, ms)) as typeof setTimeout
}
const somebodyComes = (page: Page) => page.evaluate(() => { document.documentElement.dataset['hand'] = '' })

/** A page that fetched all it wants and sleeps until somebody comes. */
async function sleeping(path: string, who?: Account): ReturnType<typeof untouched> {
  const visited = await untouched(path, who, async (page) => { await page.addInitScript(nobodyIsThere) })
  await fetched(visited.page)
  await visited.page.waitForLoadState('networkidle')
  expect(await asleep(visited.page)).toBe(true)
  return visited
}

test('a visitor’s page fetches its scripts last and runs them for the first hand; what was pressed before is done then', async () => {
  const { page } = await sleeping('/@mara')
  await somebodyComes(page)
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

test('a page whose line is broken when the hand comes wakes for a later one, and does what was pressed', async () => {
  let [broken, asked] = [true, 0]
  const { page } = await sleeping('/@mara')
  await page.route('**/post.*.js', (route) => { asked++; return broken ? route.abort() : route.continue() })
  await somebodyComes(page)
  const share = page.locator('article[data-post]').nth(1).locator('[data-act=share]')
  await share.click()
  await expect.poll(() => asked).toBeGreaterThan(0)
  expect(await asleep(page)).toBe(true)
  broken = false
  await expect.poll(async () => { await page.mouse.wheel(0, 5); return asleep(page) }).toBe(false)
  await page.getByText('Link copied').waitFor()
  // What the browser itself says of the request that was cut.
  site.problems.splice(0, site.problems.length, ...site.problems.filter((one) => !one.includes('ERR_FAILED')))
})

test('all script of a page that is read, as sent, stays small, and what only posts need waits for a hand', async () => {
  const { items: [post] } = await communityTimeline(site.app, null, { limit: 1 })
  for (const [path, who] of [['/'], ['/', mara], ['/@mara'], [post!.url]] as const) {
    const { page, scripts } = await sleeping(path, who)
    const before = await sentBytes(scripts)
    expect(before, `${path} ${who?.username ?? ''}: ${new Set(scripts).size} scripts`).toBeGreaterThan(30_000)
    expect(before, `${path} ${who?.username ?? ''}`).toBeLessThan(mostUntouched)
    await somebodyComes(page)
    await page.mouse.move(100, 300)
    await page.waitForSelector('html[data-awake]', { state: 'attached' })
    const after = await sentBytes(scripts)
    expect(after, path).toBeGreaterThan(before + 10_000)
    expect(after, path).toBeLessThan(mostInTheEnd)
  }
})

test('nothing went wrong in these pages', () => { expect(site.problems).toEqual([]) })
