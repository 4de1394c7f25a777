import type { App } from '#server/app.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import { dropMediaOf, dropMediaOfPosts } from '#server/domain/media/index.ts'
import { forgetPosts, forgetReactions, purgePosts, selectPostsOf, setPostsCount } from './queries-forget.ts'

const batch = 500
const keptDays = 30

/** What an account wrote and pressed goes away, in steps that can be run again; counters stay right at every step. */
export async function forgetPostsOf(app: App, accountId: AccountId): Promise<void> {
  for (let more = true; more;) {
    more = await app.database.inTransaction(async (tx) => {
      const ids = await selectPostsOf(tx, accountId, batch)
      if (ids.length) await forgetPosts(tx, ids, app.now())
      await setPostsCount(tx, accountId)
      return ids.length === batch
    })
  }
  await app.database.inTransaction((tx) => forgetReactions(tx, accountId))
  await dropMediaOf(app, accountId)
}

/** Job: posts that were deleted a month ago leave the database, files and all. Until then a moderator can see what a report was about. */
export async function purgeDeletedPosts(app: App): Promise<void> {
  const before = new Date(app.now().getTime() - keptDays * 86_400_000)
  for (;;) {
    const ids = await app.database.inTransaction((tx) => purgePosts(tx, before, batch))
    if (ids.length) await dropMediaOfPosts(app, ids)
    if (ids.length < batch) return
  }
}
