import type { Server } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo, ListenOptions, Server as Listener } from 'node:net'

/**
 * So many new connections are taken at each turn of the event loop. Node takes one a turn from each place where it listens (libuv, since
 * 2023); in a rush, when turns are long, hundreds would wait for seconds before anybody could even send them away.
 */
const places = 32

export type Listening = { port: number; /** takes no new connections any more; those that are open stay */ stop(): void }

/** Listens at one port in several places, where the system can do that, else in one. Rejects where the port can't be had. */
export async function listen(server: Server, port: number, host: string): Promise<Listening> {
  const first = await open(server, { port, host, reusePort: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') throw error
    return open(server, { port, host })
  })
  const at = (first.address() as AddressInfo).port
  const others: Listener[] = []
  for (let more = 1; more < places; more++) {
    const other = createServer({ noDelay: true }, (socket) => { server.emit('connection', socket) })
    // All together hold no more than one would.
    other.maxConnections = Math.ceil(server.maxConnections / places)
    const opened = await open(other, { port: at, host, reusePort: true }).catch(() => undefined)
    if (!opened) break
    others.push(opened)
  }
  if (others.length > 0) server.maxConnections = Math.ceil(server.maxConnections / (others.length + 1))
  return { port: at, stop() { for (const other of others) other.close() } }
}

function open<Some extends Listener>(server: Some, options: ListenOptions): Promise<Some> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(options, () => { server.off('error', fail); done(server) })
  })
}
