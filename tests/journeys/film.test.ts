import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { changeSettings, closeSetUp } from '../../src/server/domain/instance/index.ts'
import { acceptUpload, describeMedia } from '../../src/server/domain/media/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { openSession, sessionCookie } from '../../src/server/domain/sessions/index.ts'
import { findChromium } from '../chromium.ts'
import { make, photo } from '../media/samples.ts'
import { person } from '../people.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let mara: Account
let folder: string
let film: { id: string; url: string }
let album: string
const shots = process.env['HEARTH_SHOTS']

async function publish(text: string, contents: Buffer[], words: { title?: string; description?: string }[] = []): Promise<{ id: string; url: string }> {
  const ids: string[] = []
  for (const [at, content] of contents.entries()) {
    const { id } = await acceptUpload(site.app, mara, Readable.from([content]), { name: 'x' })
    if (words[at]) await describeMedia(site.app, mara, id, words[at])
    ids.push(id)
  }
  const { url } = await createPost(site.app, mara, { text, audience: 'public', mediaIds: ids })
  await site.work()
  return { id: ids[0]!, url }
}

async function asMara(options: Parameters<Site['visitor']>[0] = {}) {
  const made = await site.visitor(options)
  const { token } = await openSession(site.app, site.app.database.queries, mara.id, 'test')
  await made.context.addCookies([{ name: sessionCookie(site.app), value: token, url: site.url }])
  return made
}
const shoot = async (page: Page, name: string) => { if (shots) await page.screenshot({ path: join(shots, `${name}.png`) }) }

beforeAll(async () => {
  site = await openSite()
  folder = await mkdtemp(join(tmpdir(), 'hearth-film-'))
  mara = await person(site.app, 'mara', { role: 'owner' })
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
  film = await publish('The harbour on Sunday', [await make(folder, { format: 'mp4', file: 'a.mp4', video: 'libx264', audio: 'aac', size: '640x360', seconds: 12 })], [{ description: 'Boats at sunset' }])
  const songs = await Promise.all(([['Ember', 2], ['Ash', 30]] as const).map(([title, seconds]) => make(folder, { format: 'mp3', file: `${title}.mp3`, audio: 'libmp3lame', seconds, metadata: { title, artist: 'The Hearths' } })))
  album = (await publish('Two songs', songs)).url
}, 120_000)
afterAll(async () => {
  await site.closeSite()
  await rm(folder, { recursive: true, force: true })
})

test('a member writes captions for a film, and others read them while it plays, in parts, from wherever they seek', { timeout: 120_000 }, async () => {
  const own = await asMara()
  await own.page.goto(`/compose/media/${film.id}`)
  const form = own.page.locator('#captions-form')
  await form.getByLabel('Captions file').setInputFiles({ name: 'a.srt', mimeType: 'application/x-subrip', buffer: Buffer.from('1\n00:00:00,000 --> 00:00:05,000\nMara: <b>Look</b> at that\n\n2\n00:00:05,000 --> 00:00:12,000\nThe last boat\n') })
  await expect.poll(() => form.getByLabel('Words of line 1').inputValue()).toBe('Mara: <b>Look</b> at that')
  await form.getByLabel('Words of line 2').fill('The last boat today')
  await form.getByLabel('Language').selectOption('en')
  await form.getByRole('button', { name: 'Save captions' }).click()
  await own.page.getByRole('button', { name: 'Remove captions: English' }).waitFor()
  await shoot(own.page, 'captions-editor')
  expect(await faultsOf(own.page, 'main')).toEqual([])
  await own.context.close()

  const { page, context } = await site.visitor()
  const ranges: number[] = []
  page.on('response', (response) => { if (response.url().endsWith('.mp4')) ranges.push(response.status()) })
  await page.goto(film.url)
  const player = page.getByRole('group', { name: 'Video: Boats at sunset' })
  const video = player.locator('video')
  await player.getByRole('button', { name: 'Play' }).click()
  await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.currentTime), { timeout: 20_000 }).toBeGreaterThan(0)
  await video.evaluate((one: HTMLVideoElement) => { one.muted = true })
  expect(await video.evaluate((one: HTMLVideoElement) => one.currentSrc)).toMatch(/^blob:/)
  await player.hover()
  await player.locator('summary[aria-label="Captions"]').click()
  await player.getByText('English').click()
  await player.getByText('Mara: Look at that').waitFor()
  await shoot(page, 'film-captions')
  await player.getByRole('slider', { name: /Position/ }).fill('9')
  await player.getByText('The last boat today').waitFor()
  await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.currentTime)).toBeGreaterThanOrEqual(9)
  expect(ranges.length).toBeGreaterThan(1)
  expect([...new Set(ranges)]).toEqual([206])
  // The next film speaks the same language.
  await page.reload()
  await expect.poll(() => page.evaluate(() => [...document.querySelector('video')!.textTracks].map((one) => one.mode))).toEqual(['hidden'])
  await context.close()
  expect(site.problems).toEqual([])
})

