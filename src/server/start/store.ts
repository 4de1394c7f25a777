import { join } from 'node:path'
import { embeddedConnection, startEmbedded } from '#server/platform/db/embedded.ts'
import { openDatabase } from '#server/platform/db/index.ts'
import type { Database } from '#server/platform/db/index.ts'
import { migrate } from '#server/platform/db/migrate.ts'
import { migrateJobs, releaseLostJobs } from '#server/platform/jobs/index.ts'
import type { Config } from '#server/platform/config/index.ts'
import type { Connection } from '#server/make-app.ts'
import { root } from './root.ts'

export type Store = { connection: Connection; stop(): Promise<void> }

const folderOf = (config: Config) => join(config.dataFolder, 'database')

/** The database this installation uses: a server's, or one of our own that we start here and stop at the end. */
export async function openStore(config: Config, onStep: (what: string) => void = () => {}): Promise<Store> {
  if (config.databaseUrl) return { connection: { connectionString: config.databaseUrl }, stop: async () => {} }
  return startEmbedded(folderOf(config), onStep)
}

/** The same, when another process already runs it. */
export async function runningStore(config: Config): Promise<Connection> {
  return config.databaseUrl ? { connectionString: config.databaseUrl } : embeddedConnection(folderOf(config))
}

/** Brings the tables up to date. Throws an Error when the database is older than PostgreSQL 15 or doesn't answer. */
export async function prepare(connection: Connection, onStep: (what: string) => void = () => {}): Promise<void> {
  const database = openDatabase({ ...connection, max: 3 })
  try {
    const { rows } = await database.pool.query<{ number: string; name: string }>("select current_setting('server_version_num') as number, current_setting('server_version') as name")
    if (Number(rows[0]?.number) < 150_000) throw new Error(`This database is PostgreSQL ${rows[0]?.name}; Hearth needs 15 or newer.`)
    await migrate(database, join(root, 'migrations'), (name) => onStep(`updating the tables (${name.replace(/\.sql$/, '')})`))
    await migrateJobs(database)
    // The embedded database is ours alone: whoever held a job was killed with the last run.
    if (!connection.connectionString) await releaseLostJobs(database)
  } catch (error) {
    throw connection.connectionString ? new Error(`The database of DATABASE_URL can't be used: ${(error as Error).message || (error as { code?: string }).code}`, { cause: error }) : error
  } finally {
    await database.close()
  }
}

/** Is there a replica, and how many seconds is it behind? Throws where it doesn't answer. */
export async function replicaFacts(url: string): Promise<{ host: string; recovering: boolean; behind: number }> {
  const database = openDatabase({ connectionString: url, max: 1 })
  try {
    const { rows } = await database.pool.query<{ recovering: boolean; behind: number | null }>(`select pg_is_in_recovery() as recovering,
      case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0 else extract(epoch from now() - pg_last_xact_replay_timestamp())::float8 end as behind`)
    return { host: new URL(url).host, recovering: rows[0]?.recovering === true, behind: rows[0]?.behind ?? 0 }
  } finally {
    await database.close()
  }
}

/** What a doctor asks. */
export async function databaseFacts(database: Database): Promise<{ version: string; now: Date }> {
  const { rows } = await database.pool.query<{ version: string; now: Date }>("select current_setting('server_version') as version, clock_timestamp() as now")
  return rows[0] ?? { version: 'unknown', now: new Date(NaN) }
}
