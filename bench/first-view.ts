// node bench/first-view.ts --data DIR: what a phone must fetch before a page of a seeded community stands, and what Lighthouse
// says of it (a mid-range phone on a slow line, simulated): the median of five runs, since whatever else the machine does at the time counts
// as the page's own doing; beside it, for how long the page's own processor time would have kept a hand waiting. The home page is a member's.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import lighthouse from 'lighthouse'
import { chromium } from 'playwright-core'
import { findAccountByUsername } from '../src/server/domain/accounts/index.ts'
import { changeSettings } from '../src/server/domain/instance/index.ts'
import { openSession, sessionCookie } from '../src/server/domain/sessions/index.ts'
import { communityTimeline } from '../src/server/domain/timelines/index.ts'
import { withApp } from '../src/server/start/open.ts'
import { findChromium } from '../tests/chromium.ts'
import { sentBytes } from '../tests/sent.ts'
import { freePort, startServer } from './load.ts'
import { median, tell } from './result.ts'
import { ownBlockingMs } from './trace.ts'
import type { TraceEvent } from './trace.ts'

type Lhr = NonNullable<Awaited<ReturnType<typeof lighthouse>>>['lhr']
/** kB, of 1,000 bytes */
const [mostUntouched, mostInTheEnd] = [60, 84]

const at = process.argv.indexOf('--data')
if (at < 0) throw new Error('--data DIR is needed')
const rounds = 5
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
    const runs: { lhr: Lhr; ownMs: number }[] = []
    for (let round = 0; round < rounds; round++) {
      const run = await lighthouse(origin + path, { port: debugPort, onlyCategories: [...categories], extraHeaders: headers, logLevel: 'error' })
      if (!run) throw new Error(`${path}: Lighthouse said nothing`)
      runs.push({ lhr: run.lhr, ownMs: ownBlockingMs((run.artifacts as unknown as { Trace?: { traceEvents: TraceEvent[] } }).Trace?.traceEvents ?? []) })
    }
    const scoreOf = ({ lhr }: { lhr: Lhr }, category: string) => Math.round((lhr.categories[category]?.score ?? 0) * 100)
    const inOrder = runs.toSorted((a, b) => scoreOf(a, 'performance') - scoreOf(b, 'performance'))
    const { lhr } = inOrder[Math.floor(rounds / 2)]!
    await writeFile(join(import.meta.dirname, 'results', `lighthouse-${name.replaceAll(' ', '-')}.json`), JSON.stringify(lhr))
    const requests = (lhr.audits['network-requests']?.details as { items: { url: string; resourceType: string; transferSize: number; networkRequestTime: number }[] } | undefined)?.items ?? []
    const shown = Number((lhr.audits['metrics']?.details as { items: Record<string, number>[] } | undefined)?.items[0]?.['observedLargestContentfulPaint'] ?? 0)
    const kB = (which: (request: (typeof requests)[number]) => boolean) => requests.filter(which).reduce((sum, request) => sum + request.transferSize, 0) / 1000
    const isScript = ({ url }: { url: string }) => new URL(url).pathname.endsWith('.js') && !url.includes('service-worker')
    tell({ name: `${name}: page, as sent`, value: kB((request) => request.resourceType === 'Document'), unit: 'kB' })
    tell({ name: `${name}: script asked for before everything was shown`, value: kB((request) => isScript(request) && request.networkRequestTime < shown), unit: 'kB', most: mostUntouched })
    // Of a visitor's page this is all until a hand comes; a member's begins by itself once it is quiet. Counted by what the server sends: a browser that keeps one from the page before counts it as nothing.
    tell({ name: `${name}: all script that it fetched, as sent`, value: await sentBytes(requests.filter(isScript).map(({ url }) => url)) / 1000, unit: 'kB', most: 'cookie' in headers ? mostInTheEnd : mostUntouched })
    for (const category of categories) tell({ name: `${name}: ${category}`, value: category === 'performance' ? scoreOf({ lhr }, category) : Math.min(...runs.map((run) => scoreOf(run, category))), unit: 'of 100', least })
    tell({ name: `${name}: performance, lowest and highest of ${rounds}: ${scoreOf(inOrder[0]!, 'performance')} to`, value: scoreOf(inOrder.at(-1)!, 'performance'), unit: 'of 100' })
    tell({ name: `${name}: blocked by its own processor time`, value: median(runs.map(({ ownMs }) => ownMs)), unit: 'ms' })
    tell({ name: `${name}: the machine’s load meanwhile`, value: loadavg()[0]!, unit: `(benchmark index ${lhr.environment.benchmarkIndex})` })
    for (const audit of Object.values(lhr.audits)) if (audit.score !== null && audit.score < 0.9 && ['binary', 'numeric', 'metricSavings'].includes(audit.scoreDisplayMode)) console.log(`    ${audit.id}: ${audit.displayValue ?? audit.title}`)
  }
} finally {
  await browser.close()
  await server.stop()
  await rm(profile, { recursive: true, force: true })
}
