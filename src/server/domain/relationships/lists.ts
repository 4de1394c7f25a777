import type { App } from '#server/app.ts'
import type { Account, AccountId, AccountView, Viewer } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import type { CleanAsk, Page, PageAsk } from '#server/platform/page/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { ListRow } from './queries-lists.ts'
import { selectBlocked, selectFollowers, selectFollowing, selectMuted } from './queries-lists.ts'

/** Who follows this account, newest first. Whoever is in a block with the viewer is left out. */
export async function followers(app: App, viewer: Viewer, accountId: AccountId, ask: PageAsk = {}): Promise<Page<AccountView>> {
  return listOf(app, ask, async (clean) => isId(accountId) ? selectFollowers(app.database.queries, accountId, 'accepted', viewer?.id ?? null, clean) : [])
}

/** Whom this account follows, newest first. */
export async function following(app: App, viewer: Viewer, accountId: AccountId, ask: PageAsk = {}): Promise<Page<AccountView>> {
  return listOf(app, ask, async (clean) => isId(accountId) ? selectFollowing(app.database.queries, accountId, viewer?.id ?? null, clean) : [])
}

/** Who asks to follow the viewer. */
export async function followRequests(app: App, viewer: Account, ask: PageAsk = {}): Promise<Page<AccountView>> {
  return listOf(app, ask, (clean) => selectFollowers(app.database.queries, viewer.id, 'requested', viewer.id, clean))
}

export async function mutedAccounts(app: App, viewer: Account, ask: PageAsk = {}): Promise<Page<AccountView>> {
  return listOf(app, ask, (clean) => selectMuted(app.database.queries, viewer.id, app.now(), clean))
}

export async function blockedAccounts(app: App, viewer: Account, ask: PageAsk = {}): Promise<Page<AccountView>> {
  return listOf(app, ask, (clean) => selectBlocked(app.database.queries, viewer.id, clean))
}

/** A page of people from rows that were asked for with one more than the limit. */
export async function listOf(app: App, ask: PageAsk, rowsFor: (ask: CleanAsk) => Promise<ListRow[]>): Promise<Page<AccountView>> {
  const clean = cleanAsk(ask, 40)
  const page = cutPage(await rowsFor(clean), clean, (row) => row.key)
  const views = await accountViews(app, page.items.map((row) => row.account_id))
  return { ...page, items: page.items.flatMap((row) => views.get(row.account_id) ?? []) }
}
