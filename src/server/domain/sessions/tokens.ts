import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { invalid } from '#server/platform/errors.ts'
import { insertAccessToken, insertApp, selectTokenAccount } from './queries.ts'
import { hashSecret, newSecret } from './secrets.ts'

const things = ['accounts', 'blocks', 'bookmarks', 'favourites', 'filters', 'follows', 'lists', 'mutes', 'notifications', 'search', 'statuses']
/** Every scope of Mastodon's, by name. */
export const allScopes: ReadonlySet<string> = new Set(['read', 'write', 'follow', 'push', 'profile', 'admin:read', 'admin:write',
  ...things.map((thing) => `read:${thing}`), ...things.filter((thing) => thing !== 'search').map((thing) => `write:${thing}`), 'write:conversations', 'write:media', 'write:reports',
  ...['accounts', 'reports', 'domain_allows', 'domain_blocks', 'ip_blocks', 'email_domain_blocks', 'canonical_email_blocks'].flatMap((thing) => [`admin:read:${thing}`, `admin:write:${thing}`])])

/** Makes an application and a token for it at once: for the command line. Secrets are shown once. */
export async function createAccessToken(app: App, account: Account, scopes: string, name = 'Command line'): Promise<{ accessToken: string; clientId: string; clientSecret: string; scopes: string }> {
  const wanted = scopes.split(/[\s,]+/).filter(Boolean)
  const unknown = wanted.find((scope) => !allScopes.has(scope))
  if (unknown || wanted.length === 0) throw invalid('unknownScope', { scope: unknown ?? '' })
  const [accessToken, clientId, clientSecret] = [newSecret(), newSecret(), newSecret()]
  await app.database.inTransaction(async (tx) => {
    const appId = app.newId()
    await insertApp(tx, { id: appId, client_id: clientId, client_secret_hash: hashSecret(clientSecret), name, scopes: wanted.join(' '), redirect_uris: ['urn:ietf:wg:oauth:2.0:oob'] })
    await insertAccessToken(tx, { id: app.newId(), token_hash: hashSecret(accessToken), app_id: appId, account_id: account.id, scopes: wanted.join(' '), created_at: app.now() })
  })
  return { accessToken, clientId, clientSecret, scopes: wanted.join(' ') }
}

/** Who a bearer token speaks for and what it may do; null for unknown and revoked ones, and where the account may not act. */
export async function viewerFromToken(app: App, bearer: string): Promise<{ viewer: Account | null; scopes: Set<string>; tokenId: string; appName: string | null } | null> {
  const row = await selectTokenAccount(app.database.queries, hashSecret(bearer))
  if (!row) return null
  const viewer = row.account_id ? await findAccount(app, row.account_id) : null
  if (row.account_id && (!viewer || viewer.state === 'suspended' || viewer.state === 'deleted')) return null
  return { viewer, scopes: new Set(row.scopes.split(' ')), tokenId: row.token_id, appName: row.app_name }
}
