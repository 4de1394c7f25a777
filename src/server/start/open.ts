import type { App } from '#server/app.ts'
import { makeApp } from '#server/make-app.ts'
import { openDatabase } from '#server/platform/db/index.ts'
import { readConfig } from '#server/platform/config/index.ts'
import type { Connection } from '#server/make-app.ts'
import { takeLock } from './lock.ts'
import type { Lock } from './lock.ts'
import { openStore, prepare, runningStore } from './store.ts'

const patience = 30_000

/**
 * Runs `work` on this installation's App for as long as it takes, whether a server runs or not: beside a running
 * one it uses that one's database; otherwise it starts the database and stops it afterwards.
 */
export async function withApp<Result>(environment: Record<string, string | undefined>, work: (app: App, more: { serverRuns: boolean }) => Promise<Result>): Promise<Result> {
  const config = readConfig(environment)
  const { connection, serverRuns, leave } = await reach(config)
  try {
    const made = await makeApp({ environment: { HEARTH_LOG: 'warn', ...environment }, connection: { ...connection, max: 6 } })
    try { return await work(made.app, { serverRuns }) } finally { await made.close() }
  } finally {
    await leave()
  }
}

async function reach(config: ReturnType<typeof readConfig>): Promise<{ connection: Connection; serverRuns: boolean; leave(): Promise<void> }> {
  const lock = config.databaseUrl ? undefined : await lockOrServer(config.dataFolder)
  if (lock && 'heldBy' in lock) {
    const connection = await runningStore(config)
    await untilItAnswers(connection)
    return { connection, serverRuns: true, leave: async () => {} }
  }
  try {
    const store = await openStore(config)
    try {
      await prepare(store.connection)
    } catch (error) {
      await store.stop()
      throw error
    }
    return { connection: store.connection, serverRuns: false, leave: async () => { await store.stop(); await lock?.release() } }
  } catch (error) {
    await lock?.release()
    throw error
  }
}

/** A command waits for another command to end; beside a server it may work at once. */
async function lockOrServer(folder: string): Promise<Lock | { heldBy: unknown }> {
  const until = Date.now() + patience
  for (;;) {
    const lock = await takeLock(folder, 'command')
    if ('release' in lock || lock.heldBy.what === 'server') return lock
    if (Date.now() > until) throw new Error(`Another hearth command (process ${lock.heldBy.pid}) is using ${folder}; try again when it has finished.`)
    await new Promise((done) => setTimeout(done, 100))
  }
}

/** The server may be starting this very moment. */
async function untilItAnswers(connection: Connection): Promise<void> {
  const until = Date.now() + patience
  for (;;) {
    const database = openDatabase({ ...connection, max: 1 })
    try {
      await database.pool.query('select set_up_at from instance_settings')
      return
    } catch (error) {
      if (Date.now() > until) throw new Error(`A server holds this data folder, but its database does not answer: ${(error as Error).message}`, { cause: error })
      await new Promise((done) => setTimeout(done, 150))
    } finally {
      await database.close()
    }
  }
}
