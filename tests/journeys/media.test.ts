import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/server/domain/accounts/index.ts'
import { closeSetUp } from '../../src/server/domain/instance/index.ts'
import { acceptUpload, describeMedia } from '../../src/server/domain/media/index.ts'
import { createPost } from '../../src/server/domain/posts/index.ts'
import { make } from '../media/samples.ts'
import { person } from '../people.ts'
import { faultsOf } from './faults.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let mara: Account
let folder: string
const urls: Record<string, string> = {}
const shots = process.env['HEARTH_SHOTS']

async function publish(name: string, contents: Buffer[], more: { description?: string; sensitive?: boolean } = {}): Promise<void> {
  const mediaIds: string[] = []
  for (const content of contents) {
    const { id } = await acceptUpload(site.app, mara, Readable.from([content]), { name: 'x' })
    mediaIds.push(id)
    if (more.description) await describeMedia(site.app, mara, id, { description: more.description })
  }
  urls[name] = (await createPost(site.app, mara, { text: `This is ${name}`, audience: 'public', mediaIds, sensitive: more.sensitive })).url
  await site.work()
}
const scene = (width: number, height: number, hue: number) => sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="hsl(${hue} 70% 70%)"/><stop offset="1" stop-color="hsl(${hue + 40} 60% 25%)"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/><circle cx="${width * 0.7}" cy="${height * 0.3}" r="${Math.min(width, height) / 6}" fill="#fff8"/></svg>`)).jpeg().toBuffer()

beforeAll(async () => {
  site = await openSite()
  folder = await mkdtemp(join(tmpdir(), 'hearth-journey-'))
  mara = await person(site.app, 'mara', { role: 'owner' })
  await site.app.database.inTransaction((tx) => closeSetUp(site.app, tx))
  await publish('photos', await Promise.all([[900, 600, 10], [600, 900, 120], [800, 800, 200], [1600, 700, 280], [700, 900, 330]].map(([w, h, hue]) => scene(w!, h!, hue!))), { description: 'Evening over the harbour' })
  await publish('tall', [await scene(600, 1200, 40)])
  await publish('veiled', [await scene(800, 600, 90)], { sensitive: true })
  await publish('film', [await make(folder, { format: 'mp4', file: 'a.mp4', video: 'libx264', audio: 'aac', size: '640x360' })])
  await publish('song', [await make(folder, { format: 'mp3', file: 'a.mp3', audio: 'libmp3lame', seconds: 4, metadata: { title: 'Ember', artist: 'The Hearths' } })])
}, 90_000)
afterAll(async () => {
  await site.closeSite()
  await rm(folder, { recursive: true, force: true })
})

test('a visitor looks at photos large, with the arrows, and closes them with Escape', async () => {
  const { page, context } = await site.visitor()
  await page.goto(urls['photos']!)
  const first = page.getByRole('link', { name: 'Evening over the harbour' }).first()
  await first.locator('img').evaluate((image: HTMLImageElement) => image.decode())
  expect(await page.locator('article figure').count()).toBe(5)
  if (shots) await page.screenshot({ path: join(shots, 'photos.png') })
  await first.click()
  const box = page.getByRole('dialog', { name: 'Pictures' })
  await box.waitFor()
  expect(await box.getByRole('status').innerText()).toBe('Picture 1 of 5')
  await page.keyboard.press('ArrowRight')
  expect(await box.getByRole('status').innerText()).toBe('Picture 2 of 5')
  await box.getByRole('button', { name: 'Zoom' }).click()
  await page.waitForTimeout(250)
  if (shots) await page.screenshot({ path: join(shots, 'lightbox.png') })
  expect(await faultsOf(page, 'dialog')).toEqual([])
  await page.keyboard.press('Escape')
  await box.waitFor({ state: 'detached' })
  await context.close()
})

test('what is sensitive stays veiled until one asks for it', async () => {
  const { page, context } = await site.visitor()
  await page.goto(urls['veiled']!)
  if (shots) await page.screenshot({ path: join(shots, 'veiled.png') })
  await page.getByRole('button', { name: /Sensitive/ }).click()
  await page.getByRole('button', { name: 'Hide' }).waitFor()
  await context.close()
})

test('a film plays', async () => {
  const { page, context } = await site.visitor()
  await page.goto(urls['film']!)
  const video = page.locator('video')
  if (shots) await page.screenshot({ path: join(shots, 'film.png') })
  await video.evaluate((film: HTMLVideoElement) => { film.muted = true; return film.play() })
  await expect.poll(() => video.evaluate((film: HTMLVideoElement) => film.currentTime)).toBeGreaterThan(0)
  expect(await video.evaluate((film: HTMLVideoElement) => film.videoWidth)).toBe(640)
  await context.close()
})

test('a song goes on while one browses', async () => {
  const { page, context } = await site.visitor()
  await page.goto(urls['song']!)
  await page.getByRole('button', { name: 'Play Ember' }).first().click()
  const now = page.getByRole('region', { name: 'Now playing' })
  await now.getByText('Ember').waitFor()
  await expect.poll(() => now.locator('audio[data-front]').evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(0)
  if (shots) await page.screenshot({ path: join(shots, 'song.png') })
  expect(await faultsOf(page, 'article', 'section.now')).toEqual([])
  await page.locator('a[href="/@mara"]').first().click()
  await page.waitForURL('**/@mara')
  await now.getByText('Ember').waitFor()
  await now.getByRole('button', { name: 'Stop and close the player' }).click()
  await now.waitFor({ state: 'detached' })
  await context.close()
})

test('without JavaScript photos open as files, and films and songs have the browser’s own players', async () => {
  const { page, context } = await site.visitor({ javaScriptEnabled: false })
  await page.goto(urls['photos']!)
  expect(await page.getByRole('link', { name: 'Evening over the harbour' }).first().getAttribute('href')).toMatch(/^\/media\/files\/.+\.webp$/)
  await page.goto(urls['song']!)
  await page.locator('article audio[controls]').waitFor()
  await context.close()
})

test('nothing went wrong in the console, also on a phone, in the dark, in Arabic', async () => {
  const { page, context } = await site.visitor({ viewport: { width: 360, height: 780 }, colorScheme: 'dark', locale: 'ar' })
  for (const name of Object.keys(urls)) {
    await page.goto(urls[name]!)
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    if (shots) await page.screenshot({ path: join(shots, `phone-${name}.png`) })
  }
  await context.close()
  expect(site.problems).toEqual([])
})
