import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { findAccount } from '../../src/server/domain/accounts/index.ts'
import { changeSettings, readSettings } from '../../src/server/domain/instance/index.ts'
import { createInvitation, takeInvitation } from '../../src/server/domain/invitations/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { openSession, sessionCookie, signUp } from '../../src/server/domain/sessions/index.ts'
import { trustLevel } from '../../src/server/domain/trust/index.ts'
import { person } from '../people.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

const shots = process.env['HEARTH_SHOTS']
let site: Site
let owner: Account, ines: Account, noor: Account, mara: Account, jun: Account
beforeAll(async () => {
  site = await openSite()
  owner = await person(site.app, 'olga', { role: 'owner', displayName: 'Olga' })
  ines = await person(site.app, 'ines', { role: 'moderator', displayName: 'Ines' })
  mara = await person(site.app, 'mara', { displayName: 'Mara Lindqvist' })
  jun = await person(site.app, 'jun', { displayName: 'Jun' })
  await changeSettings(site.app, owner, { joinMode: 'open', emailMode: 'none' })
  noor = await join('noor')
})
afterAll(() => site?.closeSite())

async function join(username: string, code?: string): Promise<Account> {
  const { accountId } = await signUp(site.app, { username, password: 'three warm loaves of bread', consent: true, locale: 'en', address: '::1', userAgent: 'test', ...code ? { invitation: (tx) => takeInvitation(site.app, tx, code) } : {} })
  await site.work()
  return (await findAccount(site.app, accountId))!
}
async function visit(who: Account, options: BrowserContextOptions = {}): Promise<Page> {
  const { context, page } = await site.visitor(options)
  const { token } = await openSession(site.app, site.app.database.queries, who.id, 'test')
  await context.addCookies([{ name: sessionCookie(site.app), value: token, url: site.url }])
  return page
}
const looks: [string, BrowserContextOptions][] = [['phone', { viewport: { width: 360, height: 780 } }], ['desktop', {}], ['dark-ar', { viewport: { width: 360, height: 780 }, colorScheme: 'dark', locale: 'ar' }], ['desktop-ar', { locale: 'ar' }]]
/** With HEARTH_SHOTS: pictures of a page as `who` sees it. */
async function shot(who: Account, path: string, name: string): Promise<void> {
  if (!shots) return
  for (const [look, options] of looks) {
    if (look.endsWith('ar')) await site.app.database.pool.query('update accounts set locale = $1 where id = $2', ['ar', who.id])
    const page = await visit(who, options)
    await page.goto(path)
    await page.screenshot({ path: `${shots}/${name}--${look}.png`, fullPage: true })
    await page.context().close()
    await site.app.database.pool.query('update accounts set locale = $1 where id = $2', ['en', who.id])
  }
}
const axe = async (page: Page) => expect(await faultsOf(page)).toEqual([])

test('a newcomer is told what they can’t do yet and until when, keeps their words, and sees what helps', async () => {
  const page = await visit(noor)
  await page.goto('/compose')
  const area = page.getByRole('textbox', { name: 'New post' })
  await area.fill('see https://a.example https://b.example https://c.example')
  await page.locator('main form button.send').click()
  await page.getByText('New members put at most 2 links into a post. This ends').waitFor()
  expect(await area.inputValue()).toContain('https://c.example')
  await page.goto('/standing')
  await page.getByRole('heading', { name: 'How far you are trusted here' }).waitFor()
  await page.getByText('What helps to become “Basic”').waitFor()
  expect(await page.getByText('At most 2 links, 4 files and 5 names in a post').count()).toBe(1)
  await axe(page)
  await shot(noor, '/standing', 'standing')
  const plain = await visit(noor, { javaScriptEnabled: false })
  await plain.goto('/compose')
  await plain.getByRole('textbox', { name: 'New post' }).fill('see https://a.example https://b.example https://c.example')
  await plain.locator('main form button.send').click()
  await plain.getByText('New members put at most 2 links into a post').waitFor()
  expect(await plain.getByRole('textbox', { name: 'New post' }).inputValue()).toContain('https://c.example')
})

test('mara says who may reply, and who mustn’t sees it on the post', async () => {
  const page = await visit(mara, { javaScriptEnabled: false })
  await page.goto('/compose')
  await page.getByRole('textbox', { name: 'New post' }).fill('What shall we sow this spring?')
  await page.getByLabel('Who may reply').selectOption('followed')
  await page.locator('main form button.send').click()
  await page.getByText('Only people they follow or name can reply.').waitFor()
  const url = new URL(page.url()).pathname
  const other = await visit(jun)
  await other.goto(url)
  await other.getByText('Only people they follow or name can reply.').waitFor()
  await other.getByText('You can’t reply to this post.').waitFor()
  expect(await other.locator('#reply form').count()).toBe(0)
  await axe(other)
  await shot(jun, url, 'replies')
  // She thinks again.
  await page.goto(`/compose?edit=${url.split('/').at(-1)}`)
  await page.getByLabel('Who may reply').selectOption('everyone')
  await page.locator('main form button.send').click()
  await page.waitForURL(`**${encodeURI(url)}`)
  await other.goto(url)
  expect(await other.locator('#reply form').count()).toBe(1)
  await page.goto('/settings/privacy')
  await page.getByLabel('Who may message me').selectOption('followed')
  await page.locator('form[action="?/ways"] button').click()
  await page.goto('/settings/privacy')
  expect(await page.getByLabel('Who may message me').inputValue()).toBe('followed')
  await shot(mara, '/settings/privacy', 'privacy')
  await shot(mara, '/compose', 'compose')
  await other.goto('/compose')
  await other.getByRole('textbox', { name: 'New post' }).fill('@mara a word in your ear')
  await other.locator('details.audience summary').click()
  await other.getByText('Only the people you mention').or(other.locator('label:has(input[value="mentioned"]) b')).first().click()
  await other.locator('main form button.send').click()
  await other.getByText('@mara doesn’t take messages from you.').waitFor()
})

