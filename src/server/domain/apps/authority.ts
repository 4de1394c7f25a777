import type { App } from '#server/app.ts'
import { isActor, noteReading, toAccount } from '#server/domain/accounts/index.ts'
import { hashSecret } from '#server/platform/secrets/index.ts'
import { dayOf } from './client.ts'
import { selectGoodToken, touchApp, touchToken } from './queries.ts'
import type { Authority } from './types.ts'

/** Who a bearer token speaks for and what it may do; null for unknown, ended and revoked ones, and where the account may not act. */
export async function viewerFromToken(app: App, bearer: string): Promise<Authority | null> {
  const row = await selectGoodToken(app.database.queries, hashSecret(bearer), app.now())
  if (!row) return null
  const viewer = isActor(row) ? toAccount(row) : null
  if (row.account_id && (!viewer || viewer.state === 'suspended' || viewer.state === 'deleted')) return null
  const today = dayOf(app.now())
  // The day of the last use is kept and no more: it isn't for following a member about.
  if (!row.last_used_at || dayOf(row.last_used_at) !== today) {
    if (viewer && (viewer.state === 'active' || viewer.state === 'limited')) await noteReading(app, viewer.id)
    await touchToken(app.database.queries, row.token_id, new Date(today))
    if (row.app_id) await touchApp(app.database.queries, row.app_id, today)
  }
  return { viewer, scopes: new Set(row.scopes.split(' ')), tokenId: row.token_id, appId: row.app_id, appName: row.app_name, expiresAt: row.expires_at }
}
