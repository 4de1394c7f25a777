import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import type { Log } from '../log/index.ts'
import { asker } from './asker.ts'

/** Bytes of the write-ahead log: where a database stands. */
type Place = { at: number }
/** `replica`: where this work reads; none: the primary. */
type Reading = { replica?: Replica; until: number }
type Replica = { pool: pg.Pool; name: string; up: boolean; replayed: number; behindUntil: number; reads: number; ask(): Promise<Place>; close(): Promise<void> }
export type ReplicaState = { name: string; up: boolean; reads: number }

/** How long a reading waits for a replica to come up to it, in ms; after one that waited in vain nobody waits for a second. */
const waitMs = 25
const restMs = 1_000
const probeMs = 1_000
/** What was begun by a request, but outlives it, reads from the primary. */
const longestMs = 30_000

const greeting = `select current_database() as name, (select system_identifier from pg_control_system())::text as system, pg_is_in_recovery() as copy`
const primaryPlace = `select (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::float8 as at`
const replicaPlace = `select (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::float8 as at`

export type Replicas = {
  reading<Result>(work: () => Result | Promise<Result>): Promise<Result>
  fresh<Result>(work: () => Result): Result
  /** A connection for one statement: the replica's of the work under way, or what `toPrimary` gives. */
  connect(toPrimary: () => Promise<pg.PoolClient>): Promise<pg.PoolClient>
  /** What the work under way reads from now on comes from the primary: it has written. */
  hasWritten(): void
  states(): ReplicaState[]
  close(): Promise<void>
}

/**
 * Reading from copies of the database, never from the past: work goes to a replica that has replayed all that the primary had
 * on disk when the work began, which is all that was acknowledged to anybody by then. Where none has within 25 ms, it goes to the primary.
 */
export function openReplicas(urls: string[], primary: { pool: pg.Pool; connection: pg.ClientConfig }, log: Log, Client: typeof pg.Client): Replicas {
  const context = new AsyncLocalStorage<Reading>()
  const bounded = { connectionTimeoutMillis: 1_000, query_timeout: 1_000 }
  const horizon = asker<Place>(() => new pg.Client({ ...primary.connection, ...bounded }), primaryPlace)
  let known: Promise<{ name: string; system: string }> | undefined
  const replicas = urls.map((url) => open(url))
  let turn = 0

  function open(url: string): Replica {
    const name = new URL(url).host
    const pool = new pg.Pool({ connectionString: url, max: 16, idleTimeoutMillis: 30_000, connectionTimeoutMillis: 1_000, statement_timeout: 15_000, query_timeout: 20_000, Client } as pg.PoolConfig)
    pool.on('error', () => {})
    pool.on('connect', (client) => client.on('error', () => {}))
    const place = asker<Place>(() => new pg.Client({ connectionString: url, ...bounded }), replicaPlace, async (client) => {
      known ??= primary.pool.query(greeting).then(({ rows }) => rows[0] as { name: string; system: string })
      known.catch(() => { known = undefined })
      const [original, { rows: [own] }] = await Promise.all([known, client.query<{ name: string; system: string; copy: boolean }>(greeting)])
      if (!own?.copy || own.system !== original.system || own.name !== original.name) throw new Error(`${name} is no replica of this database`)
    })
    const replica: Replica = {
      name, pool, up: false, replayed: 0, behindUntil: 0, reads: 0,
      async ask() {
        try {
          const told = await place.ask()
          if (!replica.up) log.info('reading from a replica', { replica: name })
          replica.up = true
          replica.replayed = Math.max(replica.replayed, told.at)
          return told
        } catch (error) {
          goneAway(replica, error)
          throw error
        }
      },
      async close() {
        clearInterval(probe)
        place.close()
        await pool.end()
      },
    }
    const probe = setInterval(() => { replica.ask().catch(() => {}) }, probeMs)
    probe.unref()
    replica.ask().catch(() => {})
    return replica
  }

  function goneAway(replica: Replica, error: unknown): void {
    if (replica.up) log.warn('a replica is gone: reading from the primary', { replica: replica.name, error: error instanceof Error ? error.message : String(error) })
    replica.up = false
    // Another may come in its place, which is not as far.
    replica.replayed = 0
  }

  /** Who has everything up to now; waits a little for one that is nearly there. */
  async function choose(): Promise<Replica | undefined> {
    const willing = replicas.filter((one) => one.up && one.behindUntil <= performance.now())
    if (willing.length === 0) return undefined
    const began = performance.now()
    const place = await horizon.ask().catch(() => undefined)
    if (!place) return undefined
    const first = turn++ % willing.length
    const inTurn = [...willing.slice(first), ...willing.slice(0, first)]
    for (;;) {
      const ready = inTurn.find((one) => one.up && one.replayed >= place.at)
      if (ready) return ready
      if (performance.now() - began > waitMs) break
      await Promise.all(inTurn.map((one) => one.ask().catch(() => {})))
      if (inTurn.every((one) => one.replayed < place.at)) await new Promise((done) => setTimeout(done, 2))
    }
    for (const one of inTurn) one.behindUntil = performance.now() + restMs
    return undefined
  }

  return {
    async reading(work) {
      if (context.getStore()) return work()
      const replica = await choose()
      return context.run({ replica, until: performance.now() + longestMs }, work)
    },
    fresh: (work) => context.exit(work),
    async connect(toPrimary) {
      const reading = context.getStore()
      const replica = reading?.replica
      if (!reading || !replica || !replica.up || performance.now() > reading.until) return toPrimary()
      const client = await replica.pool.connect().catch((error: unknown) => { goneAway(replica, error) })
      if (!client) {
        reading.replica = undefined
        return toPrimary()
      }
      replica.reads++
      return withRefuge(client, replica, reading)
    },
    hasWritten() {
      const reading = context.getStore()
      if (reading) reading.replica = undefined
    },
    states: () => replicas.map(({ name, up, reads }) => ({ name, up, reads })),
    async close() {
      horizon.close()
      await Promise.all(replicas.map((one) => one.close()))
    },
  }

  /** What the replica can't do (writing, reading unlogged tables, being there) the primary does, and all that follows in this work. Each statement stands alone, so nothing was done before. */
  function withRefuge(client: pg.PoolClient, replica: Replica, reading: Reading): pg.PoolClient {
    let broken = false
    const query = async (...given: unknown[]): Promise<unknown> => {
      try {
        return await (client.query as (...all: unknown[]) => Promise<unknown>).apply(client, given)
      } catch (error) {
        const { code = '', message = '' } = error as { code?: string; message?: string }
        broken = !/^[0-9A-Z]{5}$/.test(code) || /^(08|57P)/.test(code)
        if (broken) goneAway(replica, error)
        else if (!(code === '25006' || ((code === '0A000' || code === '40001') && /recovery/.test(message)))) throw error
        reading.replica = undefined
        const refuge = await primary.pool.connect()
        try { return await (refuge.query as (...all: unknown[]) => Promise<unknown>).apply(refuge, given) } finally { refuge.release() }
      }
    }
    return { query, release: () => client.release(broken) } as unknown as pg.PoolClient
  }
}
