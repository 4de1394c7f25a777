import type { App } from '#server/app.ts'
import type { AccountView, Viewer } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { selectDirectory } from './queries-directory.ts'

const most = { limit: 80, offset: 10_000 }

/**
 * Members who want to be found: those who wrote last first, or (`new`) those who joined last. Whom the viewer blocks or mutes,
 * and who blocks them, is left out. Paged by offset, as apps ask for it; it ends after ten thousand.
 */
export async function directory(app: App, viewer: Viewer, ask: { order?: 'active' | 'new'; offset?: number; limit?: number } = {}): Promise<AccountView[]> {
  const limit = Math.min(most.limit, Math.max(1, Math.floor(ask.limit ?? 40)))
  const offset = Math.max(0, Math.floor(ask.offset ?? 0))
  if (offset > most.offset) return []
  const ids = await selectDirectory(app.database.queries, viewer?.id ?? null, ask.order ?? 'active', offset, limit, app.now())
  const views = await accountViews(app, ids)
  return ids.flatMap((id) => views.get(id) ?? [])
}
