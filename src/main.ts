// Where everything meets. bin/hearth.js calls `main`; the browser tests call `serve`.
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import type { App } from './server/app.ts'
import { commandLine } from './server/doors/cli/main.ts'
import type { front } from './server/doors/http.ts'

type PagesHandler = Parameters<typeof front>[1]

/** Does what the command line asks; resolves to the exit code. */
export const main = (words: string[]): Promise<number> => commandLine(words, {
  // Loaded late: most commands need no web server.
  start: async (environment) => (await import('./server/start/index.ts')).start(environment, serve),
})

/** Listens and answers; resolves once the port is open. `close` stops accepting and waits for what runs. */
export async function serve(app: App, pages: string): Promise<{ port: number; close(): Promise<void> }> {
  // Kit's handler reads these once, at import: the front door sets the headers from what it trusts.
  Object.assign(process.env, { ADDRESS_HEADER: 'x-hearth-address', PROTOCOL_HEADER: 'x-hearth-protocol', HOST_HEADER: 'x-hearth-host', BODY_SIZE_LIMIT: '2M' })
  ;(globalThis as Record<symbol, unknown>)[Symbol.for('hearth.app')] = app
  const { front } = await import('./server/doors/http.ts')
  const { arrivals } = await import('./server/doors/arrive.ts')
  const { endStreams, webSockets } = await import('./server/doors/api/index.ts')
  const { listen } = await import('./server/doors/listen.ts')
  const { endLive } = await import('./server/doors/live/index.ts')
  const { guardedUpgrade, watchLockdown } = await import('./server/doors/lockdown.ts')
  const { handler } = await import(pages) as { handler: PagesHandler }
  const server = createServer({ requestTimeout: 600_000, headersTimeout: 20_000, connectionsCheckingInterval: 5_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 }, await front(app, handler))
  // Who neither reads nor writes for so long is gone; streams beat more often.
  server.setTimeout(120_000)
  server.maxConnections = 12_000
  const [arrive, upgrade] = [await arrivals(app), guardedUpgrade(app, webSockets(app))]
  // Node no longer knows of connections that became something else.
  const upgraded = new Set<Duplex>()
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    arrive(request, () => upgrade(request, socket, head))
  })
  const unwatch = watchLockdown(app)
  // What was said while the database was away can't be told any more: pages and apps connect again, and read.
  const unlisten = app.bus.subscribe((signal) => { if (signal.type === 'missed') { endLive(app); endStreams(app) } })
  const listening = await listen(server, app.config.port, app.config.host)
  return {
    port: listening.port,
    close: () => new Promise((done) => {
      listening.stop()
      unwatch()
      unlisten()
      server.close(() => done())
      endLive(app)
      endStreams(app)
      server.closeIdleConnections()
      // Who was just being let in, or doesn't say goodbye, must not keep the process from ending.
      setTimeout(() => {
        server.closeAllConnections()
        for (const socket of upgraded) socket.destroy()
      }, 4_500).unref()
    }),
  }
}
