import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { openSession, sessionCookie } from '../../src/server/domain/sessions/index.ts'
import { person } from '../people.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let receiver: Server
let address: string
let owner: Account, admin: Account
const heard: { headers: Record<string, string>; body: string }[] = []
let answer = 200

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => { body += String(part) })
    request.on('end', () => { heard.push({ headers: request.headers as Record<string, string>, body }); response.writeHead(answer).end('noted') })
  })
  await new Promise<void>((done) => { receiver.listen(0, '127.0.0.1', done) })
  const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`
  address = `http://${host}/hook`
  site = await openSite({ HEARTH_FETCH_ALLOW: host })
  owner = await person(site.app, 'keeper', { role: 'owner', displayName: 'The keeper' })
  admin = await person(site.app, 'helper', { role: 'admin' })
})
afterAll(async () => {
  await site?.closeSite()
  receiver.closeAllConnections()
  receiver.close()
})

async function visit(who: Account, options: BrowserContextOptions = {}): Promise<Page> {
  const { context, page } = await site.visitor(options)
  const { token } = await openSession(site.app, site.app.database.queries, who.id, 'test')
  await context.addCookies([{ name: sessionCookie(site.app), value: token, url: site.url }])
  return page
}

test('the owner connects a program, tries it, reads what it answered and sends again, without JavaScript', async () => {
  const page = await visit(owner, { javaScriptEnabled: false })
  await page.goto('/admin')
  await page.getByRole('link', { name: 'Webhooks' }).first().click()
  await page.getByText('No program listens yet').waitFor()
  await page.getByLabel('Address').fill('http://town.example/')
  await page.getByRole('checkbox', { name: /A decision was made/ }).check()
  await page.getByRole('button', { name: 'Add a webhook' }).click()
  await page.getByText('This must be an address that begins with https://').waitFor()
  // What was ticked stays ticked.
  expect(await page.getByRole('checkbox', { name: /A decision was made/ }).isChecked()).toBe(true)
  expect(await page.getByRole('checkbox', { name: /A new post/ }).isChecked()).toBe(true)
  await page.getByLabel('Address').fill(address)
  await page.getByRole('button', { name: 'Add a webhook' }).click()
  const secret = await page.getByLabel('Its secret, shown this once').getByRole('textbox').inputValue()
  expect(secret).toMatch(/^whsec_/)
  await page.goto('/admin/webhooks')
  expect(await page.content()).not.toContain(secret)

  await page.getByRole('link', { name: address }).click()
  await page.getByText('Nothing was sent yet').waitFor()
  await page.getByRole('button', { name: 'Send a ping' }).click()
  await site.work()
  answer = 500
  await createPost(site.app, owner, { text: 'Bread at nine', audience: 'public' })
  await site.work()
  for (const one of heard) expect(() => new Webhook(secret).verify(one.body, one.headers)).not.toThrow()
  await page.goto(page.url().split('?')[0]!)
  await page.locator('summary', { hasText: 'status.created' }).click()
  await page.getByText(/Bread at nine/).waitFor()
  await page.locator('li', { hasText: 'status.created' }).getByText('noted').waitFor()
  answer = 200
  await page.locator('li', { hasText: 'status.created' }).getByRole('button', { name: 'Send again' }).click()
  await site.work()
  expect(heard.map((one) => (JSON.parse(one.body) as { type: string }).type)).toEqual(['ping', 'status.created', 'status.created'])
  await page.goto(page.url().split('?')[0]!)
  await page.locator('li', { hasText: 'status.created' }).getByText('Delivered').waitFor()

  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Paused').first().waitFor()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
})

test('who doesn’t own the community is shown no way there, and refused', async () => {
  const page = await visit(admin)
  await page.goto('/admin')
  expect(await page.getByRole('link', { name: 'Webhooks' }).count()).toBe(0)
  expect((await page.goto('/admin/webhooks'))?.status()).toBe(403)
  expect((await page.goto('/admin/webhooks/nonsense'))?.status()).toBe(403)
  const owners = await visit(owner)
  expect((await owners.goto('/admin/webhooks/nonsense'))?.status()).toBe(404)
})

test.each([{ width: 320, dark: true, locale: 'ar' }, { width: 1440, dark: false, locale: 'en' }])('axe finds nothing on the pages, and they fit ($width px, $locale)', async ({ width, dark, locale }) => {
  await site.app.database.pool.query('update accounts set locale = $1 where id = $2', [locale, owner.id])
  const page = await visit(owner, { viewport: { width, height: 800 }, colorScheme: dark ? 'dark' : 'light' })
  for (const open of [async () => { await page.goto('/admin/webhooks') }, async () => { await page.goto(await page.locator('a.address').getAttribute('href') ?? ''); await page.locator('li details summary').first().click() }]) {
    await open()
    expect(await faultsOf(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    expect(await page.evaluate(() => document.body.innerText.match(/\b(admin|error)\.[a-z]\w+/g))).toBeNull()
    if (process.env.HEARTH_SHOTS) await page.screenshot({ path: `${process.env.HEARTH_SHOTS}/${width}-${page.url().split('/').at(-1)}.png`, fullPage: true })
  }
  expect(site.problems).toEqual([])
})
