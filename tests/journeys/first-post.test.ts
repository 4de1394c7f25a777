import { join } from 'node:path'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newSetUpToken } from '../../src/server/domain/instance/index.ts'
import { make, photo } from '../media/samples.ts'
import { openSite } from './site.ts'
import type { Site } from './site.ts'

let site: Site
let folder: string
beforeAll(async () => {
  site = await openSite()
  folder = await mkdtemp(join(tmpdir(), 'hearth-first-'))
})
afterAll(async () => {
  await site.closeSite()
  await rm(folder, { recursive: true, force: true })
})

async function post(page: Page, text: string, file: string): Promise<void> {
  await page.goto('/')
  const form = page.locator('form[action^="/compose"]').first()
  await form.locator('textarea[name="text"]').fill(text)
  const uploaded = page.waitForResponse((response) => /\/media\/uploads\/resumable\/\w+\/media$/.test(response.url()) && response.request().method() === 'POST')
  await page.locator('input[type="file"].visually-hidden').first().setInputFiles(file)
  expect((await uploaded).status()).toBe(201)
  await form.locator('button:not([type="button"])').last().click()
  await page.getByText(text).first().waitFor()
}

test('from the set-up link to a photo, a film and a song that a friend sees', async () => {
  await writeFile(join(folder, 'evening.jpg'), await photo(1200, 800))
  await make(folder, { format: 'mp4', file: 'boat.mp4', video: 'libx264', audio: 'aac', size: '640x360' })
  await make(folder, { format: 'mp3', file: 'song.mp3', audio: 'libmp3lame', seconds: 3, metadata: { title: 'Harbour at five', artist: 'The Lantern Band' } })

  const owner = (await site.visitor()).page
  await owner.goto(`/setup?token=${await newSetUpToken(site.app)}`)
  await owner.locator('input[name="name"]').fill('Lanternholm')
  await owner.locator('input[name="username"]').fill('mara')
  await owner.locator('input[name="password"]').fill('three warm loaves of bread')
  await owner.locator('form button.wide').click()
  await owner.waitForURL(`${site.url}/`)
  await owner.goto('/settings/invitations')
  await owner.locator('form[action="?/create"] button').click()
  const code = (await owner.locator('code.link').first().innerText()).split('/').at(-1)!

  const friend = (await site.visitor({ viewport: { width: 390, height: 800 } })).page
  await friend.goto(`/invite/${code}`)
  await friend.locator('input[name="username"]').fill('tomas')
  await friend.locator('input[name="password"]').fill('nine quiet ferries home')
  await friend.locator('input[name="consent"]').check()
  await friend.getByRole('button', { name: 'Sign up' }).click()
  await friend.waitForURL('**/welcome')
  await friend.goto('/@mara')
  const followed = friend.waitForResponse((response) => response.url().includes('/act?/follow'))
  await friend.locator('main header').getByRole('button', { name: /^Follow: / }).click()
  await followed

  await post(owner, 'Evening over the hills', join(folder, 'evening.jpg'))
  await post(owner, 'The boat came in', join(folder, 'boat.mp4'))
  await post(owner, 'Our new song', join(folder, 'song.mp3'))
  await site.work()

  await friend.goto('/')
  const at = (text: string) => friend.locator('article[data-post]', { hasText: text })
  await at('Evening over the hills').locator('picture img').first().waitFor()
  // Turned by the camera, shown upright; where it was taken is gone.
  const picture = await at('Evening over the hills').locator('picture img').first().evaluate(async (img: HTMLImageElement) => { await img.decode(); return { width: img.naturalWidth, height: img.naturalHeight, src: img.currentSrc } })
  expect(picture.height).toBeGreaterThan(picture.width)
  const bytes = Buffer.from(await (await friend.request.get(picture.src)).body())
  expect(bytes.includes('SecretCam')).toBe(false)
  const video = at('The boat came in').locator('video')
  await video.evaluate((element: HTMLVideoElement) => { element.muted = true; return element.play() })
  await friend.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.3)
  await at('Our new song').getByText('Harbour at five').waitFor()
  await at('Our new song').getByRole('button', { name: /^Play/ }).click()
  await friend.locator('section', { hasText: 'The Lantern Band' }).locator('audio[data-front]').evaluate((audio: HTMLAudioElement) => new Promise<void>((done) => { if (audio.currentTime > 0.2) done(); else audio.addEventListener('timeupdate', () => { if (audio.currentTime > 0.2) done() }) }))
  // It goes on while one browses.
  await friend.locator('nav a[href="/explore"]').last().click()
  await friend.waitForURL('**/explore')
  expect(await friend.locator('audio[data-front]').evaluate((audio: HTMLAudioElement) => !audio.paused || audio.ended)).toBe(true)
  expect(site.problems).toEqual([])
}, 90_000)
