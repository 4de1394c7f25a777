import type pg from 'pg'
import type { Tx } from '../db/index.ts'
import { sql } from '../db/sql.ts'
import type { Log } from '../log/index.ts'

/** What processes tell each other after a commit: ids only; every reader reads again, for its own viewer. */
export type Signal =
  | { type: 'post.created' | 'post.edited' | 'post.removed'; postId: string; authorId: string }
  /** '0': nothing new, but the list changed */
  | { type: 'notification'; accountId: string; notificationId: string }
  | { type: 'notifications.merged'; accountId: string }
  | { type: 'filters.changed'; accountId: string }
  | { type: 'conversation'; accountId: string; conversationId: string }
  | { type: 'media'; accountId: string; mediaId: string }
  /** `announcementId`: which one appeared, changed or went; without it, something about them did */
  | { type: 'announcement'; announcementId?: string }
  | { type: 'announcement.reaction'; announcementId: string; name: string }
  | { type: 'settings' }
  | { type: 'signedOut'; accountId: string }
  /** of a program that speaks for nobody */
  | { type: 'tokenEnded'; tokenId: string }
  | { type: 'account.changed'; accountId: string }

export type Bus = {
  /** Sent when the transaction commits; never when it rolls back. */
  publish(tx: Tx, signal: Signal): Promise<void>
  /** Several in one statement. */
  publishAll(tx: Tx, signals: Signal[]): Promise<void>
  /** Returns the function that ends the subscription. */
  subscribe(listener: (signal: Signal) => void): () => void
  close(): Promise<void>
}

const channel = 'hearth'

/** Signals over PostgreSQL's LISTEN/NOTIFY. Reconnects by itself when the database was away. */
export async function openBus(connect: () => pg.Client, log: Log): Promise<Bus> {
  const listeners = new Set<(signal: Signal) => void>()
  let client: pg.Client | undefined
  let closed = false
  const open = async (): Promise<void> => {
    const fresh = connect()
    fresh.on('notification', ({ payload }) => {
      const signal = JSON.parse(payload ?? '{}') as Signal
      for (const listener of listeners) {
        try { listener(signal) } catch (error) { log.error('a listener of the bus failed', { error: String(error) }) }
      }
    })
    fresh.on('error', () => {})
    fresh.once('end', () => { if (!closed) setTimeout(() => { open().catch(() => {}) }, 500).unref() })
    try {
      await fresh.connect()
      await fresh.query(`listen ${channel}`)
      client = fresh
    } catch (error) {
      if (!client) throw error
      setTimeout(() => { if (!closed) open().catch(() => {}) }, 1000).unref()
    }
  }
  await open()
  return {
    async publish(tx, signal) { await sql`select pg_notify(${channel}, ${JSON.stringify(signal)})`.execute(tx) },
    async publishAll(tx, signals) { if (signals.length) await sql`select pg_notify(${channel}, signal) from unnest(${signals.map((signal) => JSON.stringify(signal))}::text[]) as signal`.execute(tx) },
    subscribe(listener) { listeners.add(listener); return () => listeners.delete(listener) },
    async close() { closed = true; await client?.end().catch(() => {}) },
  }
}
