import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeSetUp } from '../../src/server/domain/instance/index.ts'
import { changeSettings } from '../../src/server/domain/instance/index.ts'
import { person } from '../people.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
  const owner = await person(site.app, 'mara', { role: 'owner' })
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
  await changeSettings(site.app, owner, { name: 'Lanternholm', joinMode: 'open' })
})
afterAll(() => site.closeSite())

async function join(page: Page, username: string): Promise<void> {
  await page.goto('/signup')
  await page.getByLabel('Username').fill(username)
  await page.locator('input[name="password"]').fill('three warm loaves of bread')
  await page.locator('input[name="consent"]').check()
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.waitForURL('**/welcome').catch(async (error: unknown) => { throw new Error(`${page.url()}: ${(await page.locator('main').innerText()).slice(0, 600)}`, { cause: error }) })
}

test('two newcomers join, one follows the other and reads what they post', async () => {
  const tomas = await site.visitor()
  await join(tomas.page, 'tomas')
  await tomas.page.goto('/')
  await tomas.page.locator('textarea[name="text"]').first().fill('The ferry runs again, and the *light* is good. #harbour')
  await tomas.page.locator('form[action^="/compose"] button:not([type="button"])').first().click()
  await tomas.page.getByText('The ferry runs again').first().waitFor()

  const olga = await site.visitor()
  await join(olga.page, 'olga')
  await olga.page.goto('/@tomas')
  const followed = olga.page.waitForResponse((response) => response.url().includes('/act?/follow'))
  await olga.page.locator('main header').getByRole('button', { name: /^Follow: / }).click()
  await followed
  await olga.page.locator('main header').getByRole('button', { name: /^Following: / }).waitFor()
  await olga.page.goto('/')
  const post = olga.page.locator('article[data-post]', { hasText: 'The ferry runs again' })
  const liked = olga.page.waitForResponse((response) => response.url().includes('/act?/like'))
  await post.locator('[data-act="like"]').click()
  await liked
  await post.locator('[data-act="like"][aria-pressed="true"]').waitFor()
  await site.work()
  await tomas.page.goto('/notifications')
  await tomas.page.getByText('olga liked your post').waitFor()
  expect(site.problems).toEqual([])
})

test('without JavaScript one can join, post, follow, reply and like', async () => {
  const bram = await site.visitor({ javaScriptEnabled: false })
  await join(bram.page, 'bram')
  await bram.page.goto('/compose')
  await bram.page.locator('textarea[name="text"]').fill('Eleven hives, all humming.')
  await bram.page.locator('form[action^="/compose"] button:not([type="button"])').first().click()
  await bram.page.getByText('Eleven hives, all humming.').first().waitFor()
  await bram.page.goto('/@tomas')
  await bram.page.locator('main header').getByRole('button', { name: /^Follow: / }).click()
  await bram.page.locator('main header').getByRole('button', { name: /^Following: / }).waitFor()
  await bram.page.locator('article[data-post] [data-act="like"]').first().click()
  await bram.page.waitForURL('**/@tomas/*')
  expect(await bram.page.locator('[data-act="like"]').first().getAttribute('aria-pressed')).toBe('true')
})

test.each(['/', '/login', '/signup', '/community', '/@tomas'])('axe finds nothing on %s for a visitor', async (path) => {
  const { page } = await site.visitor()
  await page.goto(path)
  expect(await faultsOf(page)).toEqual([])
})

test.each(['/', '/login', '/signup', '/community', '/@tomas', '/about'])('nothing is cut off on %s on a 320 px phone', async (path) => {
  const { page } = await site.visitor({ viewport: { width: 320, height: 640 } })
  await page.goto(path)
  // Overflow may be clipped rather than scrolled: ask every element in sight.
  const out = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('h1, h2, p, a, button, input, textarea, article')]
    .filter((one) => { const box = one.getBoundingClientRect(); return box.width > 1 && !one.closest('.tabs, .visually-hidden, .skip') && (box.right > innerWidth + 1 || box.left < -1) })
    .map((one) => `${one.tagName} ${one.className} ${one.textContent?.trim().slice(0, 30)}`))
  expect(out).toEqual([])
})

test('a wrong password keeps the name that was typed and says what is wrong', async () => {
  const { page } = await site.visitor()
  await page.goto('/login')
  await page.locator('input[name="login"]').fill('tomas')
  await page.locator('input[name="password"]').fill('not the password at all')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('The name or the password is not right').waitFor()
  expect(await page.locator('input[name="login"]').inputValue()).toBe('tomas')
})
