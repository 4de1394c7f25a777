import type { App } from '#server/app.ts'
import { audit, demandAdmin } from '#server/domain/instance/index.ts'
import type { Actor } from '#server/domain/instance/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { forgetJobs, retryJobs, selectJobCounts, selectJobs } from './queries-jobs.ts'
import type { JobCount, JobState } from './queries-jobs.ts'

export type { JobCount, JobState } from './queries-jobs.ts'
export type JobLine = { id: string; name: string; state: JobState; /** what it is about: ids and numbers; anything else is left out */ about: Record<string, string>; attempts: number; maxAttempts: number; error: string | null; runAt: string; createdAt: string }

/** Jobs, newest first. Admins, the owner and the command line. */
export async function listJobs(app: App, actor: Actor, which: { state?: JobState | null; name?: string | null }, ask: PageAsk = {}): Promise<Page<JobLine>> {
  demandAdmin(actor)
  const clean = cleanAsk(ask, 30)
  const page = cutPage(await selectJobs(app.database.queries, { state: which.state ?? null, name: which.name ?? null }, clean), clean, (row) => row.id)
  return { ...page, items: page.items.map((row) => ({
    id: row.id, name: row.name, state: row.state, about: aboutOf(row.payload), attempts: row.attempts, maxAttempts: row.max_attempts, error: row.last_error, runAt: row.run_at.toISOString(), createdAt: row.created_at.toISOString(),
  })) }
}

/** How many of each name, by state. */
export async function jobCounts(app: App, actor: Actor): Promise<JobCount[]> {
  demandAdmin(actor)
  return selectJobCounts(app.database.queries)
}

/** Tries one again at once, from its first attempt, or all that were given up (of one name). On record. Throws notFound where it is done, gone or running. */
export async function retryJob(app: App, actor: Actor, which: { id: string } | { failed: true; name?: string | null }): Promise<number> {
  demandAdmin(actor)
  const again = await app.database.inTransaction(async (tx) => {
    const jobs = 'id' in which ? isJobId(which.id) ? await retryJobs(tx, { ids: [which.id] }) : [] : await retryJobs(tx, { failed: true, name: which.name ?? null })
    if (jobs.length) await audit(app, tx, actor, 'job.retry', { kind: 'job', id: 'id' in which ? which.id : 'failed' }, { jobs: namesOf(jobs), count: jobs.length })
    return jobs.length
  })
  app.caches.delete('operations.jobs')
  if (again === 0 && 'id' in which) throw notFound()
  return again
}

/** Takes one out of the list for good: what it would have done is not done. On record. Throws notFound where it is done, gone or running. */
export async function forgetJob(app: App, actor: Actor, id: string): Promise<void> {
  demandAdmin(actor)
  await app.database.inTransaction(async (tx) => {
    const [gone] = isJobId(id) ? await forgetJobs(tx, [id]) : []
    if (!gone) throw notFound()
    await audit(app, tx, actor, 'job.forget', { kind: 'job', id }, { jobs: [gone.name] })
  })
  app.caches.delete('operations.jobs')
}

const isJobId = (id: string) => /^\d{1,18}$/.test(id)
const namesOf = (jobs: { name: string }[]) => [...new Set(jobs.map((one) => one.name))].toSorted().slice(0, 50)

/** Payloads hold ids and small values; an address or a sentence among them is nobody's business here. */
function aboutOf(payload: unknown): Record<string, string> {
  if (typeof payload !== 'object' || payload === null) return {}
  return Object.fromEntries(Object.entries(payload).flatMap(([name, value]) => /^(?:\d{1,20}|true|false|[a-z]+(?:\.[a-z]+)?)$/i.test(String(value)) ? [[name, String(value)]] : []).slice(0, 8))
}
