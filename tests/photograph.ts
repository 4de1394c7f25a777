// Photographs the pages of a running Hearth: node tests/photograph.ts URL [--as USERNAME:PASSWORD] [--only PATH,PATH] [--small | --all] [--full]
// Pictures go to tests/screenshots/ (kept out of the repository).
import { mkdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { findChromium } from './chromium.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { as: { type: 'string' }, only: { type: 'string' }, small: { type: 'boolean' }, all: { type: 'boolean' }, full: { type: 'boolean' } } })
const [url = 'http://localhost:3000'] = positionals
const paths = values.only?.split(',') ?? ['/', '/community', '/explore', '/notifications', '/search?q=bread', '/compose', '/settings/profile']
const folder = new URL('./screenshots/', import.meta.url).pathname
await mkdir(folder, { recursive: true })

const every = [['phone', 360, 780], ['tablet', 820, 1100], ['desktop', 1440, 1000]] as const
const looks = values.all ? every.flatMap(([name, width, height]) => [false, true].flatMap((dark) => ['en', 'ar'].map((locale) => ({ name: `${name}${dark ? '-dark' : ''}-${locale}`, width, height, dark, locale })))) : [
  { name: 'phone', width: 360, height: 780, dark: false, locale: 'en' },
  { name: 'phone-dark-ar', width: 360, height: 780, dark: true, locale: 'ar' },
  { name: 'tablet', width: 820, height: 1100, dark: true, locale: 'en' },
  { name: 'desktop', width: 1440, height: 1000, dark: false, locale: 'en' },
  { name: 'desktop-ar', width: 1440, height: 1000, dark: false, locale: 'ar' },
].filter((look) => !values.small || look.name === 'phone' || look.name === 'desktop')

const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })
for (const look of looks) {
  const context = await browser.newContext({ baseURL: url, viewport: { width: look.width, height: look.height }, colorScheme: look.dark ? 'dark' : 'light', locale: look.locale, serviceWorkers: 'block' })
  await context.addCookies([{ name: 'hearth_locale', value: look.locale, url }])
  const page = await context.newPage()
  if (values.as) {
    const [username = '', password = ''] = values.as.split(':')
    await page.goto('/login')
    await page.locator('input[autocomplete~="username"]').fill(username)
    await page.locator('input[autocomplete~="current-password"]').fill(password)
    await page.locator('form:has(input[autocomplete~="current-password"]) button:not([type="button"])').first().click()
    await page.waitForURL((to) => !to.pathname.startsWith('/login'))
  }
  for (const path of paths) {
    await page.goto(path, { waitUntil: 'networkidle' }).catch(() => {})
    const name = path === '/' ? 'home' : path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '')
    await page.screenshot({ path: `${folder}${name}--${look.name}.png`, fullPage: values.full ?? false })
    process.stdout.write(`${name}--${look.name}.png\n`)
  }
  await context.close()
}
await browser.close()
