import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAccount } from '../../src/server/domain/accounts/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { recomputeTrends } from '../../src/server/domain/discovery/index.ts'
import { changeSettings, closeSetUp, publishAnnouncement } from '../../src/server/domain/instance/index.ts'
import { markAllRead } from '../../src/server/domain/notifications/index.ts'
import { createPost, likePost } from '../../src/server/domain/posts/index.ts'
import { follow } from '../../src/server/domain/relationships/index.ts'
import { createMember, openSession } from '../../src/server/domain/sessions/index.ts'
import { person } from '../people.ts'
import { faultsOf } from './faults.ts'
import { openSite, untilAwake } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let olga: Account
let mara: Account
let token = ''
beforeAll(async () => {
  site = await openSite()
  const { app } = site
  mara = await person(app, 'mara', { role: 'owner', displayName: 'Mara Lindqvist' })
  await app.database.inTransaction((tx) => closeSetUp(app, tx))
  await changeSettings(app, mara, { name: 'Lanternholm', joinMode: 'open' })
  const town = await Promise.all(['yusuf', 'tomas', 'ines', 'aiko', 'bram'].map((name) => person(app, name)))
  for (const who of town) await createPost(app, who, { text: `Snow on my roof, says ${who.username} #firstsnow`, audience: 'members' })
  const popular = await createPost(app, mara, { text: 'The heron is back at the mill', audience: 'public' })
  for (const who of town) await likePost(app, who, popular.id)
  await recomputeTrends(app)
  const id = await app.database.inTransaction((tx) => createMember(app, tx, { username: 'olga', displayName: 'Ольга', password: 'three warm loaves of bread' }))
  olga = (await findAccount(app, id))!
  token = (await openSession(app, app.database.queries, olga.id, 'a test')).token
  await publishAnnouncement(app, mara, { text: 'The harvest fair is on Saturday.', emphasised: true })
  const post = await createPost(app, olga, { text: 'Bread is ready', audience: 'members' })
  for (const who of town.slice(0, 3)) await likePost(app, who, post.id)
  for (let n = 0; n < 24; n++) await createPost(app, town[0]!, { text: `@olga question ${n}`, audience: 'members' })
  await follow(app, town[4]!, olga.id)
  await site.work()
})
afterAll(() => site.closeSite())

async function signedIn(options: Parameters<Site['visitor']>[0] = {}): Promise<Page> {
  const { context, page } = await site.visitor(options)
  await context.addCookies([{ name: 'hearth_session', value: token, url: site.url }])
  return page
}

