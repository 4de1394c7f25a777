import { readdir } from 'node:fs/promises'
import { createServer, request as forward } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import sharp from 'sharp'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { editPreferences } from '../../src/server/domain/accounts/index.ts'
import { changeSettings, closeSetUp } from '../../src/server/domain/instance/index.ts'
import { uploadsFolder } from '../../src/server/domain/media/index.ts'
import { openSession, sessionCookie } from '../../src/server/domain/sessions/index.ts'
import { person } from '../people.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let mara: Account
let photo: Buffer
let small: Buffer
/** A line between browser and server that can be cut after so many bytes of a file. */
let line: { url: string; cutAfter: number; /** nothing more gets through from here on */ holdAfter: number; sent: number; up: boolean; close(): void }

beforeAll(async () => {
  site = await openSite()
  mara = await person(site.app, 'mara', { role: 'owner' })
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
  const noisy = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#c2410c', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).jpeg({ quality: 100 }).toBuffer()
  ;[photo, small] = [await noisy(3400, 2600), await noisy(400, 300)]
  expect(photo.length).toBeGreaterThan(9_000_000)
  line = await openLine(site.url)
}, 60_000)
afterAll(async () => { line.close(); await site.closeSite() })

async function openLine(to: string): Promise<typeof line> {
  const sockets = new Set<Socket>()
  const state = { url: '', cutAfter: Infinity, holdAfter: Infinity, sent: 0, up: true, close: () => { server.close(); for (const socket of sockets) socket.destroy() } }
  const server = createServer((request, response) => {
    if (!state.up) return void request.socket.destroy()
    const onward = forward(to + request.url, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => request.socket.destroy())
    if (request.method === 'PATCH' && request.url?.includes('/resumable/')) {
      request.on('data', (chunk: Buffer) => {
        state.sent += chunk.length
        if (state.sent >= state.holdAfter) request.unpipe(onward).pause()
        if (state.sent < state.cutAfter) return
        state.up = false
        for (const socket of sockets) socket.destroy()
        onward.destroy()
      })
    }
    request.on('close', () => { if (!request.complete) onward.destroy() })
    request.pipe(onward)
  })
  server.on('connection', (socket: Socket) => { sockets.add(socket); socket.on('close', () => sockets.delete(socket)); socket.on('error', () => {}) })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  state.url = `http://localhost:${(server.address() as AddressInfo).port}`
  site.app.config.publicUrl = state.url
  return state
}

async function signedIn(options: { javaScriptEnabled?: boolean; viewport?: { width: number; height: number } } = {}): Promise<Page> {
  const { page, context } = await site.visitor({ baseURL: line.url, ...options })
  const { token } = await openSession(site.app, site.app.database.queries, mara.id, 'a test')
  await context.addCookies([{ name: sessionCookie(site.app), value: token, url: line.url }])
  await page.goto('/')
  // The composer's code comes when somebody is about to write: before the line is cut.
  if (options.javaScriptEnabled !== false) {
    await page.locator('[data-composer="new"] textarea').first().focus()
    await page.locator('[data-composer="new"] input[name=files]').waitFor({ state: 'detached' })
  }
  return page
}
const choose = async (page: Page, ...files: { name: string; buffer: Buffer }[]) => {
  await page.locator('[data-composer="new"] textarea').first().fill('Look at this')
  await page.locator('[data-composer="new"] input[type=file][aria-hidden][accept]').setInputFiles(files.map((file) => ({ mimeType: 'image/jpeg', ...file })))
}
const items = (page: Page) => page.locator('[data-composer="new"] ul li')

test('the line breaks half-way through a photo; it goes on by itself from where it was, and is posted', async () => {
  const page = await signedIn()
  line.cutAfter = 5_000_000
  await choose(page, { name: 'wall.jpg', buffer: photo })
  await expect.poll(() => line.up, { timeout: 20_000 }).toBe(false)
  await page.getByText('Waiting for the connection').waitFor({ timeout: 30_000 })
  const before = line.sent
  line.cutAfter = Infinity
  line.up = true
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.getByText('Getting it ready').waitFor({ timeout: 20_000 })
  // What had come was not sent again: a piece at most.
  expect(line.sent - before).toBeLessThan(photo.length - 4_000_000 + 4 * 1024 * 1024)
  await items(page).locator('textarea').fill('A noisy wall')
  await page.locator('[data-composer="new"] .send').click()
  await expect.poll(async () => (await site.app.database.pool.query("select state from posts where text = 'Look at this'")).rows.length).toBe(1)
  await site.work()
  await page.goto('/')
  await page.getByAltText('A noisy wall').first().waitFor()
  await page.context().close()
}, 90_000)

