import type { App } from '#server/app.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { isSecret } from '#server/platform/secrets/index.ts'
import { selectApp } from './queries.ts'
import type { AppRow } from './queries.ts'
import { refusal } from './refusal.ts'
import type { OAuthApp } from './types.ts'

/** The day in UTC: how closely use is remembered. */
export const dayOf = (time: Date) => time.toISOString().slice(0, 10)

/** The app with this public id; null when there is none, or when it is a member's own script, which asks nobody. */
export async function findApp(app: App, clientId: string): Promise<OAuthApp | null> {
  const row = isText(clientId) ? await selectApp(app.database.queries, { clientId }) : undefined
  return row && row.owner_id === null ? toApp(row) : null
}

/** The app of a token. */
export async function appById(app: App, id: string): Promise<OAuthApp | null> {
  const row = await selectApp(app.database.queries, { id })
  return row ? toApp(row) : null
}

/**
 * The app that asks, by its secret. Without one only for apps that can't keep any, and then `proven` is false: they must
 * prove themselves by a PKCE verifier. Refuses with `invalid_client`, for unknown apps and wrong secrets alike.
 */
export async function clientOf(on: Queries | Tx, clientId: string, secret: string | undefined): Promise<{ client: OAuthApp; proven: boolean }> {
  const row = isText(clientId) ? await selectApp(on, { clientId }) : undefined
  const proven = !!row && !!secret && isSecret(secret, row.client_secret_hash)
  if (!row || (!proven && (row.confidential || secret))) throw refusal('invalid_client', 'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.')
  return { client: toApp(row), proven }
}

const isText = (text: string) => text.length > 0 && text.length <= 200 && text.isWellFormed() && !text.includes('\0')

const toApp = (row: AppRow): OAuthApp => ({
  id: row.id, clientId: row.client_id, name: row.name, website: row.website, redirectUris: row.redirect_uris, scopes: row.scopes.split(' '), confidential: row.confidential, refreshes: row.refreshes,
})
