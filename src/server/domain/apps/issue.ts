import type { App } from '#server/app.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { hashSecret, newSecret } from '#server/platform/secrets/index.ts'
import { insertAccessToken } from './queries.ts'
import { insertRefreshToken } from './queries-grants.ts'
import type { IssuedToken, OAuthApp } from './types.ts'

const hours = 3_600_000
/** Of apps that asked for it; other tokens are good until they are revoked. */
export const accessLife = 2 * hours
const refreshLife = 90 * 24 * hours

/** Makes an access token, and a refresh token where the app uses them. `accountId` null: it speaks for the app alone. */
export async function issueToken(app: App, tx: Tx, client: Pick<OAuthApp, 'id' | 'refreshes'>, accountId: string | null, scopes: string): Promise<IssuedToken & { id: string }> {
  const accessToken = newSecret()
  const id = app.newId()
  const createdAt = app.now()
  const expiresAt = client.refreshes && accountId !== null ? new Date(createdAt.getTime() + accessLife) : null
  await insertAccessToken(tx, { id, token_hash: hashSecret(accessToken), app_id: client.id, account_id: accountId, scopes, created_at: createdAt, expires_at: expiresAt })
  return { id, accessToken, refreshToken: expiresAt ? await issueRefreshToken(app, tx, id) : null, scopes, createdAt, expiresAt }
}

/** A refresh token for an access token. */
export async function issueRefreshToken(app: App, tx: Tx, accessTokenId: string): Promise<string> {
  const refreshToken = newSecret()
  const now = app.now()
  await insertRefreshToken(tx, { token_hash: hashSecret(refreshToken), access_token_id: accessTokenId, created_at: now, expires_at: new Date(now.getTime() + refreshLife) })
  return refreshToken
}
