import type { App } from '#server/app.ts'
import type { AccountId, AccountView, Viewer } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import type { CleanAsk, Page, PageAsk } from '#server/platform/page/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import { selectBoosters, selectLikers } from './queries-acts.ts'
import { selectEdits } from './queries-view.ts'
import type { EditView, PostId } from './types.ts'
import { seePost } from './view.ts'

/** Every version of a post, oldest first; empty when it was never edited. */
export async function editsOf(app: App, viewer: Viewer, id: PostId): Promise<EditView[]> {
  await seePost(app, viewer, id)
  const rows = await selectEdits(app.database.queries, id)
  return rows.map((row) => ({ text: row.text, html: row.html, warning: row.warning, sensitive: row.sensitive, createdAt: row.created_at.toISOString() }))
}

/** Who likes a post, newest first. */
export async function likersOf(app: App, viewer: Viewer, id: PostId, ask: PageAsk = {}): Promise<Page<AccountView>> {
  return peopleOf(app, viewer, id, ask, selectLikers)
}

/** Who boosted a post, newest first. */
export async function boostersOf(app: App, viewer: Viewer, id: PostId, ask: PageAsk = {}): Promise<Page<AccountView>> {
  return peopleOf(app, viewer, id, ask, selectBoosters)
}

async function peopleOf(app: App, viewer: Viewer, id: PostId, ask: PageAsk, select: typeof selectLikers): Promise<Page<AccountView>> {
  await seePost(app, viewer, id)
  const clean: CleanAsk = cleanAsk(ask, 40)
  const page = cutPage(await select(app.database.queries, id, viewer?.id ?? null, clean), clean, (row) => row.key)
  const views = await accountViews(app, page.items.map((row): AccountId => row.account_id))
  return { ...page, items: page.items.flatMap((row) => views.get(row.account_id) ?? []) }
}
