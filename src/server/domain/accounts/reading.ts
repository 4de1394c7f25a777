import type { App } from '#server/app.ts'
import { countReading } from './queries.ts'
import type { AccountId } from './types.ts'

/** The member is here: their days are counted, not what they read. Any number of times a day is once. */
export async function noteReading(app: App, id: AccountId): Promise<void> {
  await countReading(app.database.queries, id, app.now())
}
