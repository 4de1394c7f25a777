import type { IncomingMessage } from 'node:http'
import type { App } from '../app.ts'
import { sessionCookie, viewerFromSession } from '../domain/sessions/index.ts'
import type { Account } from '../domain/accounts/index.ts'
import { covers, viewerFromToken } from '../domain/apps/index.ts'
import { bearerOf } from '../platform/http/index.ts'

/** Who is asking, by the session cookie; null when nobody is signed in. */
export async function viewerOf(app: App, request: IncomingMessage): Promise<Account | null> {
  const name = sessionCookie(app)
  const pair = (request.headers.cookie ?? '').split(/;\s*/).find((part) => part.startsWith(`${name}=`))
  if (!pair) return null
  const found = await viewerFromSession(app, decodeURIComponent(pair.slice(name.length + 1)))
  return found?.viewer ?? null
}

/** Who is asking, by an app's token alone: in the header, the address, or as a WebSocket's protocol. */
export async function viewerByToken(app: App, request: IncomingMessage): Promise<Account | null> {
  const address = new URL(request.url ?? '/', 'http://localhost').searchParams
  const token = bearerOf(request) ?? address.get('access_token') ?? address.get('bearer_token') ?? request.headers['sec-websocket-protocol']?.split(',')[0]?.trim()
  return token && token.length <= 200 ? (await viewerFromToken(app, token))?.viewer ?? null : null
}

/** Who is asking, by the session cookie or, where an app sends a token with this right, by that alone; null when it isn't good. */
export async function viewerOrApp(app: App, request: IncomingMessage, scope: string): Promise<Account | null> {
  const bearer = bearerOf(request)
  if (bearer === undefined) return viewerOf(app, request)
  const found = await viewerFromToken(app, bearer)
  return found?.viewer && found.viewer.state !== 'pending' && covers(found.scopes, scope) ? found.viewer : null
}
