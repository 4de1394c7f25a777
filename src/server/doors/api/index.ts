import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { join } from 'node:path'
import Fastify from 'fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { speaker } from '#server/entities/index.ts'
import { localeFor } from '#i18n/locales.ts'
import { authorityOf, demandAccess, sentToken } from './authority.ts'
import { openApi } from './openapi.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { nested, readMultipart } from './body.ts'
import type { Form } from './body.ts'
import { errorAnswer } from './errors.ts'
import { pace } from './pace.ts'
import { headerToken, keptAnswer, keptAuthority } from './kept.ts'
import type { Route, Token } from './route.ts'
import { routes } from './routes/index.ts'
import { connectionsOf } from './streaming/connections.ts'

/** The addresses that belong to the API; the rest are pages. */
export const isApiPath = (path: string) => path.startsWith('/api/') || path === '/health' || path.startsWith('/oauth/token') || path.startsWith('/oauth/revoke') || path.startsWith('/oauth/userinfo')
  || path.startsWith('/.well-known/') || path.startsWith('/nodeinfo/')

export { errorAnswer } from './errors.ts'
export { webSockets } from './streaming/websocket.ts'
/** How many streams of apps are open here. */
export const openApps = (app: App): number => connectionsOf(app).count()
/** Lets every app's stream go, so that the process can end. */
export const endStreams = (app: App): void => connectionsOf(app).end()

const cors = {
  'access-control-allow-origin': '*', 'access-control-expose-headers': 'Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, Retry-After, Mastodon-Async-Refresh',
  'x-content-type-options': 'nosniff',
}
const asIs = <Result>(work: () => Result) => work()
const preflight = { 'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS', 'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key', 'access-control-max-age': '86400' }

/** The client API: Mastodon's, with Fastify's router. Give it requests for which `isApiPath` is true. */
export async function apiDoor(app: App): Promise<(request: IncomingMessage, response: ServerResponse) => void> {
  const server = Fastify({ logger: false, bodyLimit: 1024 * 1024, trustProxy: false, routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 500, querystringParser: nested } })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, {})
    try { done(null, JSON.parse(String(text))) } catch { done(Object.assign(new Error('The body is not valid JSON'), { statusCode: 400 }), undefined) }
  })
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) => done(null, nested(String(text))))
  server.addContentTypeParser('multipart/form-data', { bodyLimit: Number.MAX_SAFE_INTEGER }, (_request, _payload, done) => done(null, {}))
  // Apps send empty bodies with odd types, or none.
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => text === '' ? done(null, {}) : done(Object.assign(new Error('This kind of body can’t be read: send JSON or a form'), { statusCode: 415 }), undefined))
  server.addHook('onRequest', async (_request, reply) => { reply.headers(cors) })
  server.setErrorHandler((error, request, reply) => sendError(app, error, request, reply))
  server.setNotFoundHandler((request, reply) => request.method === 'OPTIONS'
    ? reply.code(204).headers(preflight).send()
    : reply.code(404).header('cache-control', 'no-store').send({ error: 'Record not found' }))
  // Reading a body loses from where was asked.
  const places = new WeakMap<IncomingMessage, ReturnType<App['place']['keep']>>()
  for (const one of routes) {
    server.route({ method: one.method, url: one.path, handler: (request, reply) => (places.get(request.raw) ?? asIs)(() => answer(app, one, request, reply)) })
  }
  server.get('/api/openapi.json', async (_request, reply) => {
    const { name } = await readSettings(app)
    return reply.header('cache-control', 'public, max-age=3600').send(openApi({ name, origin: app.config.publicUrl, version: '1' }))
  })
  await server.ready()
  return (request, response) => {
    places.set(request, app.place.keep())
    server.routing(request, response)
  }
}

async function answer(app: App, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const query = request.query as Record<string, unknown>
  const address = String(request.headers['x-hearth-address'] ?? '')
  let form: Form | null = null
  let viewer: Viewer = null
  let token: Token | null = null
  try {
    // Nothing that is kept is believed before every change acknowledged by now is known.
    const fresh = route.kept === true && await app.changes.settled()
    const find = () => authorityOf(app, request.raw, sentToken(query, request.body)).catch((error: unknown) => {
      // Who tries tokens is counted, too.
      reply.headers(pace(app, { accountId: null, address }))
      throw error
    })
    const bearer = fresh ? headerToken(request) : undefined
    ;({ viewer, token } = bearer ? await keptAuthority(app, bearer, find) : await find())
    reply.headers(pace(app, { accountId: viewer?.id ?? null, address }))
    demandAccess(route, viewer, token)
    if (/^multipart\/form-data/i.test(request.headers['content-type'] ?? '')) form = await readMultipart(request.raw, await sizesOf(app, route), join(app.config.dataFolder, 'work'))
    const call = {
      app, viewer, token, locale: viewer?.locale ?? localeFor(request.headers['accept-language']), params: request.params, query, body: form?.body ?? request.body ?? {}, files: form?.files ?? new Map(),
      headers: request.headers, url: new URL(request.url, app.config.publicUrl), address, reply: { status: 200, headers: { 'cache-control': 'private, no-store' } as Record<string, string> },
    }
    const run = async () => app.traces.span(`api ${route.path}`, { 'http.route': route.path }, async () => route.run({ ...call, speaker: await speaker(app, viewer?.id ?? null) }))
    if (fresh) return await keptAnswer(app, call, run, reply)
    if (route.stream) {
      const read = { ...call, query: route.schemas.query.parse(query) }
      reply.hijack()
      route.stream(read, request.raw, reply.raw, reply.getHeaders() as OutgoingHttpHeaders)
      return reply
    }
    const made = route.method === 'GET' ? await app.database.reading(run) : await run()
    reply.code(call.reply.status).headers(call.reply.headers)
    return reply.send(made ?? {})
  } catch (error) {
    return await sendError(app, error, request, reply, viewer?.locale)
  } finally {
    await form?.done()
  }
}

async function sizesOf(app: App, { files = {} }: Route): Promise<Record<string, number>> {
  return Object.fromEntries(await Promise.all(Object.entries(files).map(async ([name, most]) => [name, typeof most === 'function' ? await most(app) : most] as const)))
}

async function sendError(app: App, error: unknown, request: FastifyRequest, reply: FastifyReply, locale = localeFor(request.headers['accept-language'])): Promise<FastifyReply> {
  const { status, headers, body, bug } = await errorAnswer(error, locale)
  if (bug) app.log.error('an API request failed', { path: request.routeOptions.url ?? '', request: String(request.headers['x-request-id'] ?? ''), error: bug instanceof Error ? bug.stack : String(bug) })
  const extra = typeof error === 'object' && error !== null && 'headers' in error ? error.headers as Record<string, string> : {}
  return reply.code(status).headers({ 'cache-control': 'no-store', ...headers, ...extra }).send(body)
}
