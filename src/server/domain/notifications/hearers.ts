import type { App } from '#server/app.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import { visibleTo } from '#server/domain/posts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import { selectHearers, selectHomes } from './queries-hearers.ts'

/** Which of these people may see the post: the posts room's rule, asked for many at once. A boost only with what it boosts. `removed`: who could, were it still there. */
export async function whoMaySee(app: App, postId: PostId, accountIds: string[], removed = false): Promise<Set<string>> {
  if (accountIds.length === 0) return new Set()
  const [{ readMode }, rows] = await Promise.all([readSettings(app), selectHearers(app.database.queries, postId, accountIds)])
  const seen = new Set<string>(rows.map((row) => row.id))
  for (const row of rows) if (!visibleTo({ id: row.id, state: row.account_state, preferences: row.preferences }, readMode, removed ? { ...row, deleted: false, state: 'published' } : row)) seen.delete(row.id)
  return seen
}

/** To whose home, among these people, a new post comes (or came, when it is `removed`): for pages that are open now. */
export async function whoseHome(app: App, postId: PostId, accountIds: string[], removed = false): Promise<Set<string>> {
  if (accountIds.length === 0) return new Set()
  return whoMaySee(app, postId, await selectHomes(app.database.queries, postId, accountIds, app.now()), removed)
}
