import { join } from 'node:path'
import { serve } from '../../main.ts'
import { handleEvent, tasks, timetable } from '../events.ts'
import type { HearthEvent } from '../event.ts'
import { isSetUp, newSetUpToken } from '../domain/instance/index.ts'
import { makeApp } from '../make-app.ts'
import { readConfig } from '../platform/config/index.ts'
import { openDatabase } from '../platform/db/index.ts'
import { migrate } from '../platform/db/migrate.ts'
import { migrateJobs, startWorker } from '../platform/jobs/index.ts'
import { builtHandler, buildPages, root } from './build.ts'
import { startDatabase } from './database.ts'
import type { Out } from './progress.ts'

/** Starts Hearth and stays until a signal ends it. Returns the exit code. */
export async function start(environment: Record<string, string | undefined>, out: Out): Promise<number> {
  const began = performance.now()
  const config = readConfig(environment)
  const web = config.roles.includes('web')
  const closers: (() => Promise<void>)[] = []
  const closeAll = async () => { for (const close of closers.reverse()) await close().catch((error: unknown) => process.stderr.write(`${String(error)}\n`)) }
  try {
    if (web) await buildPages((what) => out.progress(what))
    const database = await startDatabase(config, (what) => out.progress(what))
    closers.push(() => database.close())
    await prepare(database.connection, (what) => out.progress(what))
    const made = await makeApp({ environment, connection: database.connection })
    closers.push(() => made.close())
    const { app } = made
    if (config.roles.includes('worker')) {
      const event = async (payload: Record<string, unknown>) => handleEvent(app, payload as unknown as HearthEvent)
      const worker = await startWorker(app.database, app.log, { ...tasks(app), event }, timetable)
      closers.push(() => worker.stop())
    }
    let address = config.publicUrl
    if (web) {
      const server = await serve(app, builtHandler).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') throw new Error(`Port ${config.port} on ${config.host} is in use by another program. Choose another with --port or PORT.`)
        if (error.code === 'EACCES') throw new Error(`Port ${config.port} needs rights this user hasn't got. Choose one above 1023.`)
        throw error
      })
      closers.push(() => server.close())
      if (config.port === 0) address = `http://localhost:${server.port}`
    }
    out.settle()
    out.line(`Hearth is ready in ${((performance.now() - began) / 1000).toFixed(1)} s${web ? `:  ${address}` : ' (worker only)'}`)
    if (web && !(await isSetUp(app))) out.line(`\nFirst steps: open this link once to make the community yours.\n  ${address}/setup?token=${await newSetUpToken(app)}\n`)
    out.json({ ready: true, address })
  } catch (error) {
    out.settle()
    await closeAll()
    throw error
  }
  await untilSignal()
  out.line('Stopping …')
  await closeAll()
  return 0
}

/** Brings the schema and the queue up to date. */
export async function prepare(connection: Parameters<typeof openDatabase>[0], onStep: (what: string) => void): Promise<void> {
  const database = openDatabase({ ...connection, max: 2 })
  try {
    const { rows } = await database.pool.query<{ version: number }>(`select current_setting('server_version_num')::int as version`)
    if ((rows[0]?.version ?? 0) < 150_000) throw new Error('The database is older than PostgreSQL 15. Use 15 or newer.')
    const done = await migrate(database, join(root, 'migrations'), (name) => onStep(`updating the database: ${name}`))
    if (done.length) onStep('preparing the jobs')
    await migrateJobs(database)
  } finally {
    await database.close()
  }
}

function untilSignal(): Promise<void> {
  return new Promise((done) => {
    let asked = false
    const onSignal = () => {
      if (asked) process.exit(130)
      asked = true
      done()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}
