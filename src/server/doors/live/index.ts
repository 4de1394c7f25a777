import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../../app.ts'
import type { Account } from '../../domain/accounts/index.ts'
import { mediaViews } from '../../domain/media/index.ts'
import { unreadCount } from '../../domain/notifications/index.ts'
import { streamHub } from '../../domain/streams/index.ts'
import type { Ear } from '../../domain/streams/index.ts'
import { streamsOf } from './streams.ts'
import type { Streams } from './streams.ts'

/**
 * Server-sent events for signed-in pages: `post` {id}, `notification` {unread}, `media` {id, state, progress},
 * `announcement`, `signedOut`. Ids only, and only to those whose home the post comes to; the page reads again.
 */
export function liveDoor(app: App) {
  const streams = streamsOf(app)
  const hub = streamHub(app)
  const open = new Map<string, Ear>()
  const failed = (error: unknown) => app.log.error('a live event failed', { error: String(error) })

  // When everybody is told at once, counts are asked of the database a few at a time.
  const turns = Array.from({ length: 8 }, () => Promise.resolve())
  let turn = 0
  const inTurn = (work: () => Promise<void>) => {
    const at = turn++ % turns.length
    turns[at] = turns[at]!.then(work).catch(failed)
  }

  return (request: IncomingMessage, response: ServerResponse, viewer: Account | null): void => {
    const mayRead = viewer?.state === 'active' || viewer?.state === 'limited'
    if (!viewer || !mayRead || request.headers['sec-fetch-site'] === 'cross-site') { response.writeHead(mayRead ? 403 : 401, { 'cache-control': 'no-store' }).end(); return }
    if (request.method !== 'GET') { response.writeHead(405, { allow: 'GET', 'cache-control': 'no-store' }).end(); return }
    streams.open(viewer, response)
    if (!open.has(viewer.id)) {
      const ear = earOf(app, streams, viewer, failed, inTurn)
      open.set(viewer.id, ear)
      for (const channel of [`home:${viewer.id}`, `own:${viewer.id}`] as const) hub.listen(ear, channel)
    }
    response.once('close', () => {
      const ear = open.get(viewer.id)
      if (!ear || streams.has(viewer.id)) return
      hub.leave(ear)
      open.delete(viewer.id)
    })
    // What happened while the page was away.
    tellUnread(app, streams, viewer.id).catch(failed)
  }
}

/** How many pages listen here. */
export const openPages = (app: App): number => streamsOf(app).count()
/** Lets every open page go, so that the process can end; the pages connect again elsewhere or later. */
export const endLive = (app: App): void => streamsOf(app).end()

/** One member's open pages, all told the same. */
const earOf = (app: App, streams: Streams, viewer: Account, failed: (error: unknown) => void, inTurn: (work: () => Promise<void>) => void): Ear => ({
  viewer, reads: false,
  hear(_channel, told) {
    switch (told.type) {
      // Their own they have just written on one of these pages.
      case 'post': if (told.authorId !== viewer.id) streams.send(viewer.id, 'post', { id: told.postId }); return
      case 'announcement': streams.send(viewer.id, 'announcement', {}); inTurn(() => tellUnread(app, streams, viewer.id)); return
      case 'notification': case 'unread': case 'merged': tellUnread(app, streams, viewer.id).catch(failed); return
      case 'media': tellMedia(app, streams, viewer.id, told.mediaId).catch(failed); return
      default:
    }
  },
  // Which of the sessions ended isn't said: every page connects again, and is let in only if its own is still good.
  check() { streams.send(viewer.id, 'signedOut', {}); streams.end(viewer.id) },
})

async function tellMedia(app: App, streams: Streams, accountId: string, mediaId: string): Promise<void> {
  const media = (await mediaViews(app, [mediaId])).get(mediaId)
  if (media) streams.send(accountId, 'media', { id: media.id, state: media.state, progress: media.progress })
}

async function tellUnread(app: App, streams: Streams, accountId: string): Promise<void> {
  streams.send(accountId, 'notification', { unread: await unreadCount(app, { id: accountId }, true) })
}
