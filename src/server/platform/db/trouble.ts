import type pg from 'pg'
import { diskFull, isHearthError, unavailable } from '../errors.ts'

/** What the database says when it stops, starts or takes nobody in, by the codes of PostgreSQL's manual, appendix A. */
const away = new Set(['57P01', '57P02', '57P03', '53300', '08000', '08001', '08003', '08004', '08006'])
/** What the system says when nobody is there. */
const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'])
const retryAfter = 5

/**
 * Puts a failure of the database itself into our own errors: `databaseAway` and `busy` (503), `diskFull` (507), with what
 * was said as the message. Everything else is given back as it is.
 */
export function inOurWords(error: unknown, connecting = false): unknown {
  if (!(error instanceof Error) || isHearthError(error)) return error
  const { code = '', message } = error as Error & { code?: string }
  if (code === '53100') return Object.assign(diskFull(), { message, cause: error })
  if (message === 'timeout exceeded when trying to connect') return Object.assign(unavailable('busy', retryAfter), { message, cause: error })
  const gone = away.has(code) || unreachable.has(code) || /^Connection terminated|not queryable|Client was closed/.test(message) || (connecting && code === '' && /connect|terminated|timeout/i.test(message))
  return gone ? Object.assign(unavailable('databaseAway', retryAfter), { message, cause: error }) : error
}

/**
 * The same connections, whose failures are in our words. For our own queries: the queue looks at the database's codes to know what to
 * try again, and keeps the pool as it is.
 */
export function worded(connect: () => Promise<pg.PoolClient>): () => Promise<pg.PoolClient> {
  const made = new WeakMap<pg.PoolClient, pg.PoolClient>()
  return async () => {
    const client = await connect().catch((error: unknown) => { throw inOurWords(error, true) })
    const known = made.get(client)
    if (known) return known
    const query = (...args: unknown[]): unknown => {
      const answer = (client.query as (...all: unknown[]) => unknown).apply(client, args)
      return answer instanceof Promise ? answer.catch((error: unknown) => { throw inOurWords(error) }) : answer
    }
    const one = Object.create(client, { query: { value: query } }) as pg.PoolClient
    made.set(client, one)
    return one
  }
}

/** Is somebody first with what must be there once? `constraint`: which one, where there are several. */
export function isTaken(error: unknown, constraint?: string): boolean {
  const { code, constraint: broken } = error instanceof Error ? error as { code?: unknown; constraint?: unknown } : {}
  return code === '23505' && (constraint === undefined || broken === constraint)
}
