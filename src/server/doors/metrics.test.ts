import { createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../tests/people.ts'
import { openWorld } from '../../../tests/world.ts'
import type { World } from '../../../tests/world.ts'
import { front } from './http.ts'
import { kindOf, openMetricsPort } from './metrics.ts'

let world: World
let stop: () => void
let port: number
const token = 'a-long-secret-for-the-watchers'
beforeAll(async () => {
  world = await openWorld({ HEARTH_METRICS_TOKEN: token, HEARTH_METRICS_PORT: '4688', TRUSTED_PROXIES: '127.0.0.1' })
  const handle = await front(world.app, (_request: IncomingMessage, response: ServerResponse) => { response.writeHead(200, { 'content-type': 'text/html' }).end('page') })
  const server = createServer((incoming, response) => handle(incoming, response))
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  port = (server.address() as AddressInfo).port
  stop = () => { server.closeAllConnections(); server.close() }
})
afterAll(async () => { stop?.(); await world?.close() })

const ask = (path: string, headers: Record<string, string> = {}, at = port) => new Promise<{ status: number; body: string }>((done, fail) => {
  request({ host: '127.0.0.1', port: at, path, headers: { host: `127.0.0.1:${at}`, ...headers } }, (response) => {
    let body = ''
    response.on('data', (part) => { body += String(part) })
    response.on('end', () => done({ status: response.statusCode ?? 0, body }))
  }).on('error', fail).end()
})

test('this machine reads the numbers, and whoever has the token; nobody through a proxy', async () => {
  expect((await ask('/metrics')).status).toBe(200)
  expect((await ask('/metrics', { host: 'hearth.example' })).status).toBe(404)
  for (const header of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']) expect([header, (await ask('/metrics', { [header]: '127.0.0.1' })).status]).toEqual([header, 404])
  expect((await ask('/metrics', { 'x-forwarded-for': '203.0.113.9', authorization: `Bearer ${token}` })).status).toBe(200)
  expect((await ask('/metrics', { authorization: 'Bearer something else' })).status).toBe(404)
})

test('the numbers tell what happened, by kinds from a closed list, and of nobody', async () => {
  const mara = await person(world.app, 'mara_of_the_mill', { displayName: 'Mara Secret' })
  await ask('/@mara_of_the_mill?q=secret')
  await ask('/api/v1/accounts/lookup?acct=mara_of_the_mill')
  await ask('/health/ready')
  await world.app.jobs.add(world.app.database.queries, 'processMedia', { mediaId: mara.id })
  world.app.caches.delete('operations.jobs')
  const { body } = await ask('/metrics')
  expect(body).toMatch(/hearth_http_requests_total\{route="page",status="200"\} 1/)
  expect(body).toMatch(/hearth_http_request_seconds_bucket\{le="0.005",route="api read"\} \d/)
  expect(body).toMatch(/hearth_jobs_waiting\{job="processMedia"\} 1/)
  for (const name of ['hearth_media_waiting 1', 'hearth_database_connections{state="used"}', 'hearth_streams_open{of="apps"} 0', 'hearth_disk_bytes{state="free"}', 'hearth_kept_made_total{kept="pages"}', 'hearth_mails_total{outcome="sent"} 0', 'hearth_jobs_oldest_seconds', 'nodejs_eventloop_lag_seconds', 'process_resident_memory_bytes']) expect(body).toContain(name)
  expect(body).not.toMatch(/mara|secret|127\.0\.0\.1/i)
  expect(body).not.toContain(mara.id)
})

test('however odd the addresses, the kinds stay few', () => {
  const kinds = new Set<string>()
  for (const method of ['GET', 'POST', 'BREW']) for (const path of ['/', '/@x', '/api/v1/x', '/api/v1/streaming/user', '/media/a/b', '/media/uploads', '/live', '/admin/x', '/_app/x.js', '/metrics', '/health/live', '/oauth/token', '//', '/%00', `/${'x'.repeat(5000)}`]) kinds.add(kindOf(method, path))
  expect([...kinds].toSorted()).toEqual(['admin', 'api read', 'api write', 'form', 'health', 'home', 'media', 'oauth', 'page', 'static', 'stream', 'upload'])
})

test('a worker has a port of its own, for this and for its health, and nothing else', async () => {
  const opened = await openMetricsPort(world.app)
  expect((await ask('/metrics', {}, 4688)).body).toContain('hearth_jobs_running')
  expect([(await ask('/health/live', {}, 4688)).body, (await ask('/health/ready', {}, 4688)).body, (await ask('/', {}, 4688)).status, (await ask('/api/v1/instance', {}, 4688)).status]).toEqual(['alive', 'ready', 404, 404])
  await opened!.close()
})
