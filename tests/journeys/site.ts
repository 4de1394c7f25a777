import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { serve } from '../../src/main.ts'
import { findChromium, findHeadlessChromium } from '../chromium.ts'
import { openWorld } from '../world.ts'
import type { World } from '../world.ts'

export type Site = World & {
  url: string
  /** a fresh browser profile; everything that goes wrong in its pages is collected in `problems` */
  visitor(options?: BrowserContextOptions): Promise<{ context: BrowserContext; page: Page }>
  /** console errors and uncaught exceptions of all pages so far */
  problems: string[]
  closeSite(): Promise<void>
}

/** A running Hearth on a port of its own, with a real browser in front of it; `whole`: with what a browser has besides pages, such as notifications of the device. */
export async function openSite(environment: Record<string, string> = {}, { whole = false } = {}): Promise<Site> {
  const world = await openWorld({ PORT: '0', ...environment })
  const server = await serve(world.app, pathToFileURL(resolve('build/handler.js')).href)
  const url = `http://localhost:${server.port}`
  world.app.config.publicUrl = url
  const browser: Browser = await chromium.launch({
    executablePath: await (whole ? findChromium() : findHeadlessChromium()),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  const problems: string[] = []
  return {
    ...world,
    url,
    problems,
    async visitor(options = {}) {
      const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, serviceWorkers: 'block', ...options })
      context.setDefaultTimeout(20_000)
      // A hand is on the mouse from the start: pages that are read wait for one before they come alive.
      await context.addInitScript(() => {
        const move = setInterval(() => { if (document.documentElement?.dataset['awake'] === undefined) dispatchEvent(new Event('pointermove')); else clearInterval(move) }, 50)
      })
      const page = await context.newPage()
      if (options.javaScriptEnabled !== false) untilAwake(page)
      page.on('console', (message) => { if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) problems.push(`${page.url()}: ${message.text()}`) })
      page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`))
      return { context, page }
    },
    async closeSite() {
      await browser.close()
      await server.close()
      await world.close()
    },
  }
}

/** Whoever presses a button presses it on a page that has woken up: `goto` waits for that. */
export function untilAwake(page: Page): void {
  const goto = page.goto.bind(page)
  page.goto = async (address, more) => {
    const response = await goto(address, more)
    if (response?.headers()['content-type']?.startsWith('text/html')) await page.waitForSelector('html[data-awake]', { state: 'attached' })
    return response
  }
}
