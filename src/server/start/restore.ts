import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { keysFolder, withVault } from '#server/backup.ts'
import { restoreBackup } from '#server/platform/backup/index.ts'
import type { Manifest } from '#server/platform/backup/index.ts'
import { readConfig } from '#server/platform/config/index.ts'
import { openDatabase } from '#server/platform/db/index.ts'
import { migrate } from '#server/platform/db/migrate.ts'
import { localFiles, s3Files } from '#server/platform/files/index.ts'
import type { Files } from '#server/platform/files/index.ts'
import { migrateJobs } from '#server/platform/jobs/index.ts'
import { takeLock } from './lock.ts'
import { root } from './root.ts'
import { openStore, prepare } from './store.ts'

/**
 * Puts a backup into an empty place: this data folder, or the database of DATABASE_URL. The tables are made as they were
 * then, filled, and brought up to today's. Throws an Error that says what is wrong; what was begun is not set up then.
 */
export async function restoreInto(environment: Record<string, string | undefined>, from: Files, manifest: Manifest, identity: string | null, onProgress: (what: 'tables' | 'media', done: number, all: number) => void): Promise<{ tables: number; rows: number; files: number; bytes: number }> {
  const config = readConfig(environment)
  const lock = await takeLock(config.dataFolder, 'command')
  if ('heldBy' in lock) throw new Error(`${config.dataFolder} is in use (process ${lock.heldBy.pid}): a backup is put back into an empty place.`)
  try {
    const store = await openStore(config)
    try {
      const database = openDatabase({ ...store.connection, max: 2 })
      try {
        await demandKnown(manifest)
        await demandEmpty(database.pool)
        await migrate(database, join(root, 'migrations'), () => {}, new Set(manifest.migrations))
        await migrateJobs(database)
        const disk = localFiles(join(config.dataFolder, 'media'))
        // Media goes where the backup's database says that it is: into the bucket, where there was one.
        const done = await restoreBackup({ from, manifest, identity, connect: () => new pg.Client(store.connection), media: withVault(config, config.s3 ? s3Files(config.s3) : disk), keysFolder: keysFolder(config), onProgress })
        await database.pool.query('update storage set home = $1', [config.s3 ? 's3' : 'disk'])
        await prepare(store.connection)
        return done
      } finally {
        await database.close()
      }
    } finally {
      await store.stop()
    }
  } finally {
    await lock.release()
  }
}

/** Tables of a later Hearth can't be made by this one. */
async function demandKnown(manifest: Manifest): Promise<void> {
  const known = new Set(await readdir(join(root, 'migrations')))
  const unknown = manifest.migrations.filter((name) => !known.has(name))
  if (unknown.length) throw new Error(`This backup was made by a later Hearth (${unknown.at(-1)}): update first, then put it back.`)
}

async function demandEmpty(pool: pg.Pool): Promise<void> {
  const { rows: [there] } = await pool.query<{ accounts: string | null }>("select to_regclass('public.accounts')::text as accounts")
  if (!there?.accounts) return
  const { rows: [any] } = await pool.query<{ any: boolean }>('select exists (select 1 from accounts) as any')
  if (any?.any) throw new Error('There is a community in this place already; a backup is put back into an empty one (--data NEWFOLDER, or another DATABASE_URL).')
  // Prepared and never used, or a restore that was broken off: begun anew.
  await pool.query('drop schema if exists graphile_worker cascade; drop schema public cascade; create schema public')
}
