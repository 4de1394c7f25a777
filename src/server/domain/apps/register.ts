import type { App } from '#server/app.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { invalidForm, isHearthError } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { hashSecret, newSecret } from '#server/platform/secrets/index.ts'
import { cleanText } from '#server/platform/text/count.ts'
import { insertApp } from './queries.ts'
import { isGoodRedirect } from './redirects.ts'
import { readScopes } from './scopes.ts'
import type { OAuthApp } from './types.ts'

export type NewApp = {
  name: string
  website?: string | null
  /** one, several, or several in one text with white space between */
  redirectUris: string | string[]
  /** 'read' where nothing is said */
  scopes?: string
  /** RFC 7591: 'none' for programs that can't keep a secret */
  authMethod?: string
  /** RFC 7591: with 'refresh_token' among them, tokens end and are made anew */
  grantTypes?: string[]
  /** who asks: only counted */
  address: string
}

/** Any program may register, as with Mastodon; what it may do is for members to say. The secret is shown once. Throws a form error. */
export async function registerApp(app: App, wanted: NewApp): Promise<OAuthApp & { clientSecret: string }> {
  await app.limits.use({ name: 'newApp', most: 60, seconds: 3600 }, wanted.address)
  const problems: FieldProblem[] = []
  const name = line(wanted.name)
  if (!name) problems.push({ field: 'client_name', message: 'error.required' })
  else if ([...name].length > 60) problems.push({ field: 'client_name', message: 'error.tooLong', params: { most: 60 } })
  const website = wanted.website?.trim() || null
  if (website !== null && !isWebsite(website)) problems.push({ field: 'website', message: 'error.badWebsite' })
  const redirectUris = [...new Set((typeof wanted.redirectUris === 'string' ? [wanted.redirectUris] : wanted.redirectUris).flatMap((text) => text.split(/\s+/)).filter(Boolean))]
  if (redirectUris.length === 0) problems.push({ field: 'redirect_uris', message: 'error.required' })
  else if (redirectUris.length > 20 || !redirectUris.every((uri) => isGoodRedirect(uri, app.config.publicUrl))) problems.push({ field: 'redirect_uris', message: 'error.badRedirect' })
  const scopes = scopesOf(wanted.scopes, problems)
  if (problems.length) throw invalidForm(problems)
  return storeApp(app, app.database.queries, { name, website, redirectUris, scopes, confidential: wanted.authMethod !== 'none', refreshes: wanted.grantTypes?.includes('refresh_token') ?? false })
}

/** Stores an app and makes its secret. */
export async function storeApp(app: App, on: Queries | Tx, wanted: Omit<OAuthApp, 'id' | 'clientId'> & { ownerId?: string }): Promise<OAuthApp & { clientSecret: string }> {
  const [clientId, clientSecret] = [newSecret(), newSecret()]
  const id = app.newId<'oauthApp'>()
  const { ownerId = null, ...known } = wanted
  await insertApp(on, {
    id, client_id: clientId, client_secret_hash: hashSecret(clientSecret), name: known.name, website: known.website, redirect_uris: known.redirectUris, scopes: known.scopes.join(' '),
    confidential: known.confidential, refreshes: known.refreshes, owner_id: ownerId, created_at: app.now(),
  })
  return { id, clientId, clientSecret, ...known }
}

/** One line of bounded text. */
export const line = (text: string) => cleanText(text.slice(0, 500)).replace(/\s+/gu, ' ')

function scopesOf(text: string | undefined, problems: FieldProblem[]): string[] {
  try {
    const scopes = readScopes(text ?? '')
    return scopes.length ? scopes : ['read']
  } catch (error) {
    if (!isHearthError(error)) throw error
    problems.push({ field: 'scopes', message: 'error.badScopes' })
    return []
  }
}

function isWebsite(text: string): boolean {
  return text.length <= 2000 && !/[\s\p{C}]/u.test(text) && URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}