test('the player is worked by keys, shows what is there while one looks along, and has other sizes and speeds', async () => {
  const { page, context } = await site.visitor()
  await page.goto(film.url)
  const player = page.getByRole('group', { name: 'Video: Boats at sunset' })
  const video = player.locator('video')
  const soon = <T>(read: (one: HTMLVideoElement) => T) => expect.poll(() => video.evaluate(read as (one: Element) => T))
  await player.getByRole('button', { name: 'Play' }).focus()
  await page.keyboard.press('Enter')
  await soon((one) => one.currentTime).toBeGreaterThan(0)
  await player.getByRole('button', { name: 'Pause' }).focus()
  await page.keyboard.press('m')
  await soon((one) => one.muted).toBe(true)
  await page.keyboard.press('k')
  await soon((one) => one.paused).toBe(true)
  await page.keyboard.press('5')
  await soon((one) => Math.round(one.currentTime)).toBe(6)
  await page.keyboard.press('>')
  await soon((one) => one.playbackRate).toBe(1.25)
  await player.locator('summary[aria-label="Playback"]').click()
  await player.getByText('240p').click()
  await player.getByText('1.5×').click()
  await soon((one) => one.playbackRate).toBe(1.5)
  await page.keyboard.press('Escape')
  const line = (await player.locator('.line').boundingBox())!
  await page.mouse.move(line.x + line.width * 0.5, line.y + line.height / 2)
  await player.locator('.peek').waitFor()
  expect(await player.locator('.cell').evaluate((one) => getComputedStyle(one).backgroundImage)).toMatch(/board\.webp/)
  await shoot(page, 'film-bar')
  expect(await faultsOf(page, 'article')).toEqual([])
  await context.close()
  expect(site.problems).toEqual([])
})

test('without JavaScript captions are a field or a file, and the film is the browser’s own', async () => {
  const { page, context } = await asMara({ javaScriptEnabled: false })
  await page.goto(`/compose/media/${film.id}`)
  await page.locator('textarea[name="text"]').fill('WEBVTT\n\nnonsense')
  await page.getByRole('button', { name: 'Save captions' }).click()
  expect(await page.locator('#p-text').innerText()).toContain('Line 3')
  expect(await page.locator('textarea[name="text"]').inputValue()).toContain('nonsense')
  await page.locator('textarea[name="text"]').fill('WEBVTT\n\n00:00.000 --> 00:04.000\nانظروا\n')
  await page.locator('select[name="language"]').selectOption('ar')
  await page.locator('select[name="kind"]').selectOption('subtitles')
  await page.getByRole('button', { name: 'Save captions' }).click()
  await page.getByRole('button', { name: 'Remove captions: العربية' }).waitFor()
  await page.goto(film.url)
  await page.locator('article video[controls] track[srclang="ar"]').waitFor({ state: 'attached' })
  await context.close()
})

test('c shows the captions of the page’s language, takes them away, and is remembered', async () => {
  for (const [locale, name] of [['ar', 'فيديو'], ['en', 'Video']] as const) {
    const { page, context } = await site.visitor({ locale })
    const shown = () => page.evaluate(() => [...document.querySelector('video')!.textTracks].filter((one) => one.mode === 'hidden').map((one) => one.language))
    await page.goto(film.url)
    await page.getByRole('group', { name: new RegExp(name) }).locator('.begin').focus()
    expect(await shown()).toEqual([])
    await page.keyboard.press('c')
    await expect.poll(shown).toEqual([locale])
    await page.goto(film.url)
    await expect.poll(shown).toEqual([locale])
    await page.locator('.begin').focus()
    await page.keyboard.press('c')
    await expect.poll(shown).toEqual([])
    await context.close()
  }
})

