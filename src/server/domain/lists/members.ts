import type { App } from '#server/app.ts'
import type { Account, AccountId, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { conflict, notFound } from '#server/platform/errors.ts'
import { isId } from '#server/platform/ids/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import { seeList } from './lists.ts'
import { countFollowed, countLists, countMembers, deleteMembers, insertMembers, selectMembers } from './queries.ts'
import type { ListId } from './types.ts'

const most = 500

/** Who is on an own list, the newest first. */
export async function listMembers(app: App, viewer: Account, id: ListId, ask: PageAsk = {}): Promise<Page<AccountView>> {
  await seeList(app, viewer, id)
  const clean = cleanAsk(ask, 40)
  const page = cutPage(await selectMembers(app.database.queries, id, clean), clean, (row) => row.key)
  const views = await accountViews(app, page.items.map((row) => row.account_id))
  return { ...page, items: page.items.flatMap((row) => views.get(row.account_id) ?? []) }
}

/** Puts people on an own list, all or none; only whom the member follows (or asked to), at most five hundred. Twice is once. They leave it when they are unfollowed. */
export async function addToList(app: App, viewer: Account, id: ListId, accountIds: AccountId[]): Promise<void> {
  await seeList(app, viewer, id)
  const ids = [...new Set(accountIds)]
  if (!ids.every(isId)) throw notFound()
  if (ids.length === 0) return
  await app.database.inTransaction(async (tx) => {
    await countLists(tx, viewer.id)
    if (await countFollowed(tx, viewer.id, ids) < ids.length) throw notFound()
    await insertMembers(tx, id, viewer.id, ids.map((account_id) => ({ id: app.newId(), account_id })))
    if (await countMembers(tx, id) > most) throw conflict('tooManyOnList', { most })
  })
}

/** Takes people off an own list; who isn't on it doesn't matter. */
export async function removeFromList(app: App, viewer: Account, id: ListId, accountIds: AccountId[]): Promise<void> {
  await seeList(app, viewer, id)
  await app.database.inTransaction((tx) => deleteMembers(tx, id, accountIds.filter(isId)))
}
