import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type * as Masto from 'masto'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAccessToken } from '../../src/server/domain/apps/index.ts'
import { findHeadlessChromium } from '../chromium.ts'
import { openTown } from './town.ts'
import type { Town } from './town.ts'

// masto.js as web apps use it: in a browser, on a site of its own, which may read only what our headers let it.
const modules = join(import.meta.dirname, '../../node_modules')
const imports = { masto: '/masto/dist/index.js', 'change-case': '/change-case/dist/index.js', 'events-to-async': '/events-to-async/module/events-to-async.js', 'ts-custom-error': '/ts-custom-error/dist/custom-error.mjs' }
const shell = `<!doctype html><meta charset="utf-8"><title>app</title><script type="importmap">${JSON.stringify({ imports })}</script><script type="module">window.masto = await import('masto'); document.body.dataset.ready = ''</script><body>`

let town: Town
let elsewhere: Server
let browser: Browser
let page: Page
const problems: string[] = []
beforeAll(async () => {
  town = await openTown()
  elsewhere = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname
    if (path === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(shell)
    readFile(join(modules, path)).then((text) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(text), () => response.writeHead(404).end())
  })
  await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done))
  browser = await chromium.launch({ executablePath: await findHeadlessChromium(), args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] })
  page = await browser.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`)
  await page.waitForSelector('body[data-ready]', { state: 'attached' })
}, 120_000)
afterAll(async () => { await browser.close(); elsewhere.closeAllConnections(); elsewhere.close(); await town.closeTown() })

declare global { interface Window { masto: typeof Masto } }

test('a web app on another site registers, posts a picture, pages by links, reads errors and limits, and hears by WebSocket', async () => {
  const { accessToken } = await createAccessToken(town.app, town.ada, 'read write')
  const told = await page.evaluate(async ({ url, accessToken }) => {
    const { createRestAPIClient, createStreamingAPIClient, MastoHttpError } = window.masto
    const registered = await createRestAPIClient({ url }).v1.apps.create({ clientName: 'web', redirectUris: location.href, scopes: 'read write' })
    const client = createRestAPIClient({ url, accessToken })
    const instance = await client.v2.instance.fetch()
    const streams = createStreamingAPIClient({ streamingApiUrl: instance.configuration.urls.streaming, accessToken })
    const heard: string[] = []
    const mine = streams.user.subscribe()
    const reading = (async () => { for await (const one of mine) if (one.event === 'update') heard.push(one.payload.content) })()
    const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 })
    canvas.getContext('2d')!.fillRect(0, 0, 40, 30)
    const file = await new Promise<Blob>((done) => canvas.toBlob((blob) => done(blob!), 'image/png'))
    const media = await client.v2.media.create({ file, description: 'a black field' })
    // The stream takes a moment to stand; what is written then is heard.
    for (let at = 0; at < 300 && heard.length < 4; at++) await client.v1.statuses.create({ status: `number ${at}`, mediaIds: at === 0 ? [media.id] : undefined, visibility: 'public' })
    mine.unsubscribe()
    streams.close()
    await reading
    const pages: number[] = []
    for await (const list of client.v1.timelines.home.list({ limit: 2 })) { pages.push(list.length); if (pages.length === 2) break }
    const wrong = await client.v1.statuses.$select('garbage').fetch().then(() => null, (error: unknown) => error instanceof MastoHttpError ? [error.statusCode, error.message] : String(error))
    const refused = await createRestAPIClient({ url, accessToken: 'nonsense' }).v1.timelines.home.list().then(() => null, (error: unknown) => error instanceof MastoHttpError ? error.statusCode : String(error))
    const limits = (await fetch(`${url}/api/v1/timelines/public`)).headers.get('x-ratelimit-remaining')
    return { name: registered.name, title: instance.title, type: media.type, description: media.description, heard: heard.length, pages, wrong, refused, limits: Number(limits) }
  }, { url: town.url, accessToken })
  expect(told).toMatchObject({ name: 'web', title: expect.any(String), type: 'image', description: 'a black field', pages: [2, 2], wrong: [404, 'Record not found'], refused: 401 })
  expect(told.heard).toBeGreaterThanOrEqual(4)
  expect(told.limits).toBeGreaterThan(0)
  expect(problems).toEqual([])
})
