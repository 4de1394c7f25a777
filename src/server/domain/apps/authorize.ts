import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { hashSecret, newSecret } from '#server/platform/secrets/index.ts'
import { dayOf, findApp } from './client.ts'
import { touchApp } from './queries.ts'
import { insertCode } from './queries-grants.ts'
import { refusal } from './refusal.ts'
import { outOfBand, withAnswer } from './redirects.ts'
import { covers, grantable, readScopes } from './scopes.ts'
import type { OAuthApp } from './types.ts'

const codeMinutes = 10

/** What an app asks a member for; every part is checked. */
export type Ask = { client: OAuthApp; redirectUri: string; scopes: string[]; state: string | null; challenge: string | null }

/**
 * Who asks, and where the answer goes: only to an address that the app registered, letter for letter. Refuses otherwise,
 * and then nothing may ever be sent to that address.
 */
export async function askingApp(app: App, params: URLSearchParams): Promise<{ client: OAuthApp; redirectUri: string; state: string | null }> {
  const client = await findApp(app, params.get('client_id') ?? '')
  if (!client) throw refusal('invalid_client', 'The app is not known here. It may have registered long ago and never been used.')
  const redirectUri = params.get('redirect_uri') ?? ''
  if (!client.redirectUris.includes(redirectUri)) throw refusal('invalid_redirect_uri', 'The redirect address is not one that the app has registered.')
  return { client, redirectUri, state: params.get('state')?.slice(0, 4000) ?? null }
}

/** Everything else of the question; with `member`, only what they can give. Refuses what can't be granted; the app may be told. */
export async function readAsk(app: App, params: URLSearchParams, member: Account | null = null): Promise<Ask> {
  const { client, redirectUri, state } = await askingApp(app, params)
  if (params.get('response_type') !== 'code') throw refusal('unsupported_response_type', 'Only the response type "code" is supported.')
  const wanted = readScopes(params.get('scope') ?? '')
  const all = wanted.length ? wanted : ['read']
  const scopes = member ? grantable(member, all) : all
  const registered = new Set(client.scopes)
  if (!all.every((scope) => covers(registered, scope))) throw refusal('invalid_scope', 'The app asks for more than it has registered for.')
  if (scopes.length === 0) throw refusal('invalid_scope', 'Rights over others are only given by those who look after the community.')
  const challenge = params.get('code_challenge')
  // Without a method the standard means 'plain', which protects nothing.
  if (challenge !== null && params.get('code_challenge_method') !== 'S256') throw refusal('invalid_request', 'The code challenge method must be S256.')
  if (challenge !== null && !/^[\w-]{43}$/.test(challenge)) throw refusal('invalid_request', 'The code challenge is not a SHA-256 in base64url.')
  if (challenge === null && !client.confidential) throw refusal('invalid_request', 'An app without a secret needs a PKCE code challenge.')
  return { client, redirectUri, scopes, state, challenge }
}

/** The member said yes: a code for the app, good once and for ten minutes, and the address that takes it there; no address where it is shown instead. */
export async function allow(app: App, member: Account, ask: Ask): Promise<{ code: string; redirect: string | null }> {
  await app.limits.use({ name: 'allowApp', most: 60, seconds: 3600 }, member.id)
  const code = newSecret()
  const now = app.now()
  const scopes = grantable(member, ask.scopes)
  await insertCode(app.database.queries, {
    code_hash: hashSecret(code), app_id: ask.client.id, account_id: member.id, scopes: scopes.join(' '), redirect_uri: ask.redirectUri, challenge: ask.challenge,
    created_at: now, expires_at: new Date(now.getTime() + codeMinutes * 60_000),
  })
  await touchApp(app.database.queries, ask.client.id, dayOf(now))
  // `iss` (RFC 9207) stands before the code: some apps read everything after 'code='.
  return { code, redirect: ask.redirectUri === outOfBand ? null : withAnswer(ask.redirectUri, { iss: app.config.publicUrl, code, state: ask.state }) }
}

/** The address that tells the app no; null where nobody listens. Like the yes, it says who answers (RFC 9207), so that an app which talks to many servers isn't led to the wrong one. */
export function deny(app: App, asking: { redirectUri: string; state: string | null }, word = 'access_denied', why = 'The resource owner or authorization server denied the request.'): string | null {
  return asking.redirectUri === outOfBand ? null : withAnswer(asking.redirectUri, { error: word, error_description: why, state: asking.state, iss: app.config.publicUrl })
}
