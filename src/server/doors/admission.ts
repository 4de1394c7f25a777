import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../app.ts'
import { calmAnswer } from '../calm.ts'
import type { CalmReason } from '../calm.ts'
import { sessionCookie } from '../domain/sessions/index.ts'
import type { Place, Rank } from '../platform/pressure/index.ts'
import { pressureOf } from '../rush.ts'
import { isApiPath } from './api/index.ts'

/** ms in which the body of a form or of JSON must have come; files have longer. */
const bodyMs = 30_000
/** ms after which a body is one that comes slowly */
const promptMs = 50

/**
 * Lets a request in, at once or after waiting in line; false where it was sent away with 503. The place is free again as soon as
 * the answer begins: however slowly somebody sends or reads, others don't wait for it.
 */
export async function admitted(app: App, request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
  // Scripts and styles of a page that was let in: cheap, and half a page helps nobody.
  if (path.startsWith('/_app/') || path === '/icons.svg' || path === '/favicon.svg') return true
  const pressure = pressureOf(app)
  const place = await pressure.enter(rankOf(app, request))
  if (!place) {
    // A body is not waited for: it may be long.
    if (hasBody(request)) response.setHeader('connection', 'close')
    if (isApiPath(path)) openToAll(response)
    await sendCalm(request, response, 'busy', pressure.retryAfter())
    return false
  }
  if (response.destroyed) { place.leave(); return false }
  if (hasBody(request) && !request.complete) followBody(request, place, path)
  if (app.room.low() && grows(app, request, path)) {
    if (hasBody(request)) response.setHeader('connection', 'close')
    if (isApiPath(path)) openToAll(response)
    place.leave()
    await sendCalm(request, response, 'diskFull', 60)
    return false
  }
  const { writeHead } = response
  response.writeHead = ((...given: Parameters<typeof writeHead>) => { place.leave(); return writeHead.apply(response, given) }) as typeof writeHead
  response.once('close', place.leave)
  return true
}

export async function sendCalm(request: IncomingMessage, response: ServerResponse, reason: CalmReason, seconds: number): Promise<void> {
  const byCode = (request.url ?? '').startsWith('/media/')
  const { status, headers, body } = await calmAnswer(reason, { method: request.method ?? 'GET', headers: request.headers, byCode }, seconds)
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(request.method === 'HEAD' ? undefined : body)
}

const openToAll = (response: ServerResponse) => response.setHeader('access-control-allow-origin', '*').setHeader('access-control-expose-headers', 'Retry-After')

/** Would this write something down? Whoever makes room, signs in or out, or runs the community may go on. */
const grows = (app: App, { method = 'GET' }: IncomingMessage, path: string): boolean => ['POST', 'PUT', 'PATCH'].includes(method)
  && (app.config.databaseUrl === undefined || path.startsWith('/media/') || path.startsWith('/api/v1/media') || path.startsWith('/api/v2/media'))
  && !/^\/(?:log(?:in|out)|setup|admin|oauth)(?:\/|$)/.test(path)

/** While it comes, nobody works for it. */
function followBody(request: IncomingMessage, place: Place, path: string): void {
  const slow = setTimeout(() => { if (!request.complete) place.coming() }, promptMs)
  slow.unref()
  request.once('end', () => { clearTimeout(slow); place.here() }).once('close', () => clearTimeout(slow))
  if (path.startsWith('/media/') || /^multipart\//i.test(request.headers['content-type'] ?? '')) return
  const late = setTimeout(() => request.destroy(), bodyMs)
  late.unref()
  const settle = () => clearTimeout(late)
  request.once('end', settle).once('close', settle)
}

const hasBody = (request: IncomingMessage) => request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0

/** By what it says it is: who may do what is found out later, by whoever does the work. */
function rankOf(app: App, request: IncomingMessage): Rank {
  const { authorization, cookie } = request.headers
  const signedIn = authorization !== undefined || (cookie !== undefined && cookie.includes(`${sessionCookie(app)}=`))
  if (!signedIn) return 2
  return request.method === 'GET' || request.method === 'HEAD' ? 1 : 0
}
