import type { App } from '#server/app.ts'
import { deleteOldKeys } from './queries.ts'

const kept = 24 * 3_600_000

/** The nightly job: idempotency keys are kept for 24 hours. */
export async function forgetOldKeys(app: App): Promise<void> {
  await deleteOldKeys(app.database.queries, new Date(app.now().getTime() - kept))
}
