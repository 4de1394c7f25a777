import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import pg from 'pg'
import { startEmbedded } from '../src/server/platform/db/embedded.ts'
import { openDatabase } from '../src/server/platform/db/index.ts'
import { migrate } from '../src/server/platform/db/migrate.ts'
import { migrateJobs } from '../src/server/platform/jobs/index.ts'

/** One real PostgreSQL for the whole run, with a migrated template that each world copies. */
export default async function setup(project: TestProject) {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-tests-'))
  const embedded = await startEmbedded(folder)
  const { host, port, user } = embedded.connection
  const client = new pg.Client({ host, port, user, database: 'postgres' })
  await client.connect()
  // A machine that goes down takes its tests with it: nothing here need outlast that. What must be durable is tested in tests/endurance, on a PostgreSQL of its own.
  for (const name of ['fsync', 'full_page_writes']) await client.query(`alter system set ${name} = off`)
  await client.query('select pg_reload_conf()')
  await client.query('create database hearth_template')
  await client.end()
  const database = openDatabase({ host, port, user, database: 'hearth_template' })
  await migrate(database, 'migrations')
  await migrateJobs(database)
  await database.close()
  project.provide('postgres', { host, port, user })
  return async () => {
    await embedded.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
