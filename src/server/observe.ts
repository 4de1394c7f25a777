import { statfs } from 'node:fs/promises'
import type { App } from './app.ts'
import { jobFigures } from './domain/operations/index.ts'

/** Tells the metrics where the numbers of this process and of the community are to be had. Nothing is asked before somebody looks. */
export function observeApp(app: App): void {
  const { metrics, database: { pool } } = app
  metrics.gauges('hearth_database_connections', 'Connections to the database of this process; waiting: requests that want one', 'state', () => ({ used: pool.totalCount - pool.idleCount, idle: pool.idleCount, waiting: pool.waitingCount }))
  metrics.gauges('hearth_replicas', 'Replicas of the database that this process reads from, and those that are away or behind', 'state', () => ({ up: app.database.replicas().filter((one) => one.up).length, away: app.database.replicas().filter((one) => !one.up).length }))
  const jobs = () => jobFigures(app)
  metrics.gauges('hearth_jobs_waiting', 'Jobs that could run now and wait, of the whole community, by name', 'job', async () => (await jobs()).waiting)
  metrics.gauge('hearth_jobs_later', 'Jobs that are planned for later', async () => (await jobs()).later)
  metrics.gauge('hearth_jobs_running', 'Jobs that run now, in any process', async () => (await jobs()).running)
  metrics.gauge('hearth_jobs_given_up', 'Jobs that failed so often that they are not tried again', async () => (await jobs()).failed)
  metrics.gauge('hearth_jobs_oldest_seconds', 'How long the job that waits longest has been waiting', async () => (await jobs()).oldest)
  metrics.gauge('hearth_media_waiting', 'Pictures, films and songs that wait to be made ready', async () => (await jobs()).waiting['processMedia'] ?? 0)
  metrics.gauges('hearth_disk_bytes', 'The disk of the data folder', 'state', async () => {
    const { bavail, blocks, bsize } = await statfs(app.config.dataFolder)
    return { free: bavail * bsize, all: blocks * bsize }
  })
  const kept = (of: 'hits' | 'made' | 'bytes') => Object.fromEntries(Object.entries(app.changes.figures()).map(([name, figures]) => [name, figures[of]]))
  metrics.counts('hearth_kept_hits_total', 'Answers given from memory, by what is kept', 'kept', () => kept('hits'))
  metrics.counts('hearth_kept_made_total', 'Answers that had to be made, by what is kept', 'kept', () => kept('made'))
  metrics.gauges('hearth_kept_bytes', 'Memory that kept answers take, by their own count', 'kept', () => kept('bytes'))
}
