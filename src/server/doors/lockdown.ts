import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { App } from '../app.ts'
import { lookForLockdown, readSettings } from '../domain/instance/index.ts'
import type { Lockdown } from '../domain/instance/index.ts'
import { gateOf, passes } from '../domain/operations/index.ts'
import { unavailable } from '../platform/errors.ts'
import type { HearthError } from '../platform/errors.ts'
import { endStreams, errorAnswer, isApiPath } from './api/index.ts'
import { endLive } from './live/index.ts'
import { viewerByToken, viewerOf } from './viewer.ts'

const againSeconds = 120
/** A signal can be lost while the database is away; then this finds it. */
const lookMs = 10_000

/** What keeps this request out; undefined where it may go on. Without a lockdown that costs one look into memory. */
async function keptOut(app: App, request: IncomingMessage, path: string): Promise<HearthError | undefined> {
  const { lockdown } = await readSettings(app)
  const gate = gateOf(lockdown, { method: request.method ?? 'GET', path })
  if (!lockdown || gate === 'anybody') return undefined
  const viewer = isApiPath(path) ? await viewerByToken(app, request) : await viewerOf(app, request)
  return passes(gate, viewer?.state === 'active' ? viewer.role : null) ? undefined : refusalOf(lockdown)
}

const refusalOf = (lockdown: Lockdown): HearthError => Object.assign(unavailable(lockdown.mode === 'closed' ? 'lockedClosed' : lockdown.mode === 'members' ? 'lockedMembers' : 'lockedReadonly', againSeconds), { params: { message: lockdown.message } })

type Pages = (request: IncomingMessage, response: ServerResponse) => unknown

/**
 * Stands before all doors. True: it may go on. Otherwise it has answered: apps and scripts with 503 and the owner's words as
 * JSON; people with a page that says so, and that gives back what they had written.
 */
export async function throughLockdown(app: App, request: IncomingMessage, response: ServerResponse, path: string, pages: Pages): Promise<boolean> {
  delete request.headers['x-hearth-locked']
  const error = await keptOut(app, request, path)
  if (!error) return true
  response.setHeader('retry-after', String(againSeconds))
  if (isApiPath(path) || !wantsPage(request, path)) await json(request, response, error, isApiPath(path))
  else {
    request.headers['x-hearth-locked'] = error.code
    request.url = path.endsWith('/__data.json') ? '/locked/__data.json' : '/locked'
    pages(request, response)
  }
  return false
}

/** A page to look at, or one of our forms (also those that are sent by script). */
function wantsPage(request: IncomingMessage, path: string): boolean {
  if (path.startsWith('/media/') || path === '/live') return false
  const form = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)/i.test(request.headers['content-type'] ?? '')
  if (request.method === 'GET' || request.method === 'HEAD') return path.endsWith('/__data.json') || (request.headers.accept ?? '*/*').includes('text/html')
  return form && (request.headers['x-sveltekit-action'] !== undefined || (request.headers.accept ?? '').includes('text/html'))
}

async function json(request: IncomingMessage, response: ServerResponse, error: HearthError, api: boolean): Promise<void> {
  const { body } = await errorAnswer(error, /^ar\b/i.test(request.headers['accept-language'] ?? '') ? 'ar' : 'en')
  const more = api ? { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Retry-After' } : {}
  // What was being sent is not read: the connection can't be used again.
  response.writeHead(503, { ...more, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...(request.method === 'GET' || request.method === 'HEAD' ? {} : { connection: 'close' }) })
  response.end(JSON.stringify({ ...body, code: error.code, params: error.params }))
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** The same before connections that become streams. */
export const guardedUpgrade = (app: App, go: Upgrade): Upgrade => (request, socket, head) => {
  socket.on('error', () => socket.destroy())
  keptOut(app, request, (request.url ?? '/').split('?', 1)[0] ?? '/').then((error) => {
    if (!error) return go(request, socket, head)
    const text = JSON.stringify({ error: error.code, params: error.params })
    socket.end(`HTTP/1.1 503 Service Unavailable\r\nretry-after: ${againSeconds}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n${text}`)
  }, (error: unknown) => {
    app.log.error('a stream could not be judged', { error: String(error) })
    socket.destroy()
  })
}

/** When the community is locked, every open stream of this process ends: it may come again, and is judged anew. Once more a moment later, for those that were just being let in. */
export function watchLockdown(app: App): () => void {
  const end = () => { endLive(app); endStreams(app) }
  const locked = () => {
    end()
    setTimeout(end, 1000).unref()
  }
  const lookAgain = () => { lookForLockdown(app).then((other) => { if (other) locked() }, () => {}) }
  const stop = app.bus.subscribe((signal) => {
    if (signal.type === 'lockdown') locked()
    if (signal.type === 'missed') lookAgain()
  })
  const look = setInterval(lookAgain, lookMs)
  look.unref()
  return () => { clearInterval(look); stop() }
}
