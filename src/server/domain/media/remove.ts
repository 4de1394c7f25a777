import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import { storedName } from './files.ts'
import { deleteFree } from './queries.ts'

/** Takes back an upload that nothing uses yet, files and all. */
export async function removeMedia(app: App, owner: Account, id: string): Promise<void> {
  if (!isId(id)) throw notFound('uploadGone')
  const key = await app.database.inTransaction((tx) => deleteFree(tx, owner.id, id))
  if (!key) throw notFound('uploadGone')
  // After the commit: a crash here leaves an orphan, which the sweep finds.
  await app.files.remove(storedName(key))
}
