import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createAccessToken } from '#server/domain/apps/index.ts'
import { front } from '#server/doors/http.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'

type Value = { stringValue?: string; intValue?: number }
type Span = { traceId: string; spanId: string; parentSpanId?: string; name: string; attributes: { key: string; value: Value }[]; links: { traceId: string; spanId: string }[] }
type Sent = { resourceSpans: { resource: { attributes: { key: string; value: Value }[] }; scopeSpans: { spans: Span[] }[] }[] }

test('a request, what it asked of the database and the jobs that it caused are sent to whoever was named, without a word of anybody', async () => {
  const sent: Sent[] = []
  const receiver = createServer((incoming, response) => {
    let body = ''
    incoming.on('data', (part) => { body += String(part) })
    incoming.on('end', () => {
      expect([incoming.url, incoming.headers['content-type']]).toEqual(['/v1/traces', 'application/json'])
      sent.push(JSON.parse(body) as Sent)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((done) => { receiver.listen(0, '127.0.0.1', done) })
  const world = await openWorld({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/` })
  const mara = await person(world.app, 'mara_of_the_mill')
  const { accessToken } = await createAccessToken(world.app, mara, 'read write')
  const handle = await front(world.app, (_request, response) => { response.end('page') })
  const server = createServer((incoming, response) => handle(incoming, response))
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  const status = await new Promise((done) => {
    request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, path: '/api/v1/statuses?secret=bread', method: 'POST', headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' } }, (response) => {
      response.resume()
      response.once('end', () => done(response.statusCode))
    }).end(JSON.stringify({ status: 'Warm bread at eight' }))
  })
  expect(status).toBe(200)
  await world.work()
  server.closeAllConnections()
  server.close()
  // Closing sends what waits.
  await world.close()
  receiver.closeAllConnections()
  receiver.close()

  const spans = sent.flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)))
  const asked = spans.find((one) => one.name === 'POST api write')!
  expect(asked.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: 200 } })
  const route = spans.find((one) => one.name === 'api /api/v1/statuses')!
  expect(route).toMatchObject({ traceId: asked.traceId, parentSpanId: asked.spanId })
  const insert = spans.filter((one) => one.traceId === asked.traceId && one.name === 'sql insert')
  expect(insert.length).toBeGreaterThan(0)
  expect(insert.every((one) => spans.some((other) => other.spanId === one.parentSpanId))).toBe(true)
  const job = spans.find((one) => one.name === 'job event' && one.links.some((link) => link.traceId === asked.traceId))!
  expect(job.traceId).not.toBe(asked.traceId)
  expect(spans.some((one) => one.traceId === job.traceId && one.name.startsWith('sql '))).toBe(true)
  expect(sent[0]!.resourceSpans[0]!.resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'hearth-web-worker' } })
  const all = JSON.stringify(sent)
  for (const word of ['bread', 'Warm', 'mara', accessToken, '127.0.0.1']) expect([word, all.includes(word)]).toEqual([word, false])
})

test('whoever was named may be away: requests are answered all the same', async () => {
  const world = await openWorld({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4689' })
  expect(await world.app.traces.span('bake', {}, async () => (await world.app.database.queries.selectFrom('accounts').select('id').execute()).length)).toBe(0)
  await world.close()
})

test('unless asked for, there are none', async () => {
  const world = await openWorld()
  expect([world.app.traces.on, world.app.traces.span('bake', {}, () => 3), world.app.traces.current()]).toEqual([false, 3, null])
  await world.close()
})
