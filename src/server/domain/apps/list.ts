import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { selectAppsOf } from './queries.ts'
import { allScopes, withoutCovered } from './scopes.ts'
import type { AppView } from './types.ts'

/** What may act in the member's name, last used first: apps and their own scripts. */
export async function appsOf(app: App, member: Account): Promise<AppView[]> {
  return (await selectAppsOf(app.database.queries, member.id, app.now())).map((row) => {
    const held = new Set(row.scopes.split(' '))
    return {
      id: row.id, name: row.name, website: row.website, scopes: withoutCovered([...allScopes].filter((scope) => held.has(scope))),
      since: row.since.toISOString(), lastUsed: row.last_used?.toISOString() ?? null, own: row.own,
    }
  })
}