test('a moderator sees a branch and acts on it, without JavaScript; an admin sets a level', async () => {
  const { code } = await createInvitation(site.app, mara, { days: 7, maxUses: 9 })
  const child = await join('wil', code)
  await createPost(site.app, child, { text: 'hello', audience: 'members' })
  const page = await visit(ines, { javaScriptEnabled: false })
  await page.goto('/admin/invitations')
  await page.getByRole('link', { name: 'Invitation trees' }).click()
  await page.getByRole('link', { name: 'invited 1 person' }).click()
  await page.getByRole('heading', { name: 'Branch of Mara Lindqvist' }).waitFor()
  await page.getByRole('button', { name: 'Keep newcomers of this branch small' }).click()
  await page.getByText('1 member is kept small.').waitFor()
  expect(await trustLevel(site.app, child.id)).toBe(0)
  await page.getByRole('button', { name: 'Withdraw its open invitations' }).click()
  await page.getByText('1 invitation withdrawn.').waitFor()
  const awake = await visit(ines)
  await awake.goto('/admin/invitations/trees?of=mara')
  await axe(awake)
  await shot(ines, '/admin/invitations/trees?of=mara', 'tree')
  await page.getByRole('button', { name: 'Let them be again' }).click()
  await page.getByText('They are let be.').waitFor()
  const admin = await visit(owner)
  await admin.goto('/admin/members/wil')
  await admin.getByText('Set the level', { exact: true }).first().click()
  await admin.locator('select[name="level"]').selectOption('3')
  await admin.locator('form[action="?/trust"] button').first().click()
  await admin.getByText('3 · Regular').first().waitFor()
  await axe(admin)
  await shot(owner, '/admin/members/wil', 'member')
  await admin.goto('/admin/trust')
  await axe(admin)
  await shot(owner, '/admin/trust', 'trust-settings')
})

test('the switch against raids is pressed on the desk, shown to those who moderate, changed and ended', async () => {
  const page = await visit(ines, { javaScriptEnabled: false })
  await page.goto('/admin/desk')
  await page.locator('details.menu:has(form[action^="/admin/raid"]) summary').click()
  await page.locator('form[action="/admin/raid?/start"] button').click()
  await page.getByText('It is on.').waitFor()
  await site.work()
  expect((await readSettings(site.app)).joinMode).toBe('approval')
  await shot(ines, '/admin/raid', 'raid')
  await shot(ines, '/admin/desk', 'desk')
  await page.goto('/admin')
  await page.getByText('The switch against raids is on until').waitFor()
  const awake = await visit(owner)
  await awake.goto('/admin/raid')
  await axe(awake)
  await awake.getByLabel('Nobody', { exact: true }).check()
  await awake.getByLabel('For how many hours').fill('2')
  await awake.getByRole('button', { name: 'Change' }).click()
  await awake.locator('#now + ul').getByText('Nobody', { exact: true }).waitFor()
  expect((await (await fetch(`${site.url}/signup`)).text())).not.toContain('name="password"')
  await awake.getByRole('button', { name: 'End it now' }).click()
  await awake.getByText('Off. Everything is as usual.').waitFor()
  expect((await readSettings(site.app)).joinMode).toBe('open')
})

test('lists come along: jun brings a file, sees what wasn’t found, and takes his own away', async () => {
  const page = await visit(jun, { javaScriptEnabled: false })
  await page.goto('/settings/data/lists')
  await page.getByLabel('What is in the file').selectOption('following')
  await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'lists.zip', mimeType: 'application/zip', buffer: Buffer.from('PK\x03\x04....') })
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('This file is packed.').waitFor()
  await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'following_accounts.csv', mimeType: 'text/csv', buffer: Buffer.from('Account address,Show boosts\nmara,true\nsomebody@elsewhere.example,true\n') })
  await page.getByLabel('What is in the file').selectOption('following')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('It has begun.').waitFor()
  await site.work()
  await page.goto('/settings/data/lists')
  await page.getByText('1 line was taken over; 1 was not.').waitFor()
  await page.getByText('What wasn’t').click()
  await page.getByText('Is on another server.').waitFor()
  expect(await (await page.request.get('/settings/data/lists/following')).text()).toContain('mara@')
  const awake = await visit(jun)
  await awake.goto('/settings/data/lists')
  await axe(awake)
  await shot(jun, '/settings/data/lists', 'lists')
  expect(site.problems).toEqual([])
})
