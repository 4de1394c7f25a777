import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../../app.ts'
import type { Account } from '../../domain/accounts/index.ts'
import { mediaViews } from '../../domain/media/index.ts'
import { unreadCount, whoseHome } from '../../domain/notifications/index.ts'
import type { Signal } from '../../platform/bus/index.ts'
import { streamsOf } from './streams.ts'
import type { Streams } from './streams.ts'

const atOnce = 8 // counts asked of the database at the same time when everybody is told

/**
 * Server-sent events for signed-in pages: `post` {id}, `notification` {unread}, `media` {id, state, progress},
 * `announcement`, `signedOut`. Ids only, and only to those whose home the post comes to; the page reads again.
 */
export function liveDoor(app: App) {
  const streams = streamsOf(app)
  app.bus.subscribe((signal) => { pass(app, streams, signal).catch((error: unknown) => app.log.error('a live signal failed', { error: String(error) })) })

  return (request: IncomingMessage, response: ServerResponse, viewer: Account | null): void => {
    const mayRead = viewer?.state === 'active' || viewer?.state === 'limited'
    if (!viewer || !mayRead || request.headers['sec-fetch-site'] === 'cross-site') { response.writeHead(mayRead ? 403 : 401, { 'cache-control': 'no-store' }).end(); return }
    if (request.method !== 'GET') { response.writeHead(405, { allow: 'GET', 'cache-control': 'no-store' }).end(); return }
    streams.open(viewer, response)
    // What happened while the page was away.
    tellUnread(app, streams, viewer.id).catch((error: unknown) => app.log.error('an unread count failed', { error: String(error) }))
  }
}

/** Lets every open page go, so that the process can end; the pages connect again elsewhere or later. */
export const endLive = (app: App): void => streamsOf(app).end()

async function pass(app: App, streams: Streams, signal: Signal): Promise<void> {
  switch (signal.type) {
    case 'notification': return streams.has(signal.accountId) ? tellUnread(app, streams, signal.accountId) : undefined
    case 'media': {
      if (!streams.has(signal.accountId)) return
      const media = (await mediaViews(app, [signal.mediaId])).get(signal.mediaId)
      if (media) streams.send(signal.accountId, 'media', { id: media.id, state: media.state, progress: media.progress })
      return
    }
    case 'announcement': {
      streams.sendAll('announcement', {})
      const ids = streams.accountIds()
      for (let at = 0; at < ids.length; at += atOnce) await Promise.all(ids.slice(at, at + atOnce).map((id) => tellUnread(app, streams, id)))
      return
    }
    // Which of the sessions ended isn't said: every page connects again, and is let in only if its own is still good.
    case 'signedOut': streams.send(signal.accountId, 'signedOut', {}); streams.end(signal.accountId); return
    case 'post.created':
      for (const id of await whoseHome(app, signal.postId, streams.accountIds())) streams.send(id, 'post', { id: signal.postId })
      return
    default:
  }
}

async function tellUnread(app: App, streams: Streams, accountId: string): Promise<void> {
  streams.send(accountId, 'notification', { unread: await unreadCount(app, { id: accountId }, true) })
}
