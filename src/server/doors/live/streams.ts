import type { ServerResponse } from 'node:http'
import type { App } from '../../app.ts'
import type { Account } from '../../domain/accounts/index.ts'

type Stream = { response: ServerResponse; end(): void }
const mostEach = 8
const mostWaiting = 64 * 1024 // bytes a slow reader may leave unread
const beatMs = 25_000
/** Then the page connects again and is asked who it is again: a session that ended by time ends here, too. */
const longestMs = 30 * 60_000

/** The open pages of this process, by whose they are. */
export type Streams = {
  open(viewer: Account, response: ServerResponse): void
  count(): number
  /** Who has a page open. */
  accountIds(): string[]
  has(accountId: string): boolean
  send(accountId: string, event: string, data: Record<string, unknown>): void
  sendAll(event: string, data: Record<string, unknown>): void
  /** Ends one member's streams, or everybody's. */
  end(accountId?: string): void
}

/** Made once a process. Nothing piles up: who doesn't read is let go, and one member has at most eight streams. */
export function streamsOf(app: App): Streams {
  const known = app.caches.get('live') as Streams | undefined
  if (known) return known
  const all = new Map<string, Set<Stream>>()
  const write = (stream: Stream, text: string) => {
    if (stream.response.writableLength > mostWaiting) stream.response.destroy()
    else stream.response.write(text)
  }
  const textOf = (event: string, data: Record<string, unknown>) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
  const streams: Streams = {
    open(viewer, response) {
      const mine = all.get(viewer.id) ?? new Set<Stream>()
      const beat = setInterval(() => write(stream, ': still here\n\n'), beatMs)
      const last = setTimeout(() => stream.end(), longestMs)
      const stream: Stream = { response, end: () => response.end() }
      if (mine.size >= mostEach) mine.values().next().value?.end()
      mine.add(stream)
      all.set(viewer.id, mine)
      response.once('close', () => {
        clearInterval(beat)
        clearTimeout(last)
        mine.delete(stream)
        if (mine.size === 0 && all.get(viewer.id) === mine) all.delete(viewer.id)
      })
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
      write(stream, 'retry: 3000\n\n')
    },
    count: () => { let count = 0; for (const mine of all.values()) count += mine.size; return count },
    accountIds: () => [...all.keys()],
    has: (accountId) => all.has(accountId),
    send(accountId, event, data) { for (const stream of all.get(accountId) ?? []) write(stream, textOf(event, data)) },
    sendAll(event, data) { for (const mine of all.values()) for (const stream of mine) write(stream, textOf(event, data)) },
    end(accountId) { for (const mine of accountId ? [all.get(accountId) ?? []] : all.values()) for (const stream of mine) stream.end() },
  }
  app.caches.set('live', streams)
  return streams
}
