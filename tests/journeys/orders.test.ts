import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAccount } from '../../src/server/domain/accounts/index.ts'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { changeSettings, closeSetUp, verifyAudit } from '../../src/server/domain/instance/index.ts'
import { alarmOrders, writeLegalProfile } from '../../src/server/domain/orders/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { createMember } from '../../src/server/domain/sessions/index.ts'
import { sealAccount } from '../../src/server/domain/vault/index.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

const password = 'three warm loaves of bread'
const shots = process.env['HEARTH_SHOTS']
let site: Site
let olga: Account, ben: Account
beforeAll(async () => {
  site = await openSite({ TRUSTED_PROXIES: '127.0.0.1,::1', HEARTH_COUNTRY_HEADER: 'CF-IPCountry' })
  olga = await member('olga', 'owner')
  await member('mona', 'moderator')
  ben = await member('ben')
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
  await changeSettings(site.app, 'command', { readMode: 'everyone', operator: 'Harbour Society' })
  await writeLegalProfile(site.app, olga, { country: 'DE', email: 'law@harbour.example', languages: ['de', 'en', 'ar'], address: 'Quay 1\nHarbour', authority: 'An invented office', hours: 'By the form, at any time' })
})
afterAll(() => site?.closeSite())

async function member(username: string, role: 'member' | 'moderator' | 'owner' = 'member'): Promise<Account> {
  const id = await site.app.database.inTransaction((tx) => createMember(site.app, tx, { username, password, email: `${username}@example.org`, consented: true }))
  await site.app.database.pool.query('update accounts set onboarded_at = now(), role = $2 where id = $1', [id, role])
  return (await findAccount(site.app, id))!
}
async function signedIn(username: string, options: BrowserContextOptions = { javaScriptEnabled: false }): Promise<Page> {
  const { page } = await site.visitor(options)
  await page.goto('/login')
  await page.locator('input[name="login"]').fill(username)
  await page.locator('input[name="password"]').fill(password)
  await page.locator('form:has(input[name="password"]) button:not([type="button"])').first().click()
  await page.waitForURL((to) => !to.pathname.startsWith('/login'))
  return page
}
const phone = { width: 360, height: 780 }
async function look(page: Page, name: string, checked = true): Promise<void> {
  if (checked) {
    expect(await faultsOf(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  }
  if (!shots) return
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}
async function inAllLooks(path: string, name: string, page: Page): Promise<void> {
  if (!shots) return
  for (const [look, width, dark, locale] of [['phone', 360, false, 'en'], ['phone-dark-ar', 360, true, 'ar'], ['desktop-ar', 1440, false, 'ar'], ['desktop-dark', 1440, true, 'en']] as const) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
    await page.context().addCookies([{ name: 'hearth_locale', value: locale, url: site.url }])
    await site.app.database.pool.query('update accounts set locale = $1', [locale])
    await page.goto(path)
    await page.addStyleTag({ content: '.skip { display: none }' })
    await page.screenshot({ path: `${shots}/${name}--${look}.png`, fullPage: true })
  }
  await page.context().addCookies([{ name: 'hearth_locale', value: 'en', url: site.url }])
  await site.app.database.pool.query("update accounts set locale = 'en'")
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
}

test('an authority orders without JavaScript, a moderator withholds it in the EU with one press, readers there are told why, the author too, and the authority gets its answer', { timeout: 280_000 }, async () => {
  const post = await createPost(site.app, ben, { text: 'a poster of the Grey Triangle', audience: 'public' })
  const from = (country: string) => ({ 'cf-ipcountry': country })

  // The authority.
  const { page: authority } = await site.visitor({ javaScriptEnabled: false, viewport: phone })
  await authority.goto('/legal/contact')
  await authority.locator('main a[href="/legal/order"]').click()
  await authority.locator('input[name="authority"]').fill('Office of Invented Orders')
  await authority.locator('select[name="country"]').selectOption('DE')
  await authority.locator('input[name="reference"]').fill('AZ 12/26')
  await authority.locator('input[name="contactEmail"]').fill('orders@authority.example')
  await authority.locator('textarea[name="addresses"]').fill(`${site.url}${post.url}`)
  await authority.locator('textarea[name="why"]').fill('It praises the Order of the Grey Triangle.')
  await authority.locator('textarea[name="redress"]').fill('Within a month, before the court of the town.')
  await authority.locator('form button.large').click()
  await expect.poll(() => authority.locator('.problem').count()).toBe(1)
  expect(await authority.locator('textarea[name="why"]').inputValue()).toContain('Grey Triangle')
  await authority.locator('input[name="grounds"][value="incites"]').check()
  await authority.locator('form button.large').click()
  await authority.waitForURL(/\/legal\/order\/[\w-]{43}$/)
  const own = authority.url()
  const { rows: [letter] } = await site.app.database.pool.query("select body_text from outbox_mails where to_address = 'orders@authority.example' order by id limit 1")
  await authority.goto(/https?:\S+confirm=[\w-]{43}/.exec(letter.body_text as string)![0])
  await authority.locator('form[action="?/confirm"] button').click()
  await authority.locator('.notice.good').waitFor()

  // Those who moderate: the alarm is on every page of theirs, and one press does it.
  await alarmOrders(site.app)
  const mod = await signedIn('mona', { viewport: phone })
  await mod.goto('/admin/members')
  expect(await mod.locator('.banner').innerText()).toContain('Office of Invented Orders')
  await look(mod, 'banner-phone')
  await mod.goto('/admin/desk')
  await expect.poll(() => mod.title(), { timeout: 15_000 }).toMatch(/^(?:\(\d\) )?⚠ Order: \d+ min · (?:\(\d\) )?Desk/)
  await mod.locator('.banner button').click()
  await mod.locator('a[data-case]').first().click()
  await mod.waitForURL(/\/admin\/(orders|desk)\/\d+/)
  if (mod.url().includes('/desk/')) await mod.locator('a[href^="/admin/orders/"]').first().click()
  await mod.waitForURL(/\/admin\/orders\/\d+/)
  await look(mod, 'order-phone')
  await inAllLooks(new URL(mod.url()).pathname, 'order-open', mod)
  await mod.locator('input[name="checks"][value="calledBack"]').check()
  await mod.locator('button[name="genuine"]').click()
  await mod.locator('.notice.good').first().waitFor()
  await mod.locator('input[name="purpose"][value="none"]').check()
  await mod.locator('button[name="where"][value="territory"]').click()
  await mod.locator('a[href$="/answer"]').first().waitFor()
  await look(mod, 'order-done')
  await inAllLooks(`${new URL(mod.url()).pathname}/answer`, 'order-answer', mod)
  await site.work()

  // Readers: there, elsewhere, with and without an account; what is kept ready never mixes them up.
  const read = async (country: string) => {
    const answer = await fetch(`${site.url}${post.url}`, { headers: from(country) })
    return [answer.status, (await answer.text()).includes('a poster of the Grey Triangle')]
  }
  for (let round = 0; round < 2; round++) expect([await read('DE'), await read('JP'), await read('FR')]).toEqual([[451, false], [200, true], [451, false]])
  for (const path of ['/', '/@ben', '/explore']) for (const [country, seen] of [['DE', false], ['JP', true], ['DE', false]] as const) {
    expect([path, country, (await (await fetch(site.url + path, { headers: from(country) })).text()).includes('a poster of the Grey Triangle')]).toEqual([path, country, path === '/explore' ? expect.any(Boolean) : seen])
  }
  const { page: there } = await site.visitor({ extraHTTPHeaders: from('DE'), viewport: phone })
  expect((await there.goto(post.url))?.status()).toBe(451)
  expect(await there.locator('h1').innerText()).toBe('Not available in your country (Germany), because Office of Invented Orders ordered it there.')
  await look(there, 'withheld')
  await inAllLooks(post.url, 'withheld', there)

  // The author sees it, and reads who ordered what, where it holds and how to object.
  const author = await signedIn('ben', { javaScriptEnabled: false, viewport: phone, extraHTTPHeaders: from('DE') })
  expect((await author.goto(post.url))?.status()).toBe(200)
  await author.goto('/standing')
  await author.locator('a[href^="/standing/"]').first().click()
  const said = await author.locator('main').innerText()
  for (const words of ['Not shown in some countries', 'Office of Invented Orders', 'AZ 12/26', 'Within a month', 'all states of the European Union', 'Germany']) expect(said).toContain(words)
  await look(author, 'author', false)

  // The authority's page has the answer by the template.
  await authority.goto(own)
  const answer = await authority.locator('.paper').innerText()
  for (const words of ['Annex II', 'AZ 12/26', 'all EU states', '☒ access to the content was disabled', '☐ the content was removed', 'Harbour Society']) expect(answer).toContain(words)
  expect(answer).not.toContain('mona')
  const { page: awake } = await site.visitor({ viewport: { width: 320, height: 700 } })
  for (const [path, name] of [['/legal/contact', 'contact'], ['/legal/order', 'order-form'], [new URL(own).pathname, 'order-authority']] as const) {
    await awake.goto(path)
    await look(awake, name)
    await inAllLooks(path, name, awake)
    await awake.setViewportSize({ width: 320, height: 700 })
  }
  expect(site.problems).toEqual([])
})

test('a test order rings like a real one and is answered without JavaScript; a sealed package is opened by two', { timeout: 180_000 }, async () => {
  const mod = await signedIn('mona')
  await mod.goto('/admin/orders')
  await mod.locator('form[action="?/test"] button').click()
  await mod.waitForURL(/\/admin\/orders\/\d+/)
  expect(await mod.locator('.banner.test').innerText()).toContain('Test of the removal order alarm')
  await mod.locator('input[name="purpose"][value="none"]').check()
  await mod.locator('button[name="where"][value="everywhere"]').click()
  await mod.locator('.notice.good').waitFor()
  await mod.goto('/admin/desk')
  expect(await mod.locator('.banner').count()).toBe(0)

  await sealAccount(site.app, olga, ben.id, { reason: 'Investigation 12', category: 'terrorism' })
  await site.work()
  await mod.goto('/admin/escalations')
  const line = mod.locator('#vault li').first()
  await line.locator('summary').click()
  await line.locator('input[name="reason"]').fill('The police asked, number 7')
  await line.locator('form[action="?/ask"] button').click()
  await mod.locator('.opening').waitFor()
  expect(await mod.locator('a[href^="/admin/escalations/package/"]').count()).toBe(0)
  const owner = await signedIn('olga', {})
  await owner.goto('/admin/escalations')
  await owner.locator('form[action="?/duties"] button').click()
  await owner.locator('button[name="on"][value="no"]').waitFor()
  await look(owner, 'escalations')
  await owner.locator('form[action="?/agree"] button').click()
  await expect.poll(() => owner.locator('form[action="?/agree"]').count()).toBe(0)
  await inAllLooks('/admin/escalations', 'escalations', owner)
  await inAllLooks('/admin/orders', 'orders', owner)
  await mod.reload()
  const [download] = await Promise.all([mod.waitForEvent('download'), mod.locator('a[href^="/admin/escalations/package/"]').first().click()])
  expect(download.suggestedFilename()).toMatch(/^evidence-\d+\.zip$/)
  expect(await verifyAudit(site.app)).toMatchObject({ brokenAt: null })
  expect(site.problems).toEqual([])
})
