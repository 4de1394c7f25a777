import type { App } from '#server/app.ts'
import type { Account, AccountId, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectFamiliar } from './queries-kept.ts'

const most = { accounts: 40, each: 40 }

/** Of those whom the viewer follows: who follows each of these accounts, the latest first, at most forty each. Nobody in a block with the viewer. */
export async function familiarFollowers(app: App, viewer: Account, ids: AccountId[]): Promise<Map<AccountId, AccountView[]>> {
  const wanted = [...new Set(ids)].filter(isId).slice(0, most.accounts)
  const rows = wanted.length ? await selectFamiliar(app.database.queries, viewer.id, wanted, most.each) : []
  const views = await accountViews(app, rows.map((row) => row.account_id))
  const of = Map.groupBy(rows, (row) => row.followed_id)
  return new Map(wanted.map((id) => [id, (of.get(id) ?? []).flatMap((row) => views.get(row.account_id) ?? [])]))
}
