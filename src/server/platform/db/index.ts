import pg from 'pg'
import type { Generated, Kysely, Transaction } from 'kysely'
import { Kysely as KyselyClass, PostgresDialect } from 'kysely'
import { createHash } from 'node:crypto'
import type { DB } from './schema.ts'

export type { DB } from './schema.ts'
export type { Generated }
/** Something queries can run on: the pool, or a transaction. */
export type Queries = Kysely<DB>
/** Inside `inTransaction`. */
export type Tx = Transaction<DB>

export type Database = {
  queries: Queries
  pool: pg.Pool
  /** Runs `work` in one transaction: all of it happens, or none. */
  inTransaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  /** Done when the transaction is committed, before `inTransaction` resolves; never when it isn't. Must not throw: what is done is done. */
  afterCommit(tx: Tx, work: () => Promise<void>): void
  close(): Promise<void>
}

/** Statements are prepared once a connection and reused: planning costs more than most of our reads.
 * Only the first `mostPrepared` texts are named, so that odd dynamic ones can't fill the server's memory. */
const mostPrepared = 400

class PreparingClient extends pg.Client {
  static names = new Map<string, string>()
  // pg's own signature has a dozen overloads; only the (text, values) form that Kysely uses is changed.
  override query(...args: unknown[]): never {
    const [text, values, ...callback] = args
    if (typeof text === 'string' && Array.isArray(values)) {
      const name = statementName(text)
      if (name) return (super.query as (...all: unknown[]) => unknown).call(this, { name, text, values }, ...callback) as never
    }
    return (super.query as (...all: unknown[]) => unknown).apply(this, args) as never
  }
}

function statementName(text: string): string | undefined {
  const known = PreparingClient.names.get(text)
  if (known) return known
  if (PreparingClient.names.size >= mostPrepared) return undefined
  const name = createHash('sha1').update(text).digest('base64url')
  PreparingClient.names.set(text, name)
  return name
}

// bigint columns stay strings (ids); count(*) is asked for as int.
pg.types.setTypeParser(1700, Number)

/** Opens a pool on a PostgreSQL 15 or newer. */
export function openDatabase(options: { connectionString?: string; host?: string; port?: number; user?: string; password?: string; database?: string; max?: number }): Database {
  const pool = new pg.Pool({ max: 16, idleTimeoutMillis: 30_000, connectionTimeoutMillis: 5_000, statement_timeout: 15_000, ...options, Client: PreparingClient } as pg.PoolConfig)
  // An idle or new connection died: the next query opens another.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const afterwards = new WeakMap<Tx, (() => Promise<void>)[]>()
  const queries = new KyselyClass<DB>({ dialect: new PostgresDialect({ pool }) })
  return {
    queries,
    pool,
    async inTransaction(work) {
      const following: (() => Promise<void>)[] = []
      const result = await queries.transaction().execute((tx) => {
        afterwards.set(tx, following)
        return work(tx)
      })
      for (const one of following) await one()
      return result
    },
    afterCommit(tx, work) {
      const following = afterwards.get(tx)
      if (!following) throw new Error('this transaction was not begun by inTransaction')
      following.push(work)
    },
    async close() {
      await queries.destroy()
      // Kysely only ends a pool that it has used.
      if (!pool.ended) await pool.end()
    },
  }
}
