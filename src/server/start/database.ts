import { join } from 'node:path'
import type { Config } from '../platform/config/index.ts'
import { connectionTo, startEmbedded } from '../platform/db/embedded.ts'
import type { Connection } from '../make-app.ts'
import { lockFolder, lockOwner } from './lock.ts'

export type OpenedDatabase = { connection: Connection; /** started by us just now */ own: boolean; close(): Promise<void> }

/** The database that the settings name, or the embedded one: started, with the data folder locked for this process. */
export async function startDatabase(config: Config, onStep: (what: string) => void): Promise<OpenedDatabase> {
  const lock = await lockFolder(config.dataFolder)
  try {
    if (config.databaseUrl) return { connection: { connectionString: config.databaseUrl }, own: true, close: () => lock.release() }
    const embedded = await startEmbedded(join(config.dataFolder, 'database'), onStep)
    return { connection: embedded.connection, own: true, async close() { await embedded.stop(); await lock.release() } }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** For commands: the running server's database if one runs on this folder, or one of our own for as long as it takes. */
export async function joinDatabase(config: Config, onStep: (what: string) => void): Promise<OpenedDatabase> {
  if (config.databaseUrl) return { connection: { connectionString: config.databaseUrl }, own: false, close: async () => {} }
  if (await lockOwner(config.dataFolder)) return { connection: await connectionTo(join(config.dataFolder, 'database')), own: false, close: async () => {} }
  return startDatabase(config, onStep)
}
