import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { App } from './app.ts'
import { observeApp } from './observe.ts'
import { useScreening } from './domain/screening/index.ts'
import { useTrust } from './domain/trust/index.ts'
import { allTasks } from './doors/jobs/index.ts'
import { openBus } from './platform/bus/index.ts'
import { readConfig } from './platform/config/index.ts'
import { openChanges } from './platform/changes/index.ts'
import { openDatabase } from './platform/db/index.ts'
import { openOutbound } from './platform/fetch/index.ts'
import { idMaker } from './platform/ids/index.ts'
import { homeKeeper, localFiles, s3Files, storagePlaces } from './platform/files/index.ts'
import type { Places } from './platform/files/index.ts'
import { jobs as plainJobs, runWaitingJobs, withTraces } from './platform/jobs/index.ts'
import { openLimits } from './platform/limits/index.ts'
import { logger } from './platform/log/index.ts'
import { openTraces } from './platform/traces/index.ts'
import { openMetrics } from './platform/metrics/index.ts'
import { openMailer } from './platform/mail/index.ts'
import { joinProcesses } from './platform/presence/index.ts'
import { openPlace } from './platform/place/index.ts'
import { filesWithRoom, openRoom } from './platform/room/index.ts'

export type Connection = { connectionString?: string; host?: string; port?: number; user?: string; database?: string; max?: number }
export type MadeApp = { app: App; work(): Promise<void>; close(): Promise<void> }

/** Wires the parts together on a migrated database. Whoever calls it closes it. */
export async function makeApp(options: { environment: Record<string, string | undefined>; connection: Connection; now?: () => Date }): Promise<MadeApp> {
  const config = readConfig(options.environment)
  const now = options.now ?? (() => new Date())
  const log = logger(config.logLevel)
  const metrics = openMetrics()
  const version = programVersion()
  const traces = await openTraces(config.traces, { service: `hearth-${config.roles.join('-')}`, version, onTrouble: (error) => log.warn('traces are not taken', { error: String(error) }) })
  const database = openDatabase(options.connection, { urls: config.replicaUrls, log }, traces.on ? (text, took) => traces.note(`sql ${text.trimStart().split(/\s/, 1)[0]!.toLowerCase().slice(0, 20)}`, { 'db.system.name': 'postgresql', 'db.query.text': text }, took) : undefined)
  const jobs = traces.on ? withTraces(plainJobs, traces) : plainJobs
  await mkdir(join(config.dataFolder, 'media'), { recursive: true })
  const presence = await joinProcesses(() => new pg.Client({ connectionTimeoutMillis: 4_000, query_timeout: 4_000, ...options.connection }), log, { roles: config.roles })
  const newId = idMaker(presence, () => now().getTime())
  const connect = () => new pg.Client({ connectionTimeoutMillis: 5_000, keepAlive: true, ...options.connection })
  const bus = await openBus({ connect, database, log, address: config.bus })
  const changes = await openChanges(connect, log)
  const room = await openRoom(config.dataFolder, config.diskReserve)
  const places: Places = { disk: filesWithRoom(localFiles(join(config.dataFolder, 'media')), room), ...(config.s3 ? { s3: s3Files(config.s3, { onTrouble: (error) => log.warn('the bucket does not answer', { error: String(error) }) }) } : {}) }
  const app: App = {
    config, version, database, newId, presence, now, jobs, bus, changes, log, room, metrics, traces, place: openPlace(),
    // With a database of its own on another machine there may be others that work on what came in here.
    files: storagePlaces(places, homeKeeper(database.queries), { shared: config.databaseUrl !== undefined }),
    places,
    mailer: openMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom, newId, jobs, tell: metrics.mail }),
    outbound: openOutbound({ userAgent: `Hearth (+${config.publicUrl})`, allow: config.fetchAllow }),
    limits: openLimits(database.queries, config.rateLimitScale),
    record: async (tx, event) => jobs.addAtEnd(database, tx, 'event', event as unknown as Record<string, unknown>),
    caches: new Map(),
  }
  useScreening(app)
  useTrust(app)
  observeApp(app)
  return {
    app,
    work: () => runWaitingJobs(database, allTasks(app)),
    async close() {
      await traces.close()
      metrics.close()
      room.close()
      await bus.close()
      await changes.close()
      await presence.close()
      await database.close()
    },
  }
}

const programVersion = () => (JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }).version
