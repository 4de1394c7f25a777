import type { App } from '#server/app.ts'
import { deleteEnded } from './queries.ts'

/** Job: ended sessions, links and counters of limits go. */
export const forgetEnded = (app: App): Promise<void> => deleteEnded(app.database.queries, app.now())
