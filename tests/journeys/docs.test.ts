import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeSetUp } from '../../src/server/domain/instance/index.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
})
afterAll(() => site.closeSite())

const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)

const looks: [string, BrowserContextOptions][] = [
  ['on a desk', {}], ['on a narrow phone', { viewport: { width: 320, height: 640 }, hasTouch: true }],
  ['in Arabic and in the dark', { locale: 'ar', colorScheme: 'dark', viewport: { width: 390, height: 800 } }], ['without JavaScript', { javaScriptEnabled: false }],
]
test.each(looks)('who writes an app finds what the server answers, %s', async (_, options) => {
  const { page } = await site.visitor(options)
  await page.goto('/docs/api')
  expect(await page.locator('details').count()).toBeGreaterThan(200)
  expect(await fits(page)).toBe(true)
  await page.locator('input[name="q"]').last().fill('interaction_policy')
  await page.locator('input[name="q"]').last().press('Enter')
  await page.waitForURL('**/docs/api?q=interaction_policy')
  expect(await page.locator('details').count()).toBe(1)
  await page.locator('summary').click()
  await page.getByText('quote_approval_policy').waitFor()
  expect(await page.locator('details[open]').innerText()).toContain('write:statuses')
  expect(await fits(page)).toBe(true)
  if (options.javaScriptEnabled !== false) expect(await faultsOf(page)).toEqual([])
})

test('the whole page is readable with a screen reader, and the OpenAPI file says the same', async () => {
  const { page } = await site.visitor()
  await page.goto('/docs/api')
  expect(await faultsOf(page)).toEqual([])
  const file = await (await fetch(`${site.url}/api/openapi.json`)).json() as { openapi: string; paths: Record<string, object> }
  const shown = await page.locator('details').count()
  expect([file.openapi, Object.values(file.paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0)]).toEqual(['3.1.0', shown])
})
