// node bench/first-view.ts --data DIR: what a phone must fetch before a page of a seeded community stands, and what Lighthouse
// says of it (a mid-range phone on a slow line, simulated). The home page is a member's, signed in.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import lighthouse from 'lighthouse'
import { chromium } from 'playwright-core'
import { findAccountByUsername } from '../src/server/domain/accounts/index.ts'
import { changeSettings } from '../src/server/domain/instance/index.ts'
import { openSession, sessionCookie } from '../src/server/domain/sessions/index.ts'
import { communityTimeline } from '../src/server/domain/timelines/index.ts'
import { withApp } from '../src/server/start/open.ts'
import { findChromium } from '../tests/chromium.ts'
import { freePort, startServer } from './load.ts'
import { tell } from './result.ts'

const at = process.argv.indexOf('--data')
if (at < 0) throw new Error('--data DIR is needed')
const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const
const [port, debugPort] = [await freePort(), await freePort()]
const origin = `http://localhost:${port}`
const environment = { ...process.env, HEARTH_DATA: process.argv[at + 1], PORT: String(port), HEARTH_RATE_LIMIT_SCALE: '1000000', HEARTH_LOG: 'warn' }
const profile = await mkdtemp(join(tmpdir(), 'hearth-chromium-'))
const server = await startServer(join(import.meta.dirname, '../bin/hearth.js'), ['start'], environment, `${origin}/health/ready`)
const browser = await chromium.launchPersistentContext(profile, { executablePath: await findChromium(), args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--remote-debugging-port=${debugPort}`] })
try {
  const { cookie, post } = await withApp(environment, async (app) => {
    const mara = await findAccountByUsername(app, 'mara')
    if (!mara) throw new Error('There is no mara here: seed this folder first.')
    await changeSettings(app, 'command', { readMode: 'everyone' })
    const { token } = await openSession(app, app.database.queries, mara.id, 'bench/first-view.ts')
    const [first] = (await communityTimeline(app, null, { limit: 1 })).items
    return { cookie: `${sessionCookie(app)}=${token}`, post: first?.url ?? '/' }
  })
  for (const { name, path, headers, least } of [
    { name: 'front page', path: '/', headers: {}, least: 100 },
    { name: 'public profile', path: '/@mara', headers: {}, least: 100 },
    { name: 'public post', path: post, headers: {}, least: 100 },
    { name: 'home page of a member', path: '/', headers: { cookie }, least: 95 },
  ]) {
    const run = await lighthouse(origin + path, { port: debugPort, onlyCategories: [...categories], extraHeaders: headers, logLevel: 'error' })
    const lhr = run?.lhr
    if (!lhr) throw new Error(`${path}: Lighthouse said nothing`)
    await writeFile(join(import.meta.dirname, 'results', `lighthouse-${name.replaceAll(' ', '-')}.json`), JSON.stringify(lhr))
    const requests = (lhr.audits['network-requests']?.details as { items: { url: string; resourceType: string; transferSize: number; networkRequestTime: number }[] } | undefined)?.items ?? []
    const shown = Number((lhr.audits['metrics']?.details as { items: Record<string, number>[] } | undefined)?.items[0]?.['observedLargestContentfulPaint'] ?? 0)
    const kB = (which: (request: (typeof requests)[number]) => boolean) => requests.filter(which).reduce((sum, request) => sum + request.transferSize, 0) / 1024
    const isScript = ({ url }: { url: string }) => new URL(url).pathname.endsWith('.js') && !url.includes('service-worker')
    tell({ name: `${name}: page, as sent`, value: kB((request) => request.resourceType === 'Document'), unit: 'kB' })
    tell({ name: `${name}: script asked for before everything was shown`, value: kB((request) => isScript(request) && request.resourceType === 'Script' && request.networkRequestTime < shown), unit: 'kB', most: 60 })
    tell({ name: `${name}: all of its script, as sent`, value: kB(isScript), unit: 'kB' })
    for (const category of categories) tell({ name: `${name}: ${category}`, value: Math.round((lhr.categories[category]?.score ?? 0) * 100), unit: 'of 100', least })
    for (const audit of Object.values(lhr.audits)) if (audit.score !== null && audit.score < 0.9 && ['binary', 'numeric', 'metricSavings'].includes(audit.scoreDisplayMode)) console.log(`    ${audit.id}: ${audit.displayValue ?? audit.title}`)
  }
} finally {
  await browser.close()
  await server.stop()
  await rm(profile, { recursive: true, force: true })
}
