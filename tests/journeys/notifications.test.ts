import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAccount } from '../../src/server/domain/accounts/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { closeSetUp } from '../../src/server/domain/instance/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { subscribeToPush } from '../../src/server/domain/push/index.ts'
import { createMember, openSession, viewerFromSession } from '../../src/server/domain/sessions/index.ts'
import { person } from '../people.ts'
import { openPushService } from '../push-service.ts'
import type { PushService } from '../push-service.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let service: PushService
let olga: Account
let stranger: Account
beforeAll(async () => {
  service = await openPushService()
  site = await openSite({ HEARTH_FETCH_ALLOW: service.host }, { whole: true })
  const { app } = site
  stranger = await person(app, 'lena', { displayName: 'Lena' })
  await person(app, 'mara', { role: 'owner' })
  await app.database.inTransaction((tx) => closeSetUp(app, tx))
  olga = (await findAccount(app, await app.database.inTransaction((tx) => createMember(app, tx, { username: 'olga', displayName: 'Olga', password: 'three warm loaves of bread' }))))!
})
afterAll(async () => { service.close(); await site.closeSite() })

async function signedIn(options: Parameters<Site['visitor']>[0] = {}): Promise<{ context: BrowserContext; page: Page; sessionId: string }> {
  const { token } = await openSession(site.app, site.app.database.queries, olga.id, 'a test')
  const { context, page } = await site.visitor(options)
  await context.addCookies([{ name: 'hearth_session', value: token, url: site.url }])
  return { context, page, sessionId: (await viewerFromSession(site.app, token))!.sessionId }
}

test('a member sets strangers aside, reads who waits and lets one through, without JavaScript', async () => {
  const { page } = await signedIn({ javaScriptEnabled: false })
  await page.goto('/settings/notifications')
  await page.locator('select[name=notFollowing]').selectOption('filter')
  await page.locator('form[action="?/policy"] button').click()
  expect(await page.locator('select[name=notFollowing]').inputValue()).toBe('filter')
  await createPost(site.app, stranger, { text: '@olga who looks after the garden?', audience: 'members' })
  await site.work()
  await page.goto('/notifications')
  expect(await page.getByText('who looks after the garden?').count()).toBe(0)
  await page.getByRole('link', { name: '1 person waits for your yes' }).click()
  await page.getByText('who looks after the garden?').waitFor()
  await page.getByRole('button', { name: 'Accept: Lena' }).click()
  await page.goto('/notifications')
  await page.getByText('who looks after the garden?').waitFor()
})

test('the settings of this device are kept and end when it is turned off', async () => {
  const { page, sessionId } = await signedIn()
  await page.goto('/settings/notifications')
  await page.getByRole('button', { name: 'Turn on' }).waitFor()
  // The browser of a test reaches no push service: another one subscribes in its place.
  await subscribeToPush(site.app, olga, { sessionId }, { ...service.device(), standard: true }, { alerts: { mention: true } })
  await page.goto('/settings/notifications')
  await page.getByLabel('Somebody follows me').last().check()
  await page.getByLabel('Of whom').selectOption('followed')
  await page.locator('form[action="?/push"] button').click()
  await page.getByText('Saved').waitFor()
  expect(await page.getByLabel('Somebody follows me').last().isChecked()).toBe(true)
  await page.getByRole('button', { name: 'Turn off on this device' }).click()
  await page.getByRole('button', { name: 'Turn on' }).waitFor()
})

test('a message shows on the device in its language and direction, and what was not kept says so without a network', async () => {
  const { context, page } = await signedIn({ serviceWorkers: 'allow', permissions: ['notifications'] })
  const started = context.waitForEvent('serviceworker')
  await page.goto('/settings/notifications')
  const worker = await started
  await page.evaluate(async () => { await navigator.serviceWorker.ready })
  const browser = await context.newCDPSession(page)
  const registered = new Promise<string>((done) => { browser.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => { const [first] = registrations; if (first) done(first.registrationId) }) })
  await browser.send('ServiceWorker.enable')
  const message = { title: 'يتابعك Tomas', body: '@tomas', icon: '/favicon.svg', notification_id: '42', notification_type: 'follow', preferred_locale: 'ar' }
  await browser.send('ServiceWorker.deliverPushMessage', { origin: site.url, registrationId: await registered, data: JSON.stringify(message) })
  const shown = () => worker.evaluate(async () => {
    const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration }
    return (await registration.getNotifications()).map((one) => [one.title, one.body, one.tag, one.dir, one.lang])
  })
  await expect.poll(shown).toEqual([[message.title, message.body, '42', 'rtl', 'ar']])
  await context.setOffline(true)
  await page.evaluate(() => { location.href = '/bookmarks' })
  await page.getByRole('heading', { name: 'You are offline' }).waitFor()
  await context.setOffline(false)
})
