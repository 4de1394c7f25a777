import type { App } from '#server/app.ts'
import type { HearthEvent } from '#server/event.ts'
import { handleEvent, tasks, timetable } from '#server/events.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { mustWait } from '#server/domain/operations/index.ts'
import { causeOf, startWorker } from '#server/platform/jobs/index.ts'
import type { Task } from '#server/platform/jobs/index.ts'

/** Every job by its name: what events.ts lists, and what follows from an event. */
export function allTasks(app: App): Record<string, Task> {
  const all: Record<string, Task> = {
    ...tasks(app),
    event: async (payload, job) => handleEvent(app, payload as unknown as HearthEvent, job.id),
  }
  return Object.fromEntries(Object.entries(all).map(([name, task]) => [name, timed(app, name, traced(app, name, unlessLocked(app, name, task)))]))
}

/** Each a trace of its own, linked to what caused it. */
const traced = (app: App, name: string, task: Task): Task => (given, job) => {
  const { payload, cause } = causeOf(given)
  return app.traces.span(`job ${name}`, { 'hearth.job': name, 'hearth.attempt': job.attempts }, () => task(payload, job), { kind: 'consumer', links: cause ? [cause] : [] })
}

/** How long each took, and how it ended, for whoever looks after the machine. */
const timed = (app: App, name: string, task: Task): Task => async (payload, job) => {
  const began = performance.now()
  try {
    await task(payload, job)
    app.metrics.jobDone(name, 'done', (performance.now() - began) / 1000)
  } catch (error) {
    app.metrics.jobDone(name, 'failed', (performance.now() - began) / 1000)
    throw error
  }
}

const afterLockdownMs = 60_000

/** While the community is locked, what must wait asks again in a minute; what the clock starts comes again by itself. */
const unlessLocked = (app: App, name: string, task: Task): Task => async (payload, job) => {
  if (!mustWait((await readSettings(app)).lockdown, name)) return task(payload, job)
  if (!timetable.includes(` ${name}\n`)) await app.jobs.add(app.database.queries, name, payload, { runAt: new Date(Date.now() + afterLockdownMs), maxAttempts: job.maxAttempts, key: `locked:${name}:${JSON.stringify(payload)}`.slice(0, 400) })
}

/** Works through the queue until stopped; `stop` lets running jobs finish. */
export function startJobs(app: App): Promise<{ stop(): Promise<void> }> {
  return startWorker(app.database, app.log, allTasks(app), timetable, app.presence.worksAs)
}
