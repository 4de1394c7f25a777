import type { IncomingMessage } from 'node:http'
import type { App } from '#server/app.ts'
import type { Viewer } from '#server/domain/accounts/index.ts'
import { viewerFromToken } from '#server/domain/apps/index.ts'
import { ApiError } from './errors.ts'
import type { Route, Token } from './route.ts'
import { covers } from './scopes.ts'

/** The token among what was sent (RFC 6750, 2.2 and 2.3): in the query, or in a form or JSON body, by Mastodon's two names. Of a multipart form it isn't read: nobody uploads before it is known who they are. */
export function sentToken(query: Record<string, unknown>, body: unknown): unknown {
  const fields = typeof body === 'object' && body !== null ? body as Record<string, unknown> : {}
  return query['access_token'] ?? query['bearer_token'] ?? fields['access_token'] ?? fields['bearer_token']
}

/** Who asks, by the Authorization header or the token that came otherwise. No cookie ever opens the API. Throws 401 for a token that isn't good. */
export async function authorityOf(app: App, request: IncomingMessage, parameter: unknown): Promise<{ viewer: Viewer; token: Token | null }> {
  const header = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const bearer = header ?? (typeof parameter === 'string' && parameter ? parameter : undefined)
  if (!bearer) return { viewer: null, token: null }
  const found = bearer.length > 200 ? null : await viewerFromToken(app, bearer)
  if (!found) throw new ApiError(401, 'The access token is invalid', { error_description: 'The token is unknown, was revoked, or its account may not act.' })
  return { viewer: found.viewer, token: { id: found.tokenId, appId: found.appId, appName: found.appName, scopes: found.scopes, expiresAt: found.expiresAt } }
}

/** Throws 401 or 403 where this caller may not use this route. */
export function demandAccess(route: Pick<Route, 'access' | 'scope'>, viewer: Viewer, token: Token | null): void {
  if (route.access !== 'anyone' && !token) throw new ApiError(401, 'The access token is invalid')
  if (token && route.scope && !covers(token.scopes, route.scope)) throw new ApiError(403, 'This action is outside the authorized scopes')
  if (route.access !== 'member') return
  if (!viewer) throw new ApiError(422, 'This method requires an authenticated user')
  if (viewer.state === 'pending') throw new ApiError(403, 'Your login is currently pending approval')
}
