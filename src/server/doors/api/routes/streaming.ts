import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { z } from 'zod'
import { isHearthError } from '#server/platform/errors.ts'
import { authorityOf, sentToken } from '../authority.ts'
import { ApiError } from '../errors.ts'
import type { RawCall, Route } from '../route.ts'
import type { Scope } from '../scopes.ts'
import { wishOf } from '../streaming/channels.ts'
import { connectionsOf } from '../streaming/connections.ts'
import { streamPaths } from '../streaming/paths.ts'
import { flag, maybe } from '../values.ts'

const beatMs = 15_000
const Query = z.object({ tag: maybe(z.string().max(200)), list: maybe(z.string().max(30)), only_media: maybe(flag) })
const summaries: Record<string, string> = {
  user: 'The member’s home and notifications, as they come', 'user:notification': 'The member’s notifications, as they come', public: 'Everyone’s posts, as they come', 'public:local': 'The same: there are no other servers',
  'public:remote': 'Posts of other servers: silent, there are none', hashtag: 'Posts with a tag, as they come', 'hashtag:local': 'The same', list: 'What people on an own list write, as it comes', direct: 'What is said among named people, as it comes',
}
const ofMember = (stream: string) => /^(user|list|direct)/.test(stream)

/** Server-sent events: the same streams as by WebSocket, one a connection. */
async function listen(stream: string, call: RawCall, request: IncomingMessage, response: ServerResponse, headers: OutgoingHttpHeaders): Promise<void> {
  const { app, viewer, token } = call
  const query = Query.parse(call.query)
  const refuse = (error: unknown) => {
    const known = error instanceof ApiError ? error : isHearthError(error) && error.status === 404 ? new ApiError(404, 'Record not found') : new ApiError(503, 'Too many streams are open: try again later')
    response.writeHead(known.status, { ...headers, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify({ error: known.message }))
  }
  try {
    const wish = await wishOf(app, { stream, tag: query.tag, list: query.list, onlyMedia: query.only_media }, viewer, token)
    const connection = connectionsOf(app).open(viewer, token, {
      send: (_name, { event, payload }) => response.write(`event: ${event}\n${payload === undefined ? 'data: undefined' : `data: ${payload}`}\n\n`),
      waiting: () => response.writableLength,
      close: () => { if (response.writableLength > 0) response.destroy(); else response.end() },
      good: async () => { try { return (await authorityOf(app, request, sentToken(Object.fromEntries(call.url.searchParams), null))).token !== null } catch (error) { if (error instanceof ApiError) return false; throw error } },
    })
    const beat = setInterval(() => response.write(':thump\n'), beatMs)
    response.once('close', () => { clearInterval(beat); connection.gone() })
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'private, no-store', 'x-accel-buffering': 'no' })
    // A blank line here would end an event that was never begun: Mastodon.py stumbles over it.
    response.write(':)\n')
    connection.add(wish)
  } catch (error) {
    refuse(error)
  }
}

const streamRoute = (path: string, stream: string): Route => ({
  method: 'GET', path: `/api/v1/streaming/${path}`, summary: summaries[stream] ?? 'A stream', access: ofMember(stream) ? 'member' : 'app', scope: (stream === 'user:notification' ? 'read:notifications' : stream === 'list' ? 'read:lists' : 'read:statuses') satisfies Scope,
  note: 'Server-sent events; the same by WebSocket at `/api/v1/streaming`.', schemas: { params: z.object({}), query: Query, body: z.object({}), answer: z.any() },
  async run() { return {} },
  stream: (call, request, response, headers) => { void listen(stream, call, request, response, headers) },
})

export const streamingRoutes: Route[] = [
  {
    method: 'GET', path: '/api/v1/streaming/health', summary: 'Streams can be opened here', access: 'anyone', scope: null, schemas: { params: z.object({}), query: z.object({}), body: z.object({}), answer: z.any() },
    async run() { return {} },
    stream: (_call, _request, response, headers) => { response.writeHead(200, { ...headers, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end('OK') },
  },
  ...Object.entries(streamPaths).map(([path, stream]) => streamRoute(path, stream)),
]
