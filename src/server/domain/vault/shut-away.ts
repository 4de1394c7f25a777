import type { App } from '#server/app.ts'
import { blobName } from '#server/domain/media/index.ts'
import { selectShutAway } from './queries-shut-away.ts'
import { sealedCategories } from './seal.ts'

/** Names of stored files that nobody may see: in quarantine, or evidence of the hardest kinds, and shown nowhere else. They must not lie in clear anywhere but here. */
export async function shutAwayFiles(app: App): Promise<Set<string>> {
  return new Set((await selectShutAway(app.database.queries, [...sealedCategories])).map(blobName))
}