test('a song gets a picture in the composer; on its own page it is changed and taken away', { timeout: 90_000 }, async () => {
  const { page, context } = await asMara()
  await page.goto('/compose')
  await page.waitForSelector('html[data-awake]', { state: 'attached' })
  const main = page.getByRole('main')
  await main.locator('input[type="file"]').first().setInputFiles({ name: 'hum.mp3', mimeType: 'audio/mpeg', buffer: await make(folder, { format: 'mp3', file: 'hum.mp3', audio: 'libmp3lame', seconds: 1, metadata: { title: 'Hum' } }) })
  await main.getByLabel('Choose a picture for hum.mp3').setInputFiles({ name: 'a.txt', mimeType: 'image/png', buffer: Buffer.from('not a picture') })
  await main.getByRole('alert').getByText('This kind of file can’t be used').waitFor()
  await main.getByLabel('Choose a picture for hum.mp3').setInputFiles({ name: 'cover.jpg', mimeType: 'image/jpeg', buffer: await photo(600, 600) })
  await expect.poll(async () => { await site.work(); return main.getByRole('button', { name: 'Remove the picture of hum.mp3' }).count() }, { timeout: 30_000 }).toBe(1)
  await expect.poll(async () => { await site.work(); return main.getByText(/Uploading|Getting it ready/).count() }, { timeout: 30_000 }).toBe(0)
  expect(await main.locator('.shape img').count()).toBe(1)
  expect(await faultsOf(page, 'main')).toEqual([])
  await shoot(page, 'cover-composer')
  await main.getByRole('button', { name: 'Post', exact: true }).first().click()
  await page.waitForURL('**/@mara/**')
  await page.locator('.music img').waitFor()
  const { id } = (await site.app.database.pool.query("select id from media where tags->>'title' = 'Hum'")).rows[0] as { id: string }
  await page.goto(`/compose/media/${id}`)
  await page.getByRole('heading', { name: 'Cover' }).waitFor()
  expect(await faultsOf(page, 'main')).toEqual([])
  await shoot(page, 'cover-page')
  await context.close()

  const plain = await asMara({ javaScriptEnabled: false })
  await plain.page.goto(`/compose/media/${id}`)
  const before = await plain.page.locator('.shown img').getAttribute('src')
  await plain.page.getByLabel('Choose a picture').setInputFiles({ name: 'b.png', mimeType: 'image/png', buffer: await photo(300, 500) })
  await plain.page.getByRole('button', { name: 'Use this picture' }).click()
  await plain.page.getByText('Saved').first().waitFor()
  await site.work()
  await plain.page.goto(`/compose/media/${id}`)
  expect(await plain.page.locator('.shown img').getAttribute('src')).not.toBe(before)
  await plain.page.getByRole('button', { name: 'Remove the picture' }).click()
  await plain.page.locator('.shown svg').waitFor()
  expect(await plain.page.locator('.shown img').count()).toBe(0)
  await plain.page.getByLabel('Choose a picture').setInputFiles({ name: 'c.png', mimeType: 'image/png', buffer: Buffer.from('nothing') })
  await plain.page.getByRole('button', { name: 'Use this picture' }).click()
  await plain.page.getByRole('alert').getByText('This kind of file can’t be used').waitFor()
  await plain.context.close()
  expect(site.problems.filter((one) => !one.includes('400') && !one.includes('422'))).toEqual([])
})

test('songs of a post follow each other, in the order of the post', async () => {
  const { page, context } = await site.visitor()
  await page.goto(album)
  await page.getByRole('button', { name: 'Play all' }).click()
  const now = page.getByRole('region', { name: 'Now playing' })
  await now.getByText('Ember').waitFor()
  await now.getByText('Ash').waitFor({ timeout: 15_000 })
  expect(await page.evaluate(() => [navigator.mediaSession.metadata?.title, navigator.mediaSession.playbackState])).toEqual(['Ash', 'playing'])
  await now.getByRole('button', { name: '2 pieces in the queue' }).click()
  const queue = now.getByRole('list', { name: 'Queue' })
  expect(await queue.getByRole('listitem').count()).toBe(2)
  await queue.getByRole('button', { name: /^Ember/ }).click()
  await expect.poll(() => page.evaluate(() => navigator.mediaSession.metadata?.title)).toBe('Ember')
  expect(await faultsOf(page, 'section.now')).toEqual([])
  await shoot(page, 'queue')
  await queue.getByRole('button', { name: 'Take Ember out of the queue' }).click()
  await expect.poll(() => page.evaluate(() => navigator.mediaSession.metadata?.title)).toBe('Ash')
  expect(await queue.count()).toBe(0)
  await context.close()
  expect(site.problems).toEqual([])
})

