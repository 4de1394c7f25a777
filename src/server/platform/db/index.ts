import pg from 'pg'
import type { Generated, Kysely, RawBuilder, Transaction } from 'kysely'
import { Kysely as KyselyClass, sql } from 'kysely'
import { createHash } from 'node:crypto'
import type { DB } from './schema.ts'
import { openBundles } from './bundle.ts'
import { asLast, LateDialect } from './late-driver.ts'
import { openReplicas } from './replicas.ts'
import type { Replicas } from './replicas.ts'
import { worded } from './trouble.ts'
import type { Log } from '../log/index.ts'

export { isTaken } from './trouble.ts'
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
  /**
   * Small questions that `work` asks at once go to the database as one, over one connection, and are answered one after the other. Each stands alone: where
   * one fails, the others don't. Transactions within have connections of their own.
   */
  atOnce<Result>(work: () => Result): Result
  /** Done when the transaction is committed, before `inTransaction` resolves; never when it isn't. Must not throw: what is done is done. */
  afterCommit(tx: Tx, work: () => Promise<void>): void
  /**
   * A statement that the transaction ends with, before it commits: all of them go to the database as one. They see nothing of each other, and
   * must not touch the same rows. Asked for when the time has come, so that what belongs together can be collected until then.
   */
  atEnd(tx: Tx, statement: () => RawBuilder<unknown>): void
  /**
   * Work that only reads: from a replica, where there is one that has all that was acknowledged before. From its first writing on it reads from the primary.
   * Not for what outlives a request.
   */
  reading: Replicas['reading']
  /** Work whose result this process remembers (also by a keeper, within a reading): from the primary, as a replica may not yet have what made it forget the last. */
  fresh: Replicas['fresh']
  replicas: Replicas['states']
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

const onlyPrimary: Pick<Replicas, 'reading' | 'fresh' | 'states' | 'hasWritten' | 'close'> = { reading: async (work) => work(), fresh: (work) => work(), states: () => [], hasWritten() {}, async close() {} }

/** Opens a pool on a PostgreSQL 15 or newer, and on its replicas. `onQuery` hears of each statement when it is over, without its values. */
export function openDatabase(options: { connectionString?: string; host?: string; port?: number; user?: string; password?: string; database?: string; max?: number }, copies?: { urls: string[]; log: Log }, onQuery?: (text: string, took: { ms: number; failed: boolean }) => void): Database {
  const pool = new pg.Pool({ max: 16, idleTimeoutMillis: 30_000, connectionTimeoutMillis: 5_000, statement_timeout: 15_000, ...options, Client: PreparingClient } as pg.PoolConfig)
  // An idle or new connection died: the next query opens another.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  type Course = { ending: (() => RawBuilder<unknown>)[]; following: (() => Promise<void>)[] }
  const courses = new WeakMap<Tx, Course>()
  const courseOf = (tx: Tx): Course => {
    const course = courses.get(tx)
    if (!course) throw new Error('this transaction was not begun by inTransaction')
    return course
  }
  const { max: _, ...connection } = options
  const replicas = copies?.urls.length ? openReplicas(copies.urls, { pool, connection }, copies.log, PreparingClient as typeof pg.Client) : undefined
  const { reading, fresh, states, hasWritten, close } = replicas ?? onlyPrimary
  // Questions to a replica stand alone: it may hand them on.
  const { atOnce, apart, connect } = openBundles(() => pool.connect())
  const queries = new KyselyClass<DB>({
    dialect: new LateDialect({ pool: { connect: worded(replicas ? () => replicas.connect(connect) : connect), end: () => pool.end(), Client: pg.Client, options: pool.options } as unknown as pg.Pool }),
    ...(onQuery ? { log: (event) => onQuery(event.query.sql, { ms: event.queryDurationMillis, failed: event.level === 'error' }) } : {}),
  })
  return {
    queries,
    pool,
    async inTransaction(work) {
      hasWritten()
      const course: Course = { ending: [], following: [] }
      const result = await apart(() => queries.transaction().execute(async (tx) => {
        courses.set(tx, course)
        const made = await work(tx)
        if (course.ending.length > 0) await tx.executeQuery(asLast(together(course.ending.map((statement) => statement())).compile(tx)))
        return made
      }))
      for (const one of course.following) await one()
      return result
    },
    atOnce,
    afterCommit(tx, work) { courseOf(tx).following.push(work) },
    atEnd(tx, statement) { courseOf(tx).ending.push(statement) },
    reading,
    fresh,
    replicas: states,
    async close() {
      await close()
      await queries.destroy()
      // Kysely only ends a pool that it has used.
      if (!pool.ended) await pool.end()
    },
  }
}

/** Several statements as one; what none of the others asks for is done only where it is counted. */
const together = (statements: RawBuilder<unknown>[]): RawBuilder<unknown> => {
  const names = statements.map((_, at) => sql.id(`s${at}`))
  return sql`with ${sql.join(statements.map((statement, at) => sql`${names[at]} as materialized (${statement})`))} select ${sql.join(names.map((name) => sql`(select count(*) from ${name})`))}`
}
