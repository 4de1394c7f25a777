import { AsyncLocalStorage } from 'node:async_hooks'
import type { Socket } from 'node:net'
import type pg from 'pg'

type Bundle = { users: number; client?: Promise<pg.PoolClient> }
type Pipelining = pg.PoolClient & { /** of pg's options; looked at for each question */ pipeline: boolean; connection: { stream: Socket } }

export type Bundles = {
  /** Few small questions that are asked at once within `work` go over one connection without waiting for each other's answers. Each stands alone: where one fails, the others don't. */
  atOnce<Result>(work: () => Result): Result
  /** Work that has a connection of its own, whatever is around it. */
  apart<Result>(work: () => Result): Result
  connect(): Promise<pg.PoolClient>
}

/**
 * Each connection that is asked something costs two processes a waking and a write, which is more than most of our questions cost
 * the database. What is asked together costs that once.
 */
export function openBundles(connect: () => Promise<pg.PoolClient>): Bundles {
  const context = new AsyncLocalStorage<Bundle | undefined>()
  const share = async (bundle: Bundle): Promise<pg.PoolClient> => {
    const client = await connect() as Pipelining
    client.pipeline = true
    const query = (...question: unknown[]): unknown => {
      const { stream } = client.connection
      // All that is asked in this turn is sent as one.
      stream.cork()
      process.nextTick(() => stream.uncork())
      return (client.query as (...all: unknown[]) => unknown).apply(client, question)
    }
    let broken: Error | boolean | undefined
    const release = (error?: Error | boolean) => {
      broken ||= error
      if (--bundle.users > 0) return
      bundle.client = undefined
      client.pipeline = false
      client.release(broken)
    }
    return { query, release } as unknown as pg.PoolClient
  }
  return {
    atOnce: (work) => context.run({ users: 0 }, work),
    apart: (work) => context.getStore() ? context.run(undefined, work) : work(),
    connect() {
      const bundle = context.getStore()
      if (!bundle) return connect()
      bundle.users++
      bundle.client ??= share(bundle).catch((error: unknown) => {
        bundle.users = 0
        bundle.client = undefined
        throw error
      })
      return bundle.client
    },
  }
}