test('without JavaScript a newcomer picks interests and people, skips the picture, says hello, and reads a home that is not empty', async () => {
  const page = await signedIn({ javaScriptEnabled: false })
  await page.goto('/')
  await page.getByRole('link', { name: 'Go on' }).first().click()
  await page.getByRole('heading', { name: 'What interests you?' }).waitFor()
  await page.getByText('#firstsnow').first().click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Some people to begin with' }).waitFor()
  await page.locator('label.choice', { hasText: 'Mara Lindqvist' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('Step 3 of 4').waitFor()
  await page.getByRole('link', { name: 'Continue' }).click()
  await page.getByLabel('Your first post').fill('I am Olga, I bake.')
  await page.getByRole('button', { name: 'Post and begin' }).click()
  await page.locator('article[data-post]', { hasText: 'I am Olga, I bake.' }).waitFor()
  await page.locator('article[data-post]', { hasText: 'The heron is back' }).waitFor()
  await page.locator('article[data-post]', { hasText: 'Snow on my roof' }).first().waitFor()
  expect(await page.getByRole('link', { name: 'Go on' }).count()).toBe(0)
})

test('without JavaScript notifications are grouped, filtered, paged, dismissed and read', async () => {
  const page = await signedIn({ javaScriptEnabled: false })
  await page.goto('/notifications?filter=likes')
  await page.getByText(/and 2 others liked your post/).waitFor()
  expect(await page.locator('main article').count()).toBe(1)
  await page.goto('/notifications')
  expect(await page.locator('main article.unread').count()).toBeGreaterThan(0)
  await page.getByRole('link', { name: 'Older' }).click()
  await page.getByText('The harvest fair is on Saturday.').first().waitFor()
  await page.getByRole('link', { name: 'Newer' }).click()
  await page.getByText('question 23').waitFor()
  await page.getByRole('button', { name: /^Dismiss: .*mentioned you/ }).first().click()
  await expect.poll(() => page.getByText('question 23').count()).toBe(0)
  expect(await page.locator('main article.unread').count()).toBe(0)
})

test('the count of what is new is in the title at once, in every tab, and gone once it is read', async () => {
  const { context, page } = await site.visitor()
  await context.addCookies([{ name: 'hearth_session', value: token, url: site.url }])
  await markAllRead(site.app, olga)
  await page.goto('/explore')
  const second = await context.newPage()
  untilAwake(second)
  await second.goto('/community')
  const titles = async () => [await page.title(), await second.title()].map((title) => title.split(' ')[0])
  await expect.poll(titles).toEqual(['Explore', 'Community'])
  await createPost(site.app, mara, { text: '@olga have you seen it?', audience: 'members' })
  await site.work()
  await expect.poll(titles, { timeout: 20_000 }).toEqual(['(1)', '(1)'])
  await page.getByRole('link', { name: /^Notifications/ }).first().click()
  await page.getByText('have you seen it?').first().waitFor()
  await expect.poll(titles, { timeout: 20_000 }).toEqual(['Notifications', 'Community'])
  expect(site.problems).toEqual([])
})

test('a new post of somebody one follows is offered, not pushed in', async () => {
  const page = await signedIn()
  await page.goto('/')
  await expect.poll(async () => {
    await createPost(site.app, mara, { text: `The ferry runs again ${Math.random()}`, audience: 'members' })
    return page.getByRole('button', { name: /new post/ }).count()
  }, { timeout: 20_000, interval: 300 }).toBe(1)
  expect(await page.getByText('The ferry runs again').count()).toBe(0)
  await page.getByRole('button', { name: /new post/ }).click()
  await page.getByText('The ferry runs again').first().waitFor()
})

test('a suggestion and an announcement that were waved off stay away', async () => {
  const page = await signedIn()
  await page.goto('/community')
  const rail = page.locator('aside')
  const name = await rail.locator('[aria-label="Who to follow"] li bdi').first().innerText()
  const sent = page.waitForResponse((response) => response.url().includes('/act?/dismissSuggestion'))
  await rail.getByRole('button', { name: `Do not suggest: ${name}` }).click()
  await sent
  const told = page.waitForResponse((response) => response.url().includes('/act?/dismissAnnouncement'))
  await rail.getByRole('button', { name: 'Got it' }).click()
  await told
  await page.reload()
  await rail.getByRole('heading', { name: 'Trending' }).waitFor()
  expect(await rail.getByRole('button', { name: `Do not suggest: ${name}` }).count()).toBe(0)
  expect(await rail.getByText('harvest fair').count()).toBe(0)
})

test.each([['en', 1440, 'light'], ['ar', 360, 'dark']] as const)('axe finds nothing on these pages and nothing is too wide (%s, %d px, %s)', async (locale, width, colorScheme) => {
  await site.app.database.queries.updateTable('accounts').set({ locale }).where('id', '=', olga.id).execute()
  const page = await signedIn({ viewport: { width, height: 800 }, colorScheme })
  const wrong: string[] = []
  for (const path of ['/notifications', '/notifications?filter=community', '/explore', '/welcome', '/welcome?step=people', '/welcome?step=picture', '/welcome?step=hello', '/tags/firstsnow']) {
    await page.goto(path)
    await page.locator('main').waitFor()
    wrong.push(...(await faultsOf(page)).map((one) => `${path} ${one}`))
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (wide > 0) wrong.push(`${path} is ${wide} px too wide`)
    if (process.env.RAIL_PHOTOS) await page.screenshot({ path: `${process.env.RAIL_PHOTOS}/${locale}-${path.replace(/\W+/g, '_')}.png` })
  }
  expect(wrong).toEqual([])
  await site.app.database.queries.updateTable('accounts').set({ locale: 'en' }).where('id', '=', olga.id).execute()
}, 120_000)
