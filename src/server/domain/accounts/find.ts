import type { App } from '#server/app.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectAccounts, selectByKey, selectMemberCount, selectPostCount, selectNewest } from './queries.ts'
import type { AccountRow } from './queries.ts'
import type { Account, AccountId, Preferences } from './types.ts'
import { usernameKey } from './username.ts'

/** The account with this id, whatever its state; null when there is none. */
export async function findAccount(app: App, id: AccountId | string): Promise<Account | null> {
  if (!isId(id)) return null
  const [row] = await selectAccounts(app.database.queries, [id])
  return row ? toAccount(row) : null
}

/** The account with this name, in any case and Unicode form; null when there is none. */
export async function findAccountByUsername(app: App, username: string): Promise<Account | null> {
  const key = usernameKey(username.replace(/^@/, ''))
  // What can't be a name isn't asked of the database: it may hold what PostgreSQL can't.
  if (key.length > 60 || !/^[\p{L}\p{M}\p{Nd}_]+$/u.test(key)) return null
  const row = await selectByKey(app.database.queries, key)
  return row ? toAccount(row) : null
}

/** How many people belong here (waiting, suspended and deleted ones don't count). Kept for a minute. */
export async function countMembers(app: App): Promise<number> {
  const kept = app.caches.get('accounts.count') as { at: number; count: number } | undefined
  if (kept && app.now().getTime() - kept.at < 60_000) return kept.count
  const count = await selectMemberCount(app.database.queries)
  app.caches.set('accounts.count', { at: app.now().getTime(), count })
  return count
}

/** How many posts there are, as the accounts count them. Kept as long as the members' number. */
export async function countPosts(app: App): Promise<number> {
  const kept = app.caches.get('accounts.posts') as { at: number; count: number } | undefined
  if (kept && app.now().getTime() - kept.at < 60_000) return kept.count
  const count = await selectPostCount(app.database.queries)
  app.caches.set('accounts.posts', { at: app.now().getTime(), count })
  return count
}

/** What is needed to know who acts: columns of `accounts as a`, for whoever finds them by a token or a session in one statement. */
export const actorColumns = ['a.id', 'a.username', 'a.display_name', 'a.role', 'a.state', 'a.locked', 'a.locale', 'a.default_audience', 'a.default_language', 'a.preferences', 'a.created_at'] as const
export type ActorRow = Pick<AccountRow, 'id' | 'username' | 'display_name' | 'role' | 'state' | 'locked' | 'locale' | 'default_audience' | 'default_language' | 'preferences' | 'created_at'>

/** Where they were joined from the left: is there anybody? */
export const isActor = <Row extends { [Column in keyof ActorRow]: ActorRow[Column] | null }>(row: Row): row is Row & ActorRow => row.id !== null

/** A row as who acts. */
export function toAccount(row: ActorRow): Account {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    role: row.role,
    state: row.state,
    locale: row.locale === 'ar' ? 'ar' : 'en',
    locked: row.locked,
    defaultAudience: row.default_audience as Account['defaultAudience'],
    defaultLanguage: row.default_language,
    preferences: (row.preferences ?? {}) as Preferences,
    createdAt: row.created_at,
  }
}

/** The newest accounts, for the command line. */
export async function accountList(app: App, most: number): Promise<Account[]> {
  return (await selectNewest(app.database.queries, most)).map(toAccount)
}