test('the keys of a device see how far a song is and move it, back is first to its beginning, and a film and a song take turns', { timeout: 60_000 }, async () => {
  const { page, context } = await site.visitor()
  await page.addInitScript(() => {
    const session = navigator.mediaSession
    const kept = { at: [] as (MediaPositionState | undefined)[], keys: {} as Record<string, MediaSessionActionHandler | null> }
    Object.assign(window, { kept })
    const [tell, listen] = [session.setPositionState.bind(session), session.setActionHandler.bind(session)]
    session.setPositionState = (state) => { kept.at.push(state); tell(state) }
    session.setActionHandler = (action, act) => { kept.keys[action] = act; listen(action, act) }
  })
  type Kept = { kept: { at: MediaPositionState[]; keys: Record<string, (details: object) => void> } }
  const press = (action: string, details = {}) => page.evaluate(([name, more]) => {
    const { kept } = window as unknown as Kept
    kept.at.length = 0
    kept.keys[name]?.({ action: name, ...more })
  }, [action, details] as const)
  /** What the device was told since the last key: a song goes on while we look. */
  const told = () => page.evaluate(() => (window as unknown as Kept).kept.at.map((one) => `${Math.floor(one.position ?? -1)} of ${Math.round(one.duration ?? -1)}`))
  const soon = <T>(read: () => Promise<T>) => expect.poll(read)
  await page.goto('/@mara')
  const now = page.getByRole('region', { name: 'Now playing' })
  const audio = now.locator('audio[data-front]')
  const second = () => audio.evaluate((one: HTMLAudioElement) => Math.floor(one.currentTime))
  const title = () => page.evaluate(() => navigator.mediaSession.metadata?.title)
  await page.getByRole('button', { name: 'Play all' }).click()
  await soon(title).toBe('Ember')
  await press('nexttrack')
  await soon(title).toBe('Ash')
  await soon(told).toContain('0 of 30')
  await press('seekto', { seekTime: 12 })
  await soon(told).toContain('12 of 30')
  await press('pause')
  await soon(() => page.evaluate(() => navigator.mediaSession.playbackState)).toBe('paused')
  await press('previoustrack')
  await soon(second).toBe(0)
  await soon(told).toContain('0 of 30')
  expect(await title()).toBe('Ash')
  await press('previoustrack')
  await soon(title).toBe('Ember')

  await press('nexttrack')
  const video = page.locator('article video').first()
  const sounds = async () => [await audio.evaluate((one: HTMLAudioElement) => !one.paused), await video.evaluate((one: HTMLVideoElement) => !one.paused)]
  await soon(sounds).toEqual([true, false])
  await video.scrollIntoViewIfNeeded()
  await page.getByRole('group', { name: 'Video: Boats at sunset' }).getByRole('button', { name: 'Play' }).click()
  await soon(sounds).toEqual([false, true])
  await press('play')
  await soon(sounds).toEqual([true, false])
  await context.close()
  expect(site.problems).toEqual([])
})