test('the page is loaded anew half-way; text and file are still there and go on', async () => {
  const page = await signedIn()
  line.sent = 0
  line.cutAfter = 4_500_000
  await choose(page, { name: 'again.jpg', buffer: photo })
  await expect.poll(() => line.up, { timeout: 20_000 }).toBe(false)
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage).includes('resumable')), { timeout: 10_000 }).toBe(true)
  line.cutAfter = Infinity
  line.up = true
  await page.reload()
  await page.waitForSelector('html[data-awake]', { state: 'attached' })
  expect(await page.locator('[data-composer="new"] textarea').first().inputValue()).toBe('Look at this')
  await page.getByText('Getting it ready').waitFor({ timeout: 20_000 })
  await page.context().close()
}, 90_000)

test('what was chosen while there was no connection, or waited its turn, is still there when the page is loaded anew', async () => {
  const page = await signedIn()
  await page.evaluate(() => localStorage.clear())
  await page.goto('/compose')
  await choose(page, { name: 'first.jpg', buffer: small })
  await page.getByText('Getting it ready').waitFor()
  line.up = false
  await choose(page, ...['a', 'b', 'c', 'd'].map((name) => ({ name: `${name}.jpg`, buffer: small })))
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage).includes('d.jpg')), { timeout: 10_000 }).toBe(true)
  line.up = true
  await page.goto('/compose')
  await page.getByText('Getting it ready').nth(4).waitFor()
  expect(await items(page).locator('.name').allInnerTexts()).toEqual(expect.arrayContaining(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']))
  await page.context().close()
}, 60_000)

test('a browser that may not keep the file asks for it again and goes on from there', async () => {
  const page = await signedIn()
  line.sent = 0
  line.cutAfter = 4_500_000
  await choose(page, { name: 'lost.jpg', buffer: photo })
  await expect.poll(() => line.up, { timeout: 20_000 }).toBe(false)
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage).includes('lost.jpg')), { timeout: 10_000 }).toBe(true)
  line.cutAfter = Infinity
  line.up = true
  await page.evaluate(() => new Promise((done) => { const gone = indexedDB.deleteDatabase('hearth-files'); gone.onsuccess = gone.onerror = gone.onblocked = () => done(null) }))
  await page.reload()
  await page.waitForSelector('html[data-awake]', { state: 'attached' })
  await page.getByText(/Choose this file again/).waitFor()
  const before = line.sent
  await page.locator('[data-composer="new"] input[type=file]:not([accept])').setInputFiles([{ name: 'lost.jpg', mimeType: 'image/jpeg', buffer: photo }])
  await page.getByText('Getting it ready').waitFor({ timeout: 20_000 })
  expect(line.sent - before).toBeLessThan(photo.length - 3_000_000)
  await page.context().close()
}, 90_000)

test('several at once; one is taken back, one is refused with its reason, and the rest stays', async () => {
  const page = await signedIn({ viewport: { width: 390, height: 844 } })
  await page.evaluate(() => localStorage.clear())
  await page.goto('/compose')
  await choose(page, { name: 'one.jpg', buffer: small }, { name: 'two.jpg', buffer: small }, { name: 'words.jpg', buffer: Buffer.from('these are only words') })
  await page.getByText(/can’t|cannot|isn’t|kind of file|not a/i).first().waitFor()
  expect(await items(page).count()).toBe(3)
  await items(page).nth(0).locator('[data-remove]').click()
  await items(page).nth(1).locator('[data-remove]').click()
  await expect.poll(() => items(page).count()).toBe(1)
  const shots = process.env['HEARTH_SHOTS']
  await items(page).nth(0).getByRole('button', { name: /What matters/ }).click()
  if (shots) await page.screenshot({ path: `${shots}/compose-phone.png`, fullPage: true })
  await page.getByLabel('From left to right').fill('0.5')
  await items(page).locator('textarea').fill('Sand')
  await page.locator('[data-composer="new"] .send').click()
  await expect.poll(async () => (await site.app.database.pool.query("select focus_x::float from media where description = 'Sand' and post_id is not null")).rows).toEqual([{ focus_x: 0.5 }])
  await page.context().close()
}, 60_000)

