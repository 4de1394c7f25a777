import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse } from './house.ts'
import type { House } from './house.ts'

/** seconds; a minute was tried by hand (docs/endurance.md) */
const away = Number(process.env.HEARTH_AWAY ?? 4)
let house: House
beforeAll(async () => { house = await openHouse() })
afterAll(() => house.close())

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))
const asBrowser = (language: string, more: Record<string, string> = {}) => ({ accept: 'text/html,application/xhtml+xml', 'accept-language': language, ...more })

test(`while the database is away everybody is told so kindly; ${away} s later all goes on by itself`, async () => {
  const { app, url } = house
  const [mara, tomas] = [await house.member('mara'), await house.member('tomas')]
  const api = (who: { token: string }, path: string, json?: unknown) => fetch(url + path, { method: json ? 'POST' : 'GET', headers: { authorization: `Bearer ${who.token}`, 'content-type': 'application/json' }, body: json ? JSON.stringify(json) : undefined })
  expect((await api(tomas, `/api/v1/accounts/${mara.id}/follow`, {})).status).toBe(200)
  expect((await api(mara, '/api/v1/statuses', { status: 'before', visibility: 'public' })).status).toBe(200)
  // Asked twice, so that they are kept ready.
  for (let times = 0; times < 2; times++) {
    expect((await api(tomas, '/api/v1/timelines/home')).status).toBe(200)
    expect((await fetch(`${url}/`, { headers: asBrowser('en', { cookie: mara.cookie }) })).status).toBe(200)
    expect((await fetch(`${url}/@mara`, { headers: asBrowser('en', { cookie: mara.cookie }) })).status).toBe(200)
  }
  const heard: string[] = []
  const listen = () => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/streaming?stream=user&access_token=${tomas.token}`)
    socket.on('message', (data) => heard.push(String(data)))
    // As every app does.
    socket.on('error', () => {})
    socket.on('close', () => { if (listening) setTimeout(listen, 300) })
    return socket
  }
  let listening = true
  const socket = listen()
  await new Promise((done) => socket.once('open', done))
  const warnings: string[] = []
  const { warn } = app.log
  app.log.warn = (message, details) => { warnings.push(message); warn(message, details) }

  await house.stopDatabase()
  const gone = Date.now()
  for (const path of ['/', '/@mara', '/notifications']) {
    const page = await fetch(url + path, { headers: asBrowser('en', { cookie: mara.cookie }) })
    expect([page.status, Number(page.headers.get('retry-after')) > 0], path).toEqual([503, true])
    const html = await page.text()
    expect(html).toContain('One moment, please')
    expect(html).toMatch(/<html lang="en" dir="ltr"/)
    expect(html).not.toMatch(/before|ECONN|ENOENT|socket/)
  }
  const arabic = await (await fetch(`${url}/@mara`, { headers: asBrowser('ar', { cookie: mara.cookie }) })).text()
  expect(arabic).toMatch(/<html lang="ar" dir="rtl"[\s\S]*لحظة من فضلك/)
  // What was kept ready isn't given out: nobody can say whether it still holds.
  for (const [path, json] of [['/api/v1/timelines/home', undefined], ['/api/v2/instance', undefined], ['/api/v1/statuses', { status: 'lost?' }]] as const) {
    const answer = await api(tomas, path, json)
    expect([answer.status, await answer.json()], path).toMatchObject([503, { error: expect.stringContaining('database does not answer') }])
    expect(Number(answer.headers.get('retry-after')), path).toBeGreaterThan(0)
  }
  // The composer keeps what was typed: to it this is a refusal, not the end.
  const typed = new URLSearchParams({ text: 'half a poem' })
  const refused = await fetch(`${url}/compose`, { method: 'POST', headers: { accept: 'application/json', 'x-sveltekit-action': 'true', origin: url, cookie: mara.cookie }, body: typed })
  expect([refused.status, await refused.json()]).toMatchObject([503, { type: 'failure', data: expect.stringContaining('databaseAway') }])
  const plain = await fetch(`${url}/compose`, { method: 'POST', headers: asBrowser('en', { origin: url, cookie: mara.cookie }), body: typed })
  expect([plain.status, await plain.text()]).toEqual([503, expect.stringContaining('what you wrote still stands')])
  expect((await fetch(`${url}/health/live`)).status).toBe(200)
  expect((await fetch(`${url}/health/ready`)).status).toBe(503)
  await pause(Math.max(0, away * 1000 - (Date.now() - gone)))
  // Three connections are tried for, more and more slowly: not twice as often each time.
  expect(warnings.filter((message) => message === 'the database is away').length).toBeLessThan(4 * away)

  await house.startDatabase()
  const back = Date.now()
  await expect.poll(async () => (await fetch(`${url}/`, { headers: asBrowser('en', { cookie: mara.cookie }) })).status, { timeout: 20_000, interval: 100 }).toBe(200)
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  console.log(`pages were back ${Date.now() - back} ms after the database`)
  // Streams, jobs and what is kept ready go on, too.
  const marks: string[] = []
  await expect.poll(async () => {
    const mark = `after-${marks.length}`
    marks.push(mark)
    await api(mara, '/api/v1/statuses', { status: mark, visibility: 'public' })
    await pause(150)
    return marks.some((one) => heard.some((text) => text.includes(one)))
  }, { timeout: 30_000, interval: 300 }).toBe(true)
  const home = await (await api(tomas, '/api/v1/timelines/home')).text()
  expect(home).toContain(marks.at(-1))
  expect(home).not.toContain('lost?')
  await expect.poll(async () => (await app.database.pool.query("select count(*)::int as waiting from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'event'")).rows[0], { timeout: 30_000 }).toEqual({ waiting: 0 })
  await expect.poll(() => app.changes.settled(), { timeout: 10_000 }).toBe(true)
  const { rows } = await app.database.pool.query("select count(*)::int as numbers from pg_locks where locktype = 'advisory' and classid = 7268002")
  expect(rows).toEqual([{ numbers: 1 }])
  listening = false
  socket.terminate()
}, 180_000)

test('a PostgreSQL of our own that is killed is started again, and nothing acknowledged is lost', async () => {
  const { url } = house
  await house.startDatabase()
  const ines = await house.member('ines')
  const ask = (method: string, path: string, json?: unknown) => fetch(url + path, { method, headers: { authorization: `Bearer ${ines.token}`, 'content-type': 'application/json' }, body: json ? JSON.stringify(json) : undefined })
  const { id } = await (await ask('POST', '/api/v1/statuses', { status: 'kept', visibility: 'public' })).json() as { id: string }
  const postmaster = Number((await readFile(join(house.folder, 'database/cluster/postmaster.pid'), 'utf8')).split('\n')[0])
  process.kill(postmaster, 'SIGKILL')
  await expect.poll(async () => (await ask('GET', `/api/v1/statuses/${id}`)).status, { timeout: 30_000, interval: 100 }).toBe(200)
  await expect.poll(async () => (await ask('POST', '/api/v1/statuses', { status: 'and on', visibility: 'public' })).status, { timeout: 30_000, interval: 100 }).toBe(200)
}, 90_000)
