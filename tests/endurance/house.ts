// Hearth in this process, on a PostgreSQL of its own that a test may stop and start.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { serve } from '../../src/main.ts'
import type { App } from '../../src/server/app.ts'
import { startJobs } from '../../src/server/doors/jobs/index.ts'
import { createAccessToken } from '../../src/server/domain/apps/index.ts'
import { openSession, sessionCookie } from '../../src/server/domain/sessions/index.ts'
import { makeApp } from '../../src/server/make-app.ts'
import { startEmbedded } from '../../src/server/platform/db/embedded.ts'
import type { Embedded } from '../../src/server/platform/db/embedded.ts'
import { openDatabase } from '../../src/server/platform/db/index.ts'
import { migrate } from '../../src/server/platform/db/migrate.ts'
import { migrateJobs } from '../../src/server/platform/jobs/index.ts'
import { person } from '../people.ts'

export type House = {
  app: App
  url: string
  folder: string
  connection: Embedded['connection']
  stopDatabase(): Promise<void>
  startDatabase(): Promise<void>
  /** a new member, with a token for apps and a browser's cookie */
  member(name: string): Promise<{ id: string; token: string; cookie: string }>
  close(): Promise<void>
}

export async function openHouse(environment: Record<string, string> = {}, folder?: string): Promise<House> {
  const at = folder ?? await mkdtemp(join(tmpdir(), 'hearth-house-'))
  let embedded: Embedded | undefined = await startEmbedded(join(at, 'database'))
  const { connection } = embedded
  const database = openDatabase(connection)
  await migrate(database, 'migrations')
  await migrateJobs(database)
  await database.pool.query('update instance_settings set set_up_at = now()')
  await database.close()
  const made = await makeApp({ environment: { HEARTH_DATA: at, HEARTH_LOG: 'error', HEARTH_RATE_LIMIT_SCALE: '100000', PORT: '0', ...environment }, connection })
  const worker = await startJobs(made.app)
  const server = await serve(made.app, pathToFileURL(resolve('build/handler.js')).href)
  const url = `http://127.0.0.1:${server.port}`
  made.app.config.publicUrl = url
  return {
    app: made.app, url, folder: at, connection,
    async stopDatabase() { await embedded?.stop(); embedded = undefined },
    async startDatabase() { embedded ??= await startEmbedded(join(at, 'database')) },
    async member(name) {
      const account = await person(made.app, name)
      const { token } = await openSession(made.app, made.app.database.queries, account.id, 'a browser')
      return { id: account.id, token: (await createAccessToken(made.app, account, 'read write follow push')).accessToken, cookie: `${sessionCookie(made.app)}=${token}` }
    },
    async close() {
      await server.close()
      await worker.stop()
      await made.close()
      await embedded?.stop()
      if (!folder) await rm(at, { recursive: true, force: true })
    },
  }
}