test('a voice note is recorded in the page, and heard in the post', { timeout: 120_000 }, async () => {
  // A browser with a microphone that hums.
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] })
  try {
    const context = await browser.newContext({ baseURL: site.url, permissions: ['microphone'], serviceWorkers: 'block' })
    const { token } = await openSession(site.app, site.app.database.queries, mara.id, 'test')
    await context.addCookies([{ name: sessionCookie(site.app), value: token, url: site.url }])
    const page = await context.newPage()
    await page.goto('/compose')
    await page.waitForSelector('html[data-awake]', { state: 'attached' })
    await page.getByRole('main').getByRole('button', { name: 'Record a voice note' }).click()
    await page.getByRole('timer').getByText('0:02').waitFor()
    await page.getByRole('button', { name: 'Done' }).click()
    const main = page.getByRole('main')
    await main.getByText('Getting it ready').first().waitFor()
    const [patched] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'PATCH' && response.url().includes('/media/uploads/')),
      main.getByLabel('Title').first().fill('Good evening'),
    ])
    // Its first bytes tell that there is nothing to see: a page that is loaded anew still asks for a song's words.
    const open = await (await page.request.get(new URL(patched.url()).pathname)).json() as { kind: string }
    expect(open.kind).toBe('audio')
    await expect.poll(async () => { await site.work(); return main.getByText(/Uploading|Getting it ready/).count() }, { timeout: 30_000 }).toBe(0)
    expect(await main.getByLabel('Title').first().inputValue()).toBe('Good evening')
    await main.getByRole('button', { name: 'Post', exact: true }).first().click()
    await page.waitForURL('**/@mara/**')
    // Its making may have ended after the page was asked for.
    await site.work()
    await page.reload()
    await page.getByRole('button', { name: 'Play Good evening' }).first().click()
    const audio = page.getByRole('region', { name: 'Now playing' }).locator('audio[data-front]')
    await expect.poll(() => audio.evaluate((one: HTMLAudioElement) => one.currentTime)).toBeGreaterThan(0)
    expect(await audio.evaluate((one: HTMLAudioElement) => one.duration)).toBeGreaterThan(1.5)
  } finally {
    await browser.close()
  }
})

test('where posts don’t wait for their films, readers see a picture of it while it is being made, then the film, without loading anew', { timeout: 120_000 }, async () => {
  await changeSettings(site.app, 'command', { publishWhileProcessing: true })
  const content = await make(folder, { format: 'mp4', file: 'soon.mp4', video: 'libx264', pixels: 'yuv444p', size: '960x540', seconds: 6 })
  const { id } = await acceptUpload(site.app, mara, Readable.from([content]), { name: 'soon' })
  const post = await createPost(site.app, mara, { text: 'A film that is coming', audience: 'public', mediaIds: [id] })
  const { pool } = site.app.database
  // What follows from a part of the work is done while the rest goes on.
  const making: Promise<void>[] = []
  await expect.poll(async () => { making.push(site.work()); return (await pool.query('select poster_state from media where id = $1', [id])).rows[0].poster_state }, { timeout: 60_000, interval: 100 }).toBe('clear')
  // Its making can't end while somebody holds its row.
  const holder = await pool.connect()
  await holder.query('begin')
  await holder.query('select from media where id = $1 for update', [id])
  const { page, context } = await site.visitor({ viewport: { width: 360, height: 740 }, hasTouch: true })
  try {
    await page.goto(post.url)
    const early = page.locator('.early img')
    await expect.poll(() => early.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(960)
    await page.getByText('Being made playable').waitFor()
    const status = await (await page.request.get(`/api/v1/statuses/${post.id}`)).json() as { media_attachments: unknown[] }
    expect(status.media_attachments).toEqual([expect.objectContaining({ type: 'video', url: null, preview_url: expect.stringContaining('/early-'), blurhash: expect.any(String) })])
    expect(await faultsOf(page, 'article')).toEqual([])
    await shoot(page, 'film-coming')
  } finally {
    await holder.query('rollback')
    holder.release()
  }
  await Promise.all(making)
  await page.getByRole('group', { name: 'Video' }).waitFor({ timeout: 30_000 })
  expect(await page.locator('.early').count()).toBe(0)
  await context.close()
  await changeSettings(site.app, 'command', { publishWhileProcessing: false })
  expect(site.problems).toEqual([])
})

test('a phone, in the dark, in Arabic', async () => {
  const { page, context } = await asMara({ viewport: { width: 320, height: 700 }, colorScheme: 'dark', locale: 'ar', hasTouch: true })
  await page.goto(film.url)
  await page.locator('.begin').tap()
  await expect.poll(() => page.locator('video').evaluate((one: HTMLVideoElement) => one.currentTime)).toBeGreaterThan(0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await shoot(page, 'film-phone')
  await page.goto(`/compose/media/${film.id}`)
  await page.locator('a[href*="captions="]').first().click()
  await page.getByRole('textbox', { name: /1/ }).first().waitFor()
  const wide = () => page.evaluate(() => [...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1).map((one) => one.outerHTML.slice(0, 80)))
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), String(await wide())).toBe(true)
  await shoot(page, 'captions-phone')
  expect(await faultsOf(page, 'main')).toEqual([])
  await context.close()
  expect(site.problems).toEqual([])
})
