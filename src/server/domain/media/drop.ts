import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { storedName } from './files.ts'
import { deleteMediaOf, deleteMediaOfPosts } from './queries-drop.ts'

const batch = 200

/** Every file of an account goes, rows first: a crash between leaves orphans, which the sweep finds. */
export async function dropMediaOf(app: App, accountId: AccountId): Promise<void> {
  for (;;) {
    const keys = await deleteMediaOf(app.database.queries, accountId, batch)
    for (const key of keys) await app.files.remove(storedName(key))
    if (keys.length < batch) return
  }
}

/** The files of posts that are gone for good. */
export async function dropMediaOfPosts(app: App, postIds: string[]): Promise<void> {
  for (const key of await deleteMediaOfPosts(app.database.queries, postIds)) await app.files.remove(storedName(key))
}