test('what there is no room for, or is of no use, is refused with its reason before a byte is sent; with room it is tried again', async () => {
  await changeSettings(site.app, 'command', { memberQuotaMegabytes: 1 })
  const page = await signedIn()
  await page.evaluate(() => localStorage.clear())
  await page.goto('/compose')
  line.sent = 0
  await choose(page, { name: 'wall.jpg', buffer: photo }, { name: 'words.jpg', buffer: Buffer.from('These are only words. '.repeat(100_000)) })
  await items(page).nth(0).getByText('There is no room left: each member may keep 1 MB here.').waitFor()
  await items(page).nth(1).getByText('This kind of file can’t be used.').waitFor()
  expect(line.sent).toBe(0)
  expect(await items(page).nth(1).getByRole('button', { name: 'Try again' }).count()).toBe(0)
  await changeSettings(site.app, 'command', { memberQuotaMegabytes: 0 })
  await items(page).nth(0).getByRole('button', { name: 'Try again' }).click()
  await items(page).nth(0).getByText('Getting it ready').waitFor()
  expect(line.sent).toBeGreaterThanOrEqual(photo.length)
  await page.context().close()
}, 60_000)

test('files are dropped on what is being written; one that is cancelled half-way is gone from the server, and what is strict about descriptions waits for them', async () => {
  const page = await signedIn()
  await page.evaluate(() => localStorage.clear())
  const unfinished = async () => (await site.app.database.pool.query('select id from uploads where media_id is null')).rows.map((row) => row.id as string)
  const drop = async (...files: { name: string; buffer: Buffer }[]) => {
    const bag = await page.evaluateHandle((list) => {
      const data = new DataTransfer()
      for (const { name, content } of list) data.items.add(new File([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], name, { type: 'image/jpeg' }))
      return data
    }, files.map(({ name, buffer }) => ({ name, content: buffer.toString('base64') })))
    const composer = page.locator('[data-composer="new"]')
    await composer.dispatchEvent('dragover', { dataTransfer: bag })
    expect(await composer.evaluate((one) => one.classList.contains('dragging'))).toBe(true)
    await composer.dispatchEvent('drop', { dataTransfer: bag })
    expect(await composer.evaluate((one) => one.classList.contains('dragging'))).toBe(false)
  }
  await page.goto('/compose')
  const before = await unfinished()
  Object.assign(line, { sent: 0, holdAfter: 3_000_000 })
  await drop({ name: 'large.jpg', buffer: photo })
  await expect.poll(() => line.sent, { timeout: 20_000 }).toBeGreaterThanOrEqual(3_000_000)
  expect((await unfinished()).length).toBe(before.length + 1)
  await page.getByRole('button', { name: 'Cancel large.jpg' }).click()
  await expect.poll(unfinished).toEqual(before)
  await expect.poll(async () => (await readdir(uploadsFolder(site.app))).filter((file) => !before.includes(file.slice(0, 40)))).toEqual([])
  expect(await items(page).count()).toBe(0)
  line.holdAfter = Infinity

  await drop({ name: 'small.jpg', buffer: small }, { name: 'second.jpg', buffer: small })
  await page.getByText('2 pictures have no description yet').waitFor()
  await editPreferences(site.app, mara, { requireAlt: true })
  await page.getByText('Getting it ready').nth(1).waitFor()
  await page.goto('/compose')
  await page.getByText('2 pictures need their descriptions before you can post.').waitFor()
  await page.locator('[data-composer="new"] textarea').first().fill('Strictly said')
  await page.locator('[data-composer="new"] .send').click()
  await page.getByText('Every picture needs a description').waitFor()
  // The post waits for words that are still on their way, and says so when they don't arrive.
  const held: (() => Promise<void>)[] = []
  const said: string[] = []
  let words: 'held' | 'lost' | 'sent' = 'held'
  await page.route('**/media/uploads/*', async (route) => {
    if (route.request().method() !== 'PATCH' || words === 'sent') return route.continue()
    if (words === 'lost') return route.abort()
    held.push(() => route.continue())
  })
  page.on('request', (request) => { if (request.method() === 'POST' && request.url().endsWith('/compose')) said.push(request.url()) })
  for (const at of [0, 1]) await items(page).nth(at).locator('textarea').fill(`Wall number ${at}`)
  await page.locator('[data-composer="new"] .send').click()
  await expect.poll(() => held.length).toBe(2)
  expect(said).toEqual([])
  words = 'lost'
  await items(page).nth(0).locator('textarea').fill('Wall number 0, by the river')
  for (const go of held) await go()
  await page.getByText('It was not sent').waitFor()
  expect(said).toEqual([])
  words = 'sent'
  await page.locator('[data-composer="new"] .send').click()
  await expect.poll(async () => (await site.app.database.pool.query("select description from media m join posts p on p.id = m.post_id where p.text = 'Strictly said' order by m.position")).rows.map((row) => row.description)).toEqual(['Wall number 0, by the river', 'Wall number 1'])
  await page.context().close()
  await editPreferences(site.app, mara, { requireAlt: false })
}, 90_000)

