import { Readable } from 'node:stream'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { acceptUpload } from '../../src/server/domain/media/index.ts'
import { createPost, removePost } from '../../src/server/domain/posts/index.ts'
import { openSession, sessionCookie } from '../../src/server/domain/sessions/index.ts'
import { openBucket } from '../bucket.ts'
import type { Bucket } from '../bucket.ts'
import { gif, photo } from '../media/samples.ts'
import { person } from '../people.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let bucket: Bucket
let owner: Account, mara: Account, jun: Account
beforeAll(async () => {
  bucket = await openBucket()
  site = await openSite(bucket.environment)
  owner = await person(site.app, 'keeper', { role: 'owner', displayName: 'The keeper' })
  mara = await person(site.app, 'mara', { displayName: 'Mara' })
  jun = await person(site.app, 'jun')
  // Everything of this journey lives in the bucket.
  await site.app.database.pool.query("update storage set home = 's3'")
})
afterAll(async () => {
  await site?.closeSite()
  await bucket?.close()
})

async function visit(who: Account, options: BrowserContextOptions = {}): Promise<Page> {
  const { context, page } = await site.visitor(options)
  const { token } = await openSession(site.app, site.app.database.queries, who.id, 'test')
  await context.addCookies([{ name: sessionCookie(site.app), value: token, url: site.url }])
  return page
}
const upload = async (content: Buffer, name: string) => (await acceptUpload(site.app, mara, Readable.from([content]), { name })).id

test('a picture for members shows to members, out of the bucket, and to nobody who only has a stale page once it is deleted', async () => {
  const id = await upload(await photo(800, 600), 'lake.jpg')
  await site.work()
  const post = await createPost(site.app, mara, { text: 'The lake this morning', audience: 'members', mediaIds: [id] })
  const page = await visit(jun)
  await page.goto('/community')
  const picture = page.locator('article img[src*="/media/files/"]').first()
  await picture.waitFor()
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100)
  const address = await picture.evaluate((image: HTMLImageElement) => image.currentSrc)
  expect(address).toContain('/~')
  expect((await fetch(address)).status).toBe(200)
  await removePost(site.app, mara, post.id)
  expect((await fetch(address)).status).toBe(404)
})

test('the owner sees what is stored, has a failure tried again, and tries a rule before switching it on, without JavaScript', async () => {
  await upload(await photo(1600, 2100), 'old.jpg')
  await upload(await gif(3), 'dance.gif')
  const failed = await upload(await photo(640, 480), 'holiday.jpg')
  await site.app.database.pool.query("delete from graphile_worker._private_jobs where payload->>'mediaId' = $1", [failed])
  await site.app.database.pool.query("update media set state = 'failed', error = 'imageBroken', attempts = 2 where id = $1", [failed])
  await site.work()
  await site.app.database.pool.query("update media set created_at = now() - interval '300 days' where original_name = 'old.jpg'")
  const page = await visit(owner, { javaScriptEnabled: false })
  await page.goto('/admin/media')
  await page.getByRole('button', { name: 'Count again' }).click()
  await page.getByText('Counted again.').waitFor()
  await page.getByText('New media is kept in the bucket hearth.').waitFor()
  expect(await page.getByRole('table').first().innerText()).toMatch(/Pictures[\s\S]*Animations/)
  await page.getByText('holiday.jpg').waitFor()
  await page.getByRole('button', { name: 'Try again: holiday.jpg' }).click()
  await page.getByText('It is in line again.').waitFor()
  await site.work()

  const rule = page.locator('.rule', { hasText: 'The largest AVIF pictures' })
  await rule.locator('input[name="months"]').fill('6')
  await rule.getByRole('button', { name: 'What would go?' }).click()
  await page.getByText('1 item would lose 1 file:').waitFor()
  await rule.getByRole('button', { name: 'Switch on' }).click()
  await rule.getByText('After 6 months').waitFor()
  await rule.getByRole('button', { name: 'Apply now' }).click()
  await page.getByRole('progressbar').waitFor()
  await site.work()
  await page.goto('/admin/media')
  await rule.getByText(/1 item, .* freed/).waitFor()
  await page.getByText('Everything that was sent could be made ready.').waitFor()
})

test.each([{ width: 320, dark: true, locale: 'ar' }, { width: 1440, dark: false, locale: 'en' }])('axe finds nothing on the page, and it fits ($width px, $locale)', async ({ width, dark, locale }) => {
  await site.app.database.pool.query("update media set state = 'failed', error = 'imageBroken' where original_name = 'dance.gif'")
  await site.app.database.pool.query('update accounts set locale = $1 where id = $2', [locale, owner.id])
  const page = await visit(owner, { viewport: { width, height: 800 }, colorScheme: dark ? 'dark' : 'light' })
  await page.goto('/admin/media?try=originals&months=6')
  await page.locator('details summary', { hasText: locale === 'ar' ? 'جدول' : 'As a table' }).first().click()
  expect(await faultsOf(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  expect(await page.evaluate(() => document.body.innerText.match(/\b(admin|error)\.[a-z]\w+/g))).toBeNull()
  expect(site.problems).toEqual([])
})
