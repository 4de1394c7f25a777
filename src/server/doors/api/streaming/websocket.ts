import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { App } from '#server/app.ts'
import { isHearthError, unavailable } from '#server/platform/errors.ts'
import { pressureOf } from '#server/rush.ts'
import { authorityOf } from '../authority.ts'
import { ApiError, errorAnswer } from '../errors.ts'
import type { Token } from '../route.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { wishOf } from './channels.ts'
import type { Asked } from './channels.ts'
import { connectionsOf } from './connections.ts'
import type { Connection } from './connections.ts'
import type { Said } from './say.ts'
import { streamOfPath } from './paths.ts'

const beatMs = 30_000
const mostMessages = 120 // of an app in one beat: more is a mistake, or worse
const Command = z.object({ type: z.enum(['subscribe', 'unsubscribe']), stream: z.string().max(60), tag: z.string().max(200).optional(), list: z.union([z.string().max(30), z.number().transform(String)]).optional(), only_media: z.union([z.boolean(), z.literal('true'), z.literal('1')]).optional() })

/** Is this where apps open a WebSocket? */
const isStreaming = (path: string) => /^\/api\/v1\/streaming(\/|$)/.test(path)

/**
 * Answers requests for a WebSocket: the token stands in the query, in the Authorization header, or in
 * Sec-WebSocket-Protocol, which is echoed. One connection carries any number of streams.
 */
export function webSockets(app: App): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: 4096, handleProtocols: (offered) => offered.values().next().value ?? false })
  const accept = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (!isStreaming(url.pathname)) throw new ApiError(404, 'Not found')
    const place = await pressureOf(app).enter(1)
    if (!place) throw unavailable('busy', pressureOf(app).retryAfter())
    try { await answer(request, socket, head, url) } finally { place.leave() }
  }
  const answer = async (request: IncomingMessage, socket: Duplex, head: Buffer, url: URL) => {
    const offered = request.headers['sec-websocket-protocol']?.split(',')[0]?.trim()
    const who = () => authorityOf(app, request, url.searchParams.get('access_token') ?? offered)
    const { viewer, token } = await who()
    if (!token) throw new ApiError(401, 'The access token is missing')
    const stream = streamOfPath(url.pathname) ?? url.searchParams.get('stream')
    const first = stream ? await wishOf(app, { stream, tag: url.searchParams.get('tag') ?? undefined, list: url.searchParams.get('list') ?? undefined, onlyMedia: /^(true|1)$/.test(url.searchParams.get('only_media') ?? '') }, viewer, token) : null
    server.handleUpgrade(request, socket, head, (ws) => {
      const connection = connected(app, ws, viewer, token, async () => (await who()).token !== null)
      if (first) connection?.add(first)
    })
  }
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    accept(request, socket, head).catch(async (error: unknown) => {
      const { status, headers, body, bug } = await errorAnswer(error, 'en')
      if (bug) app.log.error('a WebSocket failed', { error: String(bug) })
      const text = JSON.stringify(body)
      socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\ncache-control: no-store\r\n${headers['retry-after'] ? `retry-after: ${headers['retry-after']}\r\n` : ''}connection: close\r\n\r\n${text}`)
    })
  }
}

function connected(app: App, ws: WebSocket, viewer: Viewer, token: Token, still: () => Promise<boolean>): Connection | null {
  let alive = true
  let messages = 0
  const failedToStay = (error: unknown) => { if (error instanceof ApiError) return false; throw error }
  ws.on('error', () => ws.terminate())
  let connection: Connection
  try {
    connection = connectionsOf(app).open(viewer, token, {
      send: (name, said) => ws.send(frameOf(name, said), { binary: false }),
      waiting: () => ws.bufferedAmount,
      // Who reads too slowly doesn't read a farewell either.
      close: (why) => { if (ws.bufferedAmount > 0) ws.terminate(); else ws.close(1000, why) },
      good: () => still().catch(failedToStay),
    })
  } catch {
    ws.close(1013, 'try again later')
    return null
  }
  const beat = setInterval(() => {
    messages = 0
    if (!alive) return ws.terminate()
    alive = false
    ws.ping()
  }, beatMs)
  ws.on('pong', () => { alive = true })
  // One after another: what was asked first is done first.
  let last = Promise.resolve()
  ws.on('message', (data) => {
    alive = true
    if (++messages > mostMessages) return ws.close(1008, 'too many messages')
    last = last.then(() => command(app, connection, read(String(data)), viewer, token)).catch((error: unknown) => {
      const status = error instanceof ApiError || isHearthError(error) ? error.status : 400
      ws.send(JSON.stringify({ error: error instanceof ApiError ? error.message : status === 404 ? 'Not found' : 'Could not be read', status }))
    })
  })
  ws.once('close', () => { clearInterval(beat); connection.gone() })
  return connection
}

/** The same words go to many: they are put into bytes once. */
function frameOf(name: string[], said: Said): Buffer {
  const key = name.join('\n')
  const known = said.frames.get(key)
  if (known) return known
  const { event, payload } = said
  const frame = Buffer.from(JSON.stringify({ stream: name, event, ...payload === undefined ? {} : { payload } }))
  said.frames.set(key, frame)
  return frame
}

function read(text: string): Asked & { type: 'subscribe' | 'unsubscribe' } {
  const { type, stream, tag, list, only_media } = Command.parse(JSON.parse(text))
  return { type, stream, tag, list, onlyMedia: only_media !== undefined && only_media !== false }
}

async function command(app: App, connection: Connection, asked: ReturnType<typeof read>, viewer: Viewer, token: Token): Promise<void> {
  const wish = await wishOf(app, asked, viewer, token)
  if (asked.type === 'subscribe') connection.add(wish)
  else connection.remove(wish)
}