test('without JavaScript, whoever asked for it is held to descriptions, and can give them with the files or afterwards', async () => {
  await editPreferences(site.app, mara, { requireAlt: true })
  const page = await signedIn({ javaScriptEnabled: false })
  await page.goto('/compose')
  await page.locator('textarea[name=text]').fill('Without scripts')
  await page.locator('input[name=files]').setInputFiles([{ name: 'a.jpg', mimeType: 'image/jpeg', buffer: small }, { name: 'b.jpg', mimeType: 'image/jpeg', buffer: small }])
  await page.locator('textarea[name=descriptions]').fill('The first wall')
  await page.locator('button.send').click()
  await page.getByText('Every picture needs a description').waitFor()
  const missing = page.locator('input[name^="description-"]')
  expect([await missing.count(), await missing.nth(0).inputValue(), await page.locator('textarea[name=text]').inputValue()]).toEqual([2, 'The first wall', 'Without scripts'])
  await missing.nth(1).fill('The second wall')
  await page.locator('button.send').click()
  await expect.poll(async () => (await site.app.database.pool.query("select description from media m join posts p on p.id = m.post_id where p.text = 'Without scripts' order by m.position")).rows.map((row) => row.description)).toEqual(['The first wall', 'The second wall'])
  await page.context().close()
  await editPreferences(site.app, mara, { requireAlt: false })
  await site.work()
}, 60_000)

test('where the owner wishes so, readers see a post at once and its picture as soon as it is ready', async () => {
  await changeSettings(site.app, 'command', { publishWhileProcessing: true })
  const page = await signedIn()
  await page.evaluate(() => localStorage.clear())
  await page.goto('/compose')
  await choose(page, { name: 'soon.jpg', buffer: small })
  await page.getByText('Getting it ready').waitFor()
  await items(page).locator('textarea').fill('A wall that is coming')
  await page.locator('[data-composer="new"] .send').click()
  await expect.poll(async () => (await site.app.database.pool.query("select p.id from posts p join media m on m.post_id = p.id where m.description = 'A wall that is coming' and p.state = 'published'")).rows.length).toBe(1)
  const reader = await person(site.app, 'reader')
  const { page: other, context } = await site.visitor({ baseURL: line.url })
  const { token } = await openSession(site.app, site.app.database.queries, reader.id, 'a test')
  await context.addCookies([{ name: sessionCookie(site.app), value: token, url: line.url }])
  await other.goto('/@mara')
  await other.getByText('it appears when it is ready').waitFor()
  await site.work()
  await other.getByAltText('A wall that is coming').waitFor({ timeout: 20_000 })
  await context.close()
  await page.context().close()
}, 60_000)

test('nothing went wrong in the pages besides the cut lines', () => {
  expect(site.problems.filter((problem) => !/ERR_|Failed to (load|fetch)|NetworkError/i.test(problem))).toEqual([])
})
