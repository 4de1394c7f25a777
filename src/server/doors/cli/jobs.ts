import { jobCounts, listJobs, retryJob } from '#server/domain/operations/index.ts'
import type { JobState } from '#server/domain/operations/index.ts'
import { UsageError, text } from './command.ts'
import type { Command } from './command.ts'

const states: JobState[] = ['failed', 'running', 'waiting', 'later']

/** hearth jobs list: how many of each name, then those that were asked for. */
export const listJobsCommand: Command = async (app, values, _words, out) => {
  const wanted = text(values, 'state')
  const state = states.find((one) => one === wanted) ?? null
  if (wanted && !state) throw new UsageError(`--state is one of ${states.join(', ')}; not '${wanted}'.`)
  const most = Number(text(values, 'limit') ?? 30)
  if (!Number.isInteger(most) || most < 1 || most > 10_000) throw new UsageError('--limit is a whole number from 1 to 10000.')
  const name = text(values, 'job') ?? null
  const counts = await jobCounts(app, 'command')
  const jobs: Awaited<ReturnType<typeof listJobs>>['items'] = []
  for (let before: string | undefined; jobs.length < most;) {
    const page = await listJobs(app, 'command', { state, name }, { before, limit: Math.min(40, most - jobs.length) })
    jobs.push(...page.items)
    if (!page.older) break
    before = page.older
  }
  for (const one of counts) out.line(`${one.name.padEnd(24)} ${states.map((kind) => `${one[kind]} ${kind}`).join(', ')}`)
  if (counts.length === 0) out.line('There are no jobs.')
  if (jobs.length) out.line('')
  for (const job of jobs) out.line(`${job.id.padStart(8)}  ${job.state.padEnd(8)} ${job.name.padEnd(20)} ${job.attempts}/${job.maxAttempts}  ${Object.entries(job.about).map(([key, value]) => `${key}=${value}`).join(' ')}${job.error ? `\n          ${job.error.split('\n')[0]}` : ''}`)
  out.json({ counts, jobs })
  return 0
}

/** hearth jobs retry: one by its number, or all that were given up. */
export const retryJobsCommand: Command = async (app, values, [id], out) => {
  if (id === undefined && values['failed'] !== true) throw new UsageError('Which? The number of a job, or --failed for all that were given up.')
  if (id !== undefined && values['failed'] === true) throw new UsageError('Either the number of a job or --failed.')
  const retried = await retryJob(app, 'command', id === undefined ? { failed: true, name: text(values, 'job') ?? null } : { id })
  out.line(retried === 1 ? 'One job is tried again.' : `${retried} jobs are tried again.`)
  out.json({ retried })
  return 0
}
