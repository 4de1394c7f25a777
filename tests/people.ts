import type { Account, Role } from '../src/server/domain/accounts/index.ts'
import type { App } from '../src/server/app.ts'

type Wish = Partial<{ displayName: string; role: Role; state: Account['state']; locked: boolean }>

/** Puts a member straight into the database: for tests of rooms that don't care how one joins. */
export async function person(app: App, username: string, wish: Wish = {}): Promise<Account> {
  const id = app.newId<'account'>()
  const { displayName = '', role = 'member', state = 'active', locked = false } = wish
  const createdAt = app.now()
  await app.database.queries.insertInto('accounts').values({
    id, username, username_key: username.toLowerCase(), username_skeleton: username.toLowerCase(), display_name: displayName, role, state, locked, created_at: createdAt,
  }).execute()
  return { id, username, displayName, role, state, locale: 'en', locked, defaultAudience: 'members', defaultLanguage: null, preferences: {}, createdAt }
}
