import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../../app.ts'
import type { Account } from '../../domain/accounts/index.ts'
import { unreadCount } from '../../domain/notifications/index.ts'
import { seePost } from '../../domain/posts/index.ts'
import { followerIds } from '../../domain/relationships/index.ts'
import { isHearthError } from '../../platform/errors.ts'
import type { Signal } from '../../platform/bus/index.ts'

type Stream = { viewer: Account; response: ServerResponse }
const mostEach = 8
const mostWaiting = 64 * 1024 // bytes a slow reader may leave unread

/**
 * Server-sent events for signed-in pages: `post` {id}, `notification` {unread}, `media` {id}, `announcement`.
 * Ids only, and only to those who may see the post; the page reads again.
 */
export function liveDoor(app: App) {
  const streams = new Map<string, Set<Stream>>()
  app.bus.subscribe((signal) => { pass(app, streams, signal).catch((error: unknown) => app.log.error('a live signal failed', { error: String(error) })) })

  return (request: IncomingMessage, response: ServerResponse, viewer: Account | null): void => {
    if (!viewer || request.headers['sec-fetch-site'] === 'cross-site') { response.writeHead(401, { 'cache-control': 'no-store' }).end(); return }
    const mine = streams.get(viewer.id) ?? new Set<Stream>()
    if (mine.size >= mostEach) mine.values().next().value?.response.end()
    const stream: Stream = { viewer, response }
    mine.add(stream)
    streams.set(viewer.id, mine)
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    response.write('retry: 3000\n\n')
    const beat = setInterval(() => response.write(': still here\n\n'), 25_000)
    response.once('close', () => {
      clearInterval(beat)
      mine.delete(stream)
      if (mine.size === 0) streams.delete(viewer.id)
    })
  }
}

async function pass(app: App, streams: Map<string, Set<Stream>>, signal: Signal): Promise<void> {
  const to = (accountId: string) => [...(streams.get(accountId) ?? [])]
  switch (signal.type) {
    case 'notification': {
      const mine = to(signal.accountId)
      if (mine[0]) { const unread = await unreadCount(app, mine[0].viewer); for (const stream of mine) send(stream, 'notification', { unread }) }
      return
    }
    case 'media': for (const stream of to(signal.accountId)) send(stream, 'media', { id: signal.mediaId }); return
    case 'announcement': for (const set of streams.values()) for (const stream of set) send(stream, 'announcement', {}); return
    // The session may be gone: the page asks again, and is let in only if it isn't.
    case 'signedOut': for (const stream of to(signal.accountId)) stream.response.end(); return
    case 'post.created': {
      if (streams.size === 0) return
      const followers = await followerIds(app, signal.authorId)
      for (const id of followers) {
        for (const stream of to(id)) {
          const may = await seePost(app, stream.viewer, signal.postId).then(() => true, (error: unknown) => { if (isHearthError(error)) return false; throw error })
          if (may) send(stream, 'post', { id: signal.postId })
        }
      }
      return
    }
    default:
  }
}

function send({ response }: Stream, event: string, data: Record<string, unknown>): void {
  // Who doesn't read is let go; the page connects again by itself.
  if (response.writableLength > mostWaiting) response.destroy()
  else response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}
