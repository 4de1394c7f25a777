import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '../accounts/index.ts'
import { auditPage } from '../instance/index.ts'
import { checkForUpdate, forgetJob, jobCounts, jobFigures, listJobs, newer, quantileOf, retryJob, seeHealth, sweepHealth, writeMinute } from './index.ts'

let world: World
let owner: Account, member: Account
beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'owner', { role: 'owner' })
  member = await person(world.app, 'mara')
})
afterAll(() => world?.close())

const self = (process: string, roles = 'web,worker') => ({ process, roles, version: '1.0.0', startedAt: world.app.now() })

test('what two processes saw in a minute is one line for the owner, and nobody else reads it', async () => {
  const { app } = world
  for (const process of ['one:1', 'two:2']) {
    for (let n = 0; n < 60; n++) app.metrics.answered('page', n === 0 ? 500 : n === 1 ? 429 : 200, n < 50 ? 0.02 : 0.4)
    app.metrics.jobDone('event', 'done', 0.1)
    app.metrics.jobDone('push', 'failed', 0.1)
    await writeMinute(app, self(process, process === 'one:1' ? 'web' : 'web,worker'))
  }
  const health = await seeHealth(app, owner, 'hour')
  const at = health.requests.findLastIndex((one) => one !== null)
  expect([health.requests[at], health.errors[at], health.refused[at], health.jobs.done[at], health.jobs.failed[at]]).toEqual([120, 2, 2, 4, 2])
  expect(health.latency.p50[at]).toBeLessThanOrEqual(0.025)
  expect(health.latency.p99[at]).toBeGreaterThan(0.25)
  expect(health.memory[at]).toBeGreaterThan(50_000_000)
  expect(health.storage.database[at]).toBeGreaterThan(1_000_000)
  expect(health.requests.filter((one) => one !== null)).toHaveLength(1)
  expect(health.now.processes.map((one) => one.name)).toEqual(['one:1', 'two:2'])
  expect(health.findings).toContainEqual({ level: 'bad', code: 'errors', params: { count: 2 } })
  // The same by day and week: a mean of each minute, a sum of what went wrong.
  const week = await seeHealth(app, owner, 'week')
  expect([week.times.length, week.errors.findLast((one) => one !== null)]).toEqual([84, 2])
  expect(week.requests.findLast((one) => one !== null)).toBeLessThanOrEqual(120)
  for (const who of [member, { ...member, role: 'moderator' as const }]) await expect(seeHealth(app, who, 'hour')).rejects.toMatchObject({ code: 'notAllowed' })
})

test('what is older than four weeks goes', async () => {
  const { app } = world
  await app.database.pool.query("update health_minutes set at = at - interval '29 days' where process = 'one:1'")
  await sweepHealth(app)
  expect((await app.database.pool.query('select process from health_minutes')).rows).toEqual([{ process: 'two:2' }])
})

