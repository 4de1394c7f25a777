import { statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { App } from '#server/app.ts'
import { jobFigures } from './jobs.ts'
import { deleteHealthBefore, insertCommunity, insertMinute } from './queries-health.ts'

const minuteMs = 60_000
const keptDays = 28

export type Self = { process: string; roles: string; version: string; startedAt: Date }

const streams = 'operations.streams'
/** Says how the open streams of this process are counted; where nobody does, there are none. */
export const tellStreams = (app: App, count: () => number): void => { app.caches.set(streams, count) }

/** Writes down how this process fared since the last time, and, if nobody has yet, how the community does. */
export async function writeMinute(app: App, self: Self): Promise<void> {
  const at = new Date(Math.floor((app.now().getTime() - 1) / minuteMs) * minuteMs)
  const seen = app.metrics.take()
  await insertMinute(app.database.queries, {
    at, process: self.process, roles: self.roles, version: self.version, started_at: self.startedAt, requests: seen.requests, refused: seen.refused, errors: seen.errors, latency: seen.latency,
    jobs: seen.jobs, jobs_failed: seen.jobsFailed, mails: seen.mails, mails_failed: seen.mailsFailed, memory: process.memoryUsage.rss(), loop_lag: app.metrics.loopLag(), streams: (app.caches.get(streams) as (() => number) | undefined)?.() ?? 0, connections_waiting: app.database.pool.waitingCount,
  })
  const jobs = await jobFigures(app)
  const disk = await statfs(app.config.dataFolder).catch(() => null)
  await insertCommunity(app.database.queries, at, { waiting: Object.values(jobs.waiting).reduce((all, one) => all + one, 0), failed: jobs.failed, oldest: jobs.oldest, media: jobs.waiting['processMedia'] ?? 0 }, disk ? disk.bavail * disk.bsize : null)
}

/** Does so each minute until stopped. While the database is away, that minute is lost and the next is tried. */
export function keepMinutes(app: App, self: Omit<Self, 'process' | 'startedAt'>): { stop(): void } {
  const me: Self = { ...self, process: `${hostname().slice(0, 60)}:${process.pid}`, startedAt: app.now() }
  app.metrics.loopLag()
  const write = () => { writeMinute(app, me).catch((error: unknown) => app.log.warn('how this minute went could not be written down', { error: String(error) })) }
  const timer = setInterval(write, minuteMs)
  const first = setTimeout(write, 5000)
  timer.unref()
  first.unref()
  return { stop() { clearInterval(timer); clearTimeout(first) } }
}

/** Job: what is older than four weeks goes. */
export const sweepHealth = (app: App): Promise<void> => deleteHealthBefore(app.database.queries, new Date(app.now().getTime() - keptDays * 86_400_000))
