import type pg from 'pg'
import type { Log } from '../log/index.ts'

export type KeptConnection = {
  /** the connection, while there is one */
  client(): pg.Client | undefined
  /** Gives it up: it is opened anew. For whoever finds that it doesn't answer. */
  drop(): void
  close(): Promise<void>
}
type Hooks = {
  /** for the log */
  name: string
  /** on each new connection, before it counts as open; where it throws, another is tried later */
  onOpen(client: pg.Client): Promise<void>
  /** the connection went away */
  onLost?(): void
}

const pauseMs = 500
const longestPauseMs = 5_000
/** A machine that vanished says no farewell: who doesn't answer within this is gone. */
const beatMs = 10_000
const patienceMs = 5_000

/**
 * Holds one connection to the database, and opens it again whenever it ends or no longer answers, for as long as it takes: one
 * try at a time. Rejects where the first try fails.
 */
export async function keepConnection(connect: () => pg.Client, log: Log, { name, onOpen, onLost = () => {} }: Hooks): Promise<KeptConnection> {
  let current: pg.Client | undefined
  let closed = false
  let pause = pauseMs
  let waiting: NodeJS.Timeout | undefined
  const begin = async (): Promise<void> => {
    const fresh = connect()
    let over = false
    // Of one that couldn't be opened both the promise and the event tell: it counts once.
    const gone = () => {
      if (over) return
      over = true
      cut(fresh)
      if (current === fresh) {
        current = undefined
        onLost()
      }
      if (closed) return
      waiting = setTimeout(() => { begin().catch((error: unknown) => log.warn('the database is away', { for: name, error: String(error) })) }, pause)
      waiting.unref()
      pause = Math.min(pause * 2, longestPauseMs)
    }
    fresh.on('error', () => {})
    fresh.once('end', gone)
    try {
      await fresh.connect()
      await onOpen(fresh)
      if (over) throw new Error('the connection ended')
      current = fresh
      pause = pauseMs
    } catch (error) {
      gone()
      throw error
    }
  }
  const drop = () => { if (current) cut(current) }
  const beat = setInterval(() => {
    const asked = current
    if (!asked) return
    const late = setTimeout(() => { if (current === asked) drop() }, patienceMs)
    late.unref()
    asked.query('').catch(() => {}).finally(() => clearTimeout(late))
  }, beatMs)
  beat.unref()
  const close = async () => {
    closed = true
    clearInterval(beat)
    clearTimeout(waiting)
    await current?.end().catch(() => {})
  }
  try {
    await begin()
  } catch (error) {
    await close()
    throw error
  }
  return { client: () => current, drop, close }
}

/** Ends a connection without waiting for the other side. */
function cut(client: pg.Client): void {
  // pg has no word for it: `end()` is polite, and waits.
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
  connection.stream.destroy()
}