test.each([[[0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0.5, 0.0175], [[100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 0.99, 0.005], [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5], 0.5, 10], [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0.5, null]])('of %j the part %d was answered within %j s', (counts, part, seconds) => {
  const found = quantileOf(counts, part)
  if (seconds === null) expect(found).toBeNull()
  else expect(found).toBeCloseTo(seconds, 3)
})

test('jobs are counted, listed by state and page, tried again and forgotten, on record; what they are about shows no address', async () => {
  const { app } = world
  const { queries, pool } = app.database
  await app.jobs.add(queries, 'sendReset', { email: 'mara@example.org' })
  await app.jobs.add(queries, 'processMedia', { mediaId: '77' })
  await app.jobs.add(queries, 'publishScheduled', { id: '5' }, { runAt: new Date(Date.now() + 3_600_000) })
  await pool.query("update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'no such oven' where task_id = (select id from graphile_worker._private_tasks where identifier = 'processMedia')")
  app.caches.delete('operations.jobs')
  expect(await jobFigures(app)).toMatchObject({ waiting: { sendReset: 1 }, later: 1, running: 0, failed: 1 })
  expect((await jobCounts(app, owner)).map(({ name, waiting, later, failed }) => [name, waiting, later, failed])).toEqual([['processMedia', 0, 0, 1], ['publishScheduled', 0, 1, 0], ['sendReset', 1, 0, 0]])
  const all = (await listJobs(app, owner, {})).items
  expect(all.map(({ name, state, about, error }) => [name, state, about, error])).toEqual([['publishScheduled', 'later', { id: '5' }, null], ['processMedia', 'failed', { mediaId: '77' }, 'no such oven'], ['sendReset', 'waiting', {}, null]])
  const first = await listJobs(app, owner, {}, { limit: 2 })
  expect((await listJobs(app, owner, {}, { before: first.older!, limit: 2 })).items.map((one) => one.name)).toEqual(['sendReset'])
  const failed = (await listJobs(app, owner, { state: 'failed' })).items
  expect(failed).toHaveLength(1)
  await expect(retryJob(app, member, { id: failed[0]!.id })).rejects.toMatchObject({ code: 'notAllowed' })
  expect(await retryJob(app, owner, { id: failed[0]!.id })).toBe(1)
  expect((await listJobs(app, owner, { state: 'failed' })).items).toEqual([])
  await pool.query("update graphile_worker._private_jobs set attempts = max_attempts where task_id in (select id from graphile_worker._private_tasks where identifier in ('processMedia', 'sendReset'))")
  expect(await retryJob(app, 'command', { failed: true, name: 'sendReset' })).toBe(1)
  expect(await retryJob(app, 'command', { failed: true })).toBe(1)
  for (const job of all) await forgetJob(app, owner, job.id)
  await expect(forgetJob(app, owner, all[0]!.id)).rejects.toMatchObject({ code: 'notFound' })
  await expect(retryJob(app, owner, { id: 'x' })).rejects.toMatchObject({ code: 'notFound' })
  expect((await listJobs(app, owner, {})).items).toEqual([])
  expect((await auditPage(app, { act: 'job.' }, {})).items.map((one) => one.act)).toEqual(['job.forget', 'job.forget', 'job.forget', 'job.retry', 'job.retry', 'job.retry'])
})

test('nobody is asked for updates unless somebody wished it; then one address is, and what it says is shown', async () => {
  let asked = 0
  let says: unknown = { version: '9.1.0', url: 'https://hearth.example/9.1.0' }
  const server = createServer((_request, response) => { asked++; response.setHeader('content-type', 'application/json'); response.end(JSON.stringify(says)) })
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  await checkForUpdate(world.app)
  expect([asked, (await seeHealth(world.app, owner, 'hour')).now]).toMatchObject([0, { update: null, asksForUpdates: false }])
  const other = await openWorld({ HEARTH_UPDATE_CHECK: `http://${host}/newest`, HEARTH_FETCH_ALLOW: host })
  const its = await person(other.app, 'owner', { role: 'owner' })
  await checkForUpdate(other.app)
  const health = await seeHealth(other.app, its, 'hour')
  expect(health.now.update).toMatchObject({ version: '9.1.0', address: 'https://hearth.example/9.1.0' })
  expect(health.findings).toContainEqual({ level: 'note', code: 'update', params: { version: '9.1.0' } })
  says = { tag_name: 'v9.2.0', html_url: 'javascript:alert(1)' }
  await checkForUpdate(other.app)
  expect((await seeHealth(other.app, its, 'hour')).now.update).toMatchObject({ version: '9.2.0', address: null })
  says = { version: '<b>new</b>' }
  await expect(checkForUpdate(other.app)).rejects.toThrow()
  await other.close()
  server.close()
})

test.each([['1.10.0', '1.9.9', true], ['1.0.0', '1.0.0', false], ['v0.2', '0.1.9', true], ['0.1.0-rc1', '0.1.0', false]])('is %s later than %s? %s', (a, b, later) => { expect(newer(a, b)).toBe(later) })
