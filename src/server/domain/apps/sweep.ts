import type { App } from '#server/app.ts'
import { deleteUnused } from './queries-grants.ts'

/**
 * Job: ended codes and tokens go, and apps that speak for nobody and haven't shown themselves for a year: websites keep
 * what they registered for long, and would find themselves unknown.
 */
export const forgetUnusedApps = (app: App): Promise<void> => deleteUnused(app.database.queries, app.now(), { codes: 1, tokens: 30, apps: 365 })
