import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../app.ts'
import { tellStreams } from '../domain/operations/index.ts'
import { isHearthError } from '../platform/errors.ts'
import { viewerOf, viewerOrApp } from './viewer.ts'
import { apiDoor, isApiPath, openApps } from './api/index.ts'
import { mediaDoor } from './media/index.ts'
import { liveDoor, openPages } from './live/index.ts'
import { mayRead, sendHealth, sendMetrics, traced, watch } from './metrics.ts'
import { throughLockdown } from './lockdown.ts'
import { keptPages } from './pages/index.ts'
import { arrivals } from './arrive.ts'
import { admitted, sendCalm } from './admission.ts'
import { isCalmReason } from '../calm.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => void

/** Every request enters here: trusted addresses, health, media, live events, the API, then the pages. */
export async function front(app: App, pages: Handler): Promise<Handler> {
  const mayReadMetrics = mayRead(app)
  tellStreams(app, () => openPages(app) + openApps(app))
  app.metrics.gauges('hearth_streams_open', 'Open streams of this process: of pages, and of apps', 'of', () => ({ pages: openPages(app), apps: openApps(app) }))
  const media = mediaDoor(app)
  const live = liveDoor(app)
  const api = await apiDoor(app)
  const kept = keptPages(app, pages)
  const arrive = await arrivals(app)

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    watch(app, request, response, path)
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('referrer-policy', 'same-origin')
    if (path === '/health/live' || path === '/health/ready') return sendHealth(app, response, path)
    if (path === '/metrics') return sendMetrics(app, request, response, mayReadMetrics)
    if (!path.startsWith('/_app/') && !(await admitted(app, request, response, path))) return
    if (!(await throughLockdown(app, request, response, path, pages))) return
    if (path.startsWith('/media/')) return media(request, response, () => path.startsWith('/media/uploads') ? viewerOrApp(app, request, 'write:media') : viewerOf(app, request))
    if (path === '/live') return live(request, response, await viewerOf(app, request))
    if (isApiPath(path)) return api(request, response)
    return kept(request, response, (error) => text(response, error ? 500 : 404, error ? 'error' : 'not found'))
  }
  return (request, response) => {
    arrive(request, () => traced(app, request, response, () => answer(request, response))).catch((error: unknown) => {
      if (!isHearthError(error)) app.log.error('a request failed', { path: (request.url ?? '').split('?', 1)[0], error: error instanceof Error ? error.stack : String(error) })
      if (response.headersSent) response.destroy()
      else if (isHearthError(error) && isCalmReason(error.code)) sendCalm(request, response, error.code, error.retryAfter ?? 5).catch(() => response.destroy())
      else {
        const status = isHearthError(error) ? error.status : 500
        response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...(isHearthError(error) && error.retryAfter ? { 'retry-after': String(error.retryAfter) } : {}) })
        response.end(JSON.stringify({ error: isHearthError(error) ? error.code : 'internal', params: isHearthError(error) ? error.params : {} }))
      }
    })
  }
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end(body)
}
