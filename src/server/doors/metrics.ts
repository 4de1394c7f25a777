import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { App } from '../app.ts'
import { keepMinutes } from '../domain/operations/index.ts'
import { bearerOf } from '../platform/http/index.ts'
import { hashSecret } from '../platform/secrets/index.ts'

const forwarded = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'] as const
const ownNames = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i

function networks(list: string[]): BlockList {
  const made = new BlockList()
  for (const entry of list) {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits) made.addSubnet(address, Number(bits), family)
    else made.addAddress(address, family)
  }
  return made
}

/** Who may read the numbers: whoever sends the token; programs of this machine; the networks that were named. Nobody through a proxy. */
export function mayRead(app: App): (request: IncomingMessage) => boolean {
  const { token, allow } = app.config.metrics
  const wanted = token ? hashSecret(token) : null
  const near = networks(['127.0.0.0/8', '::1'])
  const allowed = networks(allow)
  return (request) => {
    const sent = bearerOf(request)
    if (wanted && sent !== undefined) return timingSafeEqual(hashSecret(sent), wanted)
    // A proxy on this machine speaks for strangers: it says so by a header, or asks for the name that they asked for.
    if (forwarded.some((name) => request.headers[name] !== undefined)) return false
    const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
    const family = isIP(peer) === 6 ? 'ipv6' : 'ipv4'
    return peer !== '' && (allowed.check(peer, family) || (near.check(peer, family) && ownNames.test(request.headers.host ?? '')))
  }
}

/** /metrics. Whom it isn't meant for finds nothing there. */
export async function sendMetrics(app: App, request: IncomingMessage, response: ServerResponse, may: (request: IncomingMessage) => boolean): Promise<void> {
  if (!may(request)) return text(response, 404, 'not found')
  const { type, body } = await app.metrics.text()
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(body)
}

/** /health/live and /health/ready: does this process answer, and can it do its work? */
export async function sendHealth(app: App, response: ServerResponse, path: string): Promise<void> {
  if (path === '/health/live') return text(response, 200, 'alive')
  try {
    await app.database.pool.query('select 1')
    text(response, 200, 'ready')
  } catch {
    text(response, 503, 'the database does not answer')
  }
}

/** A port that has nothing but these: for workers, and for machines that must not reach the pages. Resolves once it is open. */
export async function openMetricsPort(app: App): Promise<{ port: number; close(): Promise<void> } | null> {
  const { port } = app.config.metrics
  if (port === null) return null
  const may = mayRead(app)
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '/').split('?', 1)[0]
    if (path === '/metrics') return sendMetrics(app, request, response, may)
    if (path === '/health/live' || path === '/health/ready') return sendHealth(app, response, path)
    text(response, 404, 'not found')
  }
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 8192 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      app.log.error('the numbers could not be told', { error: String(error) })
      response.destroy()
    })
  })
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(port, app.config.host, () => { server.off('error', fail); done() })
  })
  return { port, close: () => new Promise((done) => { server.close(() => done()); server.closeAllConnections() }) }
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end(body)
}

/** What kind of request that was: a closed list, so that no address becomes a label. */
export function kindOf(method: string, path: string): string {
  const reads = method === 'GET' || method === 'HEAD'
  if (path.startsWith('/api/')) {
    if (path.startsWith('/api/v1/streaming')) return 'stream'
    if (path === '/api/v1/timelines/home') return 'api home'
    if (/^\/api\/v[12]\/media$/.test(path)) return 'upload'
    return reads ? 'api read' : 'api write'
  }
  if (path.startsWith('/media/')) return path.startsWith('/media/uploads') ? 'upload' : 'media'
  if (path.startsWith('/_app/') || /^\/[^/]+\.(?:svg|png|txt|js|webmanifest|ico)$/.test(path)) return 'static'
  if (path === '/live') return 'stream'
  if (path.startsWith('/health') || path === '/metrics') return 'health'
  if (path.startsWith('/oauth/') || path.startsWith('/.well-known/') || path.startsWith('/nodeinfo')) return 'oauth'
  if (!reads) return 'form'
  if (path === '/' || path === '/__data.json') return 'home'
  if (path.startsWith('/admin')) return 'admin'
  return 'page'
}

/** Counts a request when it is over, and how long it took; a stream is counted, not timed. */
export function watch(app: App, request: IncomingMessage, response: ServerResponse, path: string): void {
  const began = performance.now()
  const kind = kindOf(request.method ?? 'GET', path)
  response.once('close', () => {
    // Who went away before there was an answer has the number that nginx gave it.
    app.metrics.answered(kind, response.headersSent ? response.statusCode : 499, kind === 'stream' ? -1 : (performance.now() - began) / 1000)
  })
}

/** Writes each minute down, for the owner's page. */
export const startMinutes = (app: App): { stop(): void } => keepMinutes(app, { roles: app.config.roles.join(','), version: app.version })

/** A request as a trace, by its kind; over when the answer is. Streams aren't followed. */
export function traced(app: App, request: IncomingMessage, response: ServerResponse, work: () => Promise<unknown>): Promise<unknown> {
  if (!app.traces.on) return work()
  const method = request.method ?? 'GET'
  const kind = kindOf(method, (request.url ?? '/').split('?', 1)[0] ?? '/')
  if (kind === 'stream' || kind === 'health') return work()
  let failure: { error: unknown } | undefined
  const over = new Promise<void>((done) => { response.once('close', done) })
  return app.traces.span(`${method} ${kind}`, { 'http.request.method': method, 'hearth.route': kind, 'hearth.request': String(request.headers['x-request-id'] ?? '') }, async (tell) => {
    await work().catch((error: unknown) => { failure = { error } })
    if (failure) throw failure.error
    await over
    tell({ 'http.response.status_code': response.statusCode })
  }, { kind: 'server' })
}
