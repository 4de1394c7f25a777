import type { App } from '#server/app.ts'
import type { HearthEvent } from '#server/event.ts'
import { handleEvent, tasks, timetable } from '#server/events.ts'
import { startWorker } from '#server/platform/jobs/index.ts'
import type { Task } from '#server/platform/jobs/index.ts'

/** Every job by its name: what events.ts lists, and what follows from an event. */
export function allTasks(app: App): Record<string, Task> {
  return {
    ...tasks(app),
    event: async (payload, job) => handleEvent(app, payload as unknown as HearthEvent, job.id),
  }
}

/** Works through the queue until stopped; `stop` lets running jobs finish. */
export function startJobs(app: App): Promise<{ stop(): Promise<void> }> {
  return startWorker(app.database, app.log, allTasks(app), timetable, app.presence.worksAs)
}
