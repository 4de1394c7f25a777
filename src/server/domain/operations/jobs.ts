import type { App } from '#server/app.ts'
import { selectJobCounts } from './queries-jobs.ts'

export type JobFigures = { waiting: Record<string, number>; later: number; running: number; failed: number; oldest: number; at: number }

const keptMs = 5000

/** What the queue holds, at most five seconds old: however many ask, the database is asked once. */
export function jobFigures(app: App): Promise<JobFigures> {
  const known = app.caches.get('operations.jobs') as { at: number; made: Promise<JobFigures> } | undefined
  if (known && performance.now() - known.at < keptMs) return known.made
  const made = count(app)
  app.caches.set('operations.jobs', { at: performance.now(), made })
  made.catch(() => app.caches.delete('operations.jobs'))
  return made
}

async function count(app: App): Promise<JobFigures> {
  const rows = await selectJobCounts(app.database.queries)
  const sum = (of: 'later' | 'running' | 'failed') => rows.reduce((all, row) => all + row[of], 0)
  return {
    waiting: Object.fromEntries(rows.flatMap((row) => row.waiting ? [[row.name, row.waiting]] : [])), later: sum('later'), running: sum('running'), failed: sum('failed'),
    oldest: Math.max(0, ...rows.map((row) => row.oldest ?? 0)), at: Date.now(),
  }
}
