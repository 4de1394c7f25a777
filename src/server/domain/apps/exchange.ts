import type { App } from '#server/app.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { hashSecret, isSecret, newSecret } from '#server/platform/secrets/index.ts'
import { clientOf, dayOf } from './client.ts'
import { accessLife, issueRefreshToken, issueToken } from './issue.ts'
import { renewAccessToken, touchApp } from './queries.ts'
import { lockCode, lockRefreshToken, useCode, useRefreshToken } from './queries-grants.ts'
import { refusal } from './refusal.ts'
import { endToken } from './revoke.ts'
import { covers, readScopes } from './scopes.ts'
import type { IssuedToken, OAuthApp } from './types.ts'

export type Exchange = {
  grantType: string; clientId: string; clientSecret?: string
  code?: string; redirectUri?: string; verifier?: string; refreshToken?: string; scope?: string
  /** who asks: only counted */
  address: string
}

const badGrant = 'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.'

/** Gives a program its token: for a member's code, for a refresh token, or for itself. Refuses in the protocol's words. */
export async function exchange(app: App, given: Exchange): Promise<IssuedToken> {
  await app.limits.use({ name: 'token', most: 300, seconds: 300 }, given.address)
  const { client, proven } = await clientOf(app.database.queries, given.clientId, given.clientSecret)
  await touchApp(app.database.queries, client.id, dayOf(app.now()))
  switch (given.grantType) {
    case 'authorization_code': return orRefuse(app, (tx) => forCode(app, tx, client, given))
    case 'refresh_token': return orRefuse(app, (tx) => forRefreshToken(app, tx, client, given))
    case 'client_credentials': return app.database.inTransaction((tx) => forItself(app, tx, client, proven, given))
    default: throw refusal('unsupported_grant_type', 'The authorization grant type is not supported by the authorization server.')
  }
}

/** What was given came before: whatever was made of it has ended, and that must be kept though the answer is no. */
async function orRefuse(app: App, work: (tx: Tx) => Promise<IssuedToken | null>): Promise<IssuedToken> {
  const issued = await app.database.inTransaction(work)
  if (!issued) throw refusal('invalid_grant', badGrant)
  return issued
}

async function forCode(app: App, tx: Tx, client: OAuthApp, given: Exchange): Promise<IssuedToken | null> {
  if (!given.code || !given.redirectUri) throw refusal('invalid_request', 'A code and its redirect_uri are needed.')
  const hash = hashSecret(given.code)
  const code = await lockCode(tx, hash)
  if (!code || code.app_id !== client.id) return null
  if (code.used_at) {
    // Two have the code, and one of them stole it.
    if (code.access_token_id) await endToken(app, tx, code.access_token_id)
    return null
  }
  if (code.expires_at <= app.now() || code.redirect_uri !== given.redirectUri || !provesChallenge(code.challenge, given.verifier)) {
    // One try: a thief may not guess.
    await useCode(tx, hash, null, app.now())
    return null
  }
  const member = await findAccount(app, code.account_id)
  if (!member || member.state === 'suspended' || member.state === 'deleted') return null
  const issued = await issueToken(app, tx, client, member.id, code.scopes)
  await useCode(tx, hash, issued.id, app.now())
  return issued
}

/** RFC 7636 with S256; a verifier that no challenge asked for is wrong, too. */
function provesChallenge(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null) return !verifier
  return !!verifier && /^[\w.~-]{43,128}$/.test(verifier) && isSecret(verifier, Buffer.from(challenge, 'base64url'))
}

async function forRefreshToken(app: App, tx: Tx, client: OAuthApp, given: Exchange): Promise<IssuedToken | null> {
  if (!given.refreshToken) throw refusal('invalid_request', 'A refresh_token is needed.')
  const hash = hashSecret(given.refreshToken)
  const known = await lockRefreshToken(tx, hash)
  if (!known || known.app_id !== client.id || known.revoked_at) return null
  if (known.used_at) {
    await endToken(app, tx, known.access_token_id)
    return null
  }
  const member = known.account_id ? await findAccount(app, known.account_id) : null
  if (known.expires_at <= app.now() || !member || member.state === 'suspended' || member.state === 'deleted') return null
  const held = new Set(known.scopes.split(' '))
  const wanted = readScopes(given.scope ?? '')
  if (!wanted.every((scope) => covers(held, scope))) throw refusal('invalid_scope', 'A refreshed token can not do more than the one before.')
  const scopes = wanted.length ? wanted.join(' ') : known.scopes
  const accessToken = newSecret()
  const createdAt = app.now()
  const expiresAt = new Date(createdAt.getTime() + accessLife)
  await useRefreshToken(tx, hash, createdAt)
  // The same token with a new text, so that what hangs on it (push messages) stays.
  await renewAccessToken(tx, known.access_token_id, { token_hash: hashSecret(accessToken), expires_at: expiresAt, scopes })
  return { accessToken, refreshToken: await issueRefreshToken(app, tx, known.access_token_id), scopes, createdAt, expiresAt }
}

async function forItself(app: App, tx: Tx, client: OAuthApp, proven: boolean, given: Exchange): Promise<IssuedToken> {
  if (!proven) throw refusal('unauthorized_client', 'Only an app with a secret may act for itself.')
  const registered = new Set(client.scopes)
  const wanted = readScopes(given.scope ?? '')
  const scopes = wanted.length ? wanted : covers(registered, 'read') ? ['read'] : client.scopes
  if (!scopes.every((scope) => covers(registered, scope))) throw refusal('invalid_scope', 'The app asks for more than it has registered for.')
  return issueToken(app, tx, client, null, scopes.join(' '))
}
