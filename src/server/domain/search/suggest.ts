import type { App } from '#server/app.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews } from '#server/domain/accounts/index.ts'
import { countryHere } from '#server/domain/withholding/index.ts'
import { fold } from '#server/platform/text/fold.ts'
import { nameKey } from '#server/platform/text/marks.ts'
import { selectPeopleByPrefix, selectTags } from './queries.ts'
import type { TagView } from './types.ts'
import { readQuery } from './words.ts'

const most = 8

/** People to mention whose name begins like this; those the viewer follows first. */
export async function suggestPeople(app: App, viewer: Account, prefix: string): Promise<AccountView[]> {
  const key = nameKey(readQuery(prefix.replace(/^@/, '')))
  if (!key) return []
  const ids = await selectPeopleByPrefix(app.database.queries, key, { readerId: viewer.id, readMode: 'everyone', country: await countryHere(app) }, most)
  const views = await accountViews(app, ids)
  return ids.flatMap((id) => views.get(id) ?? [])
}

/** Tags that begin like this, the most used first. */
export async function suggestTags(app: App, prefix: string): Promise<TagView[]> {
  const key = fold(readQuery(prefix.replace(/^[#＃]/u, '')))
  return key ? selectTags(app.database.queries, key, true, '0', most) : []
}
