import { createServer } from 'node:net'
import type { App } from '#server/app.ts'
import { openMetricsPort, startMinutes } from '#server/doors/metrics.ts'
import { startJobs } from '#server/doors/jobs/index.ts'
import { newSetUpToken } from '#server/domain/instance/index.ts'
import { makeApp } from '#server/make-app.ts'
import { readConfig } from '#server/platform/config/index.ts'
import type { Config } from '#server/platform/config/index.ts'
import { steps } from '#server/platform/progress/steps.ts'
import { takeLock } from './lock.ts'
import { buildPages, pagesAreFresh, pagesHandler } from './pages.ts'
import { openStore, prepare } from './store.ts'
import { untilAskedToStop } from './signals.ts'
import { clearWork } from './work.ts'

export type Serve = (app: App, pages: string) => Promise<{ port: number; close(): Promise<void> }>

/** Starts the community and returns when it has been asked to stop and has stopped in order. Throws an Error whose message a person can act on. */
export async function start(environment: Record<string, string | undefined>, serve: Serve): Promise<void> {
  const began = Date.now()
  const config = readConfig(environment)
  const show = steps(process.stdout)
  const asked = untilAskedToStop()
  // A library's promise that nobody waits for (the queue's, when the database goes away at the wrong moment) is told, and ends nothing.
  process.on('unhandledRejection', (error) => process.stderr.write(`hearth: something failed that nobody waited for: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`))
  // What has been opened, to be closed in the opposite order.
  const opened: { name: string; close(): Promise<unknown> }[] = []
  process.stdout.write('\n  Hearth\n\n')
  try {
    const stop = await open(config, environment, serve, show, opened)
    process.stdout.write(`  ready in ${((Date.now() - began) / 1000).toFixed(1)} s\n\n${stop.text}\n`)
    await asked
    process.stdout.write('\n')
    show.begin('stopping')
  } finally {
    for (const { name, close } of opened.reverse()) {
      await close().catch((error: unknown) => process.stderr.write(`hearth: ${name} did not close in order: ${String(error)}\n`))
    }
    show.end(true)
  }
}

async function open(config: Config, environment: Record<string, string | undefined>, serve: Serve, show: ReturnType<typeof steps>, opened: { name: string; close(): Promise<unknown> }[]): Promise<{ text: string }> {
  const begin = (what: string) => show.begin(what)
  try {
    await hold(config, opened)
    if (config.roles.includes('web')) await tryPort(config)
    if (config.roles.includes('web') && !(await pagesAreFresh())) {
      begin('building the pages (once after an update; a minute at most)')
      await buildPages()
    }
    if (config.databaseUrl) begin('asking the database')
    const store = await openStore(config, begin)
    opened.push({ name: 'the database', close: store.stop })
    // Only one process works here: whatever lies about was left by one that was killed.
    if (!config.databaseUrl) await clearWork(config)
    await prepare(store.connection, begin)
    const made = await makeApp({ environment, connection: store.connection })
    opened.push({ name: 'the app', close: made.close })
    if (config.roles.includes('worker')) {
      const worker = await startJobs(made.app)
      opened.push({ name: 'the worker', close: () => worker.stop() })
    }
    const numbers = await openMetricsPort(made.app).catch((error: NodeJS.ErrnoException) => { throw explained(error, { ...config, port: config.metrics.port ?? 0 }) })
    if (numbers) opened.push({ name: 'the port for metrics', close: numbers.close })
    const minutes = startMinutes(made.app)
    opened.push({ name: 'the minutes', close: async () => minutes.stop() })
    if (!config.roles.includes('web')) { show.end(); return { text: '  working through jobs (HEARTH_ROLES=worker: no pages here)\n' } }
    begin('opening the door')
    const server = await serve(made.app, pagesHandler).catch((error: NodeJS.ErrnoException) => { throw explained(error, config) })
    opened.push({ name: 'the web server', close: server.close })
    const address = environment.PUBLIC_URL ? config.publicUrl : `http://localhost:${server.port}`
    made.app.config.publicUrl = address
    const token = await newSetUpToken(made.app)
    show.end()
    return { text: `  ${address}\n${token ? `\n  Set up your community with this link. It works once; a new one comes with each start.\n  ${address}/setup?token=${token}\n` : ''}` }
  } catch (error) {
    show.end(false)
    throw error
  }
}

/** One Hearth a data folder: with an embedded database always; with a server's database, processes with split roles may share it. */
async function hold(config: Config, opened: { name: string; close(): Promise<unknown> }[]): Promise<void> {
  if (config.databaseUrl && config.roles.length < 2) return
  const began = Date.now()
  for (;;) {
    const lock = await takeLock(config.dataFolder, 'server')
    if ('release' in lock) { opened.push({ name: 'the lock', close: lock.release }); return }
    // A command that runs its own database for a moment is worth waiting for; a server may be just about to end.
    if (Date.now() - began > (lock.heldBy.what === 'command' ? 15_000 : 1_500)) {
      throw new Error(`Another Hearth (process ${lock.heldBy.pid}) already uses ${config.dataFolder}. Stop that one, or give this one a folder of its own with --data DIR.`)
    }
    await new Promise((done) => setTimeout(done, 100))
  }
}

/** Before anything takes time: may we listen there at all? */
async function tryPort(config: Config): Promise<void> {
  const trial = createServer()
  await new Promise<void>((done, fail) => {
    trial.once('error', (error) => fail(explained(error, config)))
    trial.listen(config.port, config.host, () => trial.close(() => done()))
  })
}

function explained(error: NodeJS.ErrnoException, config: Config): Error {
  const at = `${config.host}:${config.port}`
  if (error.code === 'EADDRINUSE') return new Error(`Port ${config.port} is already taken by another program. Choose another with --port, or PORT=3001.`)
  if (error.code === 'EACCES') return new Error(`This user may not listen on ${at}. Ports below 1024 belong to root: choose another with --port, and put a proxy in front (see README).`)
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return new Error(`This machine has no address ${config.host}. HOST should be 127.0.0.1, 0.0.0.0 or one of its own addresses.`)
  return error
}
