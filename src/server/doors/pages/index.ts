import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { App } from '#server/app.ts'
import { countryHere } from '#server/domain/withholding/index.ts'
import { sessionCookie } from '#server/domain/sessions/index.ts'
import type { Keeper } from '#server/platform/changes/index.ts'
import { hashSecret } from '#server/platform/secrets/index.ts'
import { encodingFor, packing } from './pack.ts'
import { record } from './record.ts'

type Pages = (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => void
type Ready = { headers: OutgoingHttpHeaders; body: Buffer }
type Who = { key: string; signedIn: boolean }

const mostBytes = 96 * 1024 * 1024
/** Pages say how long ago something was. */
const longestMs = 30_000
/** What anybody may read without an account, and shows the same to all of them. */
const forAnybody = /^\/(?:$|(?:about|terms|privacy|transparency)$|explore(?:\/|$)|tags\/|@[^/]+(?:\/|$))/

/**
 * Pages from memory, where nothing changed that they show: the public ones for whoever isn't signed in, and each member's home.
 * A visitor's page goes with any change whatever; a member's with those that they were made of.
 */
export function keptPages(app: App, pages: Pages): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => Promise<void> {
  const keeper: Keeper<Ready> = app.changes.keeper(mostBytes, 'pages')
  const underWay = new Map<string, Promise<void>>()
  const pack = packing((request) => cookiesOf(request).has(sessionCookie(app)))
  const fresh: typeof pages = (request, response, next) => pack(request, response, () => pages(request, response, next))
  return async (request, response, next) => {
    const asks = request.method === 'GET' ? whoAsks(app, request) : undefined
    if (!asks || !(await app.changes.settled())) return request.method === 'GET' ? app.database.reading(() => fresh(request, response, next)) : fresh(request, response, next)
    // By where it is read it differs only where something is withheld there.
    const who = { ...asks, key: `${asks.key}\n${await countryHere(app) ?? ''}` }
    const now = app.now().getTime()
    let known = keeper.get(who.key, now)
    if (!known) {
      await underWay.get(who.key)
      known = keeper.get(who.key, now)
    }
    if (known) return send(request, response, known)
    const making = make(request, response, next, who, now).catch(() => {}).finally(() => { if (underWay.get(who.key) === making) underWay.delete(who.key) })
    underWay.set(who.key, making)
    await making
  }

  async function make(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void, { key, signedIn }: Who, now: number): Promise<void> {
    const since = keeper.mark()
    const { result, noted } = await app.changes.reading(() => app.database.reading(() => record(response, mostBytes / 8, () => fresh(request, response, next))))
    const words = new Set(signedIn ? noted.words : ['*'])
    // Whose session ended sees what anybody sees; that is found out anew each time.
    const whole = result && (!signedIn || [...words].some((word) => word.startsWith('v')))
    if (whole && response.statusCode === 200 && !response.hasHeader('set-cookie')) {
      const ready: Ready = { headers: { ...response.getHeaders() }, body: result }
      keeper.keep(key, ready, { words, until: Math.min(noted.until, now + longestMs) }, { bytes: result.length + 2000, since })
    }
  }
}

/** By what a page differs, where it may be kept at all. */
function whoAsks(app: App, request: IncomingMessage): Who | undefined {
  const address = request.url ?? '/'
  const path = address.split('?', 1)[0]!.replace(/\/__data\.json$/, '') || '/'
  if (address.length > 500 || !forAnybody.test(path)) return undefined
  const cookies = cookiesOf(request)
  const session = cookies.get(sessionCookie(app))
  if (session !== undefined && path !== '/') return undefined
  const origin = [request.headers['x-hearth-protocol'], request.headers['x-hearth-host']].join(' ')
  const language = (request.headers['accept-language'] ?? '').slice(0, 100)
  const choices = [cookies.get('hearth_locale') ?? '', cookies.get('hearth_theme') ?? ''].map((choice) => choice.slice(0, 20))
  return { key: [session === undefined ? '' : hashSecret(session).toString('base64'), ...choices, language, encodingFor(request), origin, address].join('\n'), signedIn: session !== undefined }
}

/** Sends what is kept, in the form it was packed in; nothing but its name where the browser has it already. */
function send(request: IncomingMessage, response: ServerResponse, ready: Ready): void {
  const { etag } = ready.headers
  if (typeof etag === 'string' && request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag, 'cache-control': ready.headers['cache-control'] ?? 'private, no-cache' }).end()
    return
  }
  response.writeHead(200, { ...ready.headers, 'content-length': ready.body.length }).end(ready.body)
}

function cookiesOf(request: IncomingMessage): Map<string, string> {
  return new Map((request.headers.cookie ?? '').split(/;\s*/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
}
