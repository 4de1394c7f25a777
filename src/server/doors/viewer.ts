import type { IncomingMessage } from 'node:http'
import type { App } from '../app.ts'
import { sessionCookie, viewerFromSession } from '../domain/sessions/index.ts'
import type { Account } from '../domain/accounts/index.ts'

/** Who is asking, by the session cookie; null when nobody is signed in. */
export async function viewerOf(app: App, request: IncomingMessage): Promise<Account | null> {
  const name = sessionCookie(app)
  const pair = (request.headers.cookie ?? '').split(/;\s*/).find((part) => part.startsWith(`${name}=`))
  if (!pair) return null
  const found = await viewerFromSession(app, decodeURIComponent(pair.slice(name.length + 1)))
  return found?.viewer ?? null
}
