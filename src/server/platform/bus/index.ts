import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { Database, Tx } from '../db/index.ts'
import { sql } from '../db/sql.ts'
import type { Log } from '../log/index.ts'
import type { Carrier, Hearer } from './carriers.ts'
import { channel, listenToPostgres } from './postgres.ts'

/** What processes tell each other after a commit: ids only; every reader reads again, for its own viewer. */
export type Signal =
  | { type: 'post.created' | 'post.edited' | 'post.removed'; postId: string; authorId: string; key?: string }
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
  /** locked, unlocked, or everybody signed out: whoever is connected must ask again */
  | { type: 'lockdown' }
  | { type: 'signedOut'; accountId: string }
  /** of a program that speaks for nobody */
  | { type: 'tokenEnded'; tokenId: string }
  | { type: 'account.changed'; accountId: string }
  /** said by nobody: this process may not have heard something */
  | { type: 'missed' }

export type Bus = {
  /** Sent when the transaction commits, before `inTransaction` resolves; never when it rolls back. */
  publish(tx: Tx, signal: Signal): Promise<void>
  /** Several in one statement. */
  publishAll(tx: Tx, signals: Signal[]): Promise<void>
  /** The same signal once more, by its key, where it may have been lost with the process that was to send it: PostgreSQL's own are not. Who heard it doesn't hear it again. */
  again(signal: Signal & { key: string }): Promise<void>
  /** Returns the function that ends the subscription. */
  subscribe(listener: (signal: Signal) => void): () => void
  close(): Promise<void>
}

type Options = {
  connect: () => pg.Client
  database: Pick<Database, 'queries' | 'afterCommit' | 'atEnd'>
  log: Log
  /** redis://, rediss:// or nats://; without it PostgreSQL's LISTEN/NOTIFY alone */
  address?: string
}
const mostRemembered = 10_000

const notifying = (payloads: string[]) => sql`select pg_notify(${channel}, signal) from unnest(${payloads}::text[]) as signal`

/** What a signal is known by that may be said twice. */
export const signalKey = (): string => randomBytes(9).toString('base64')

/**
 * Signals over PostgreSQL's LISTEN/NOTIFY or, where an address is given, over Redis, Valkey or NATS; by PostgreSQL then too,
 * whenever the other doesn't take them. Every process hears both, and each signal once.
 */
export async function openBus({ connect, database, log, address }: Options): Promise<Bus> {
  const listeners = new Set<(signal: Signal) => void>()
  const recent = new Set<string>()
  let troubled = 0
  const tell = (signal: Signal) => {
    for (const listener of listeners) {
      try { listener(signal) } catch (error) { log.error('a listener of the bus failed', { error: String(error) }) }
    }
  }
  const hearer: Hearer = {
    hear(payload) {
      const { key, ...signal } = JSON.parse(payload) as Signal & { key?: string }
      if (key !== undefined) {
        if (recent.has(key)) return
        recent.add(key)
        if (recent.size > mostRemembered) recent.delete(recent.values().next().value!)
      }
      tell(signal as Signal)
    },
    missed: () => tell({ type: 'missed' }),
    trouble(error) {
      if (Date.now() - troubled < 60_000) return
      troubled = Date.now()
      log.warn('the bus does not answer: signals go by the database', { error: error instanceof Error ? error.message : String(error) })
    },
  }
  const postgres = await listenToPostgres(connect, log, hearer)
  const carrier = address ? await openCarrier(address, hearer) : undefined
  const send = async (by: Carrier, payloads: string[]): Promise<void> => {
    try {
      await by.send(payloads)
    } catch (error) {
      hearer.trouble(error)
      await notifying(payloads).execute(database.queries)
    }
  }
  const waiting = new WeakMap<Tx, string[]>()
  const publishAll = async (tx: Tx, signals: Signal[]): Promise<void> => {
    if (signals.length === 0) return
    const payloads = signals.map((signal) => JSON.stringify(carrier ? { key: signalKey(), ...signal } : signal))
    const collected = waiting.get(tx)
    if (collected) { collected.push(...payloads); return }
    waiting.set(tx, payloads)
    if (carrier) database.afterCommit(tx, () => send(carrier, payloads).catch((failed: unknown) => log.error('signals were lost', { count: payloads.length, error: String(failed) })))
    else database.atEnd(tx, () => notifying(payloads))
  }
  return {
    publish: (tx, signal) => publishAll(tx, [signal]),
    publishAll,
    again: async (signal) => { if (carrier) await send(carrier, [JSON.stringify(signal)]) },
    subscribe(listener) { listeners.add(listener); return () => listeners.delete(listener) },
    async close() {
      await carrier?.close()
      await postgres.close()
    },
  }
}

async function openCarrier(address: string, hearer: Hearer): Promise<Carrier> {
  // Loaded only where asked for.
  return address.startsWith('nats:') ? (await import('./nats.ts')).openNats(address, hearer) : (await import('./redis.ts')).openRedis(address, hearer)
}
