import type { App } from '#server/app.ts'
import { noteReading, toAccount } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { deleteSession, deleteSessionByHash, deleteEverySession, deleteSessions, insertSession, selectSessionAccount, selectSessions, touchSession } from './queries.ts'
import { hashSecret, newSecret } from '#server/platform/secrets/index.ts'
import type { NewSession, SessionId, SessionView } from './types.ts'

const days = 90

/** The cookie's name; with https it is bound to this host alone. */
export const sessionCookie = (app: App) => app.config.publicUrl.startsWith('https:') ? '__Host-hearth_session' : 'hearth_session'

/** Signs a browser in. Only the hash of the token is kept. */
export async function openSession(app: App, on: Queries | Tx, accountId: string, userAgent: string): Promise<NewSession> {
  const token = newSecret()
  const now = app.now()
  const expiresAt = new Date(now.getTime() + days * 86_400_000)
  await insertSession(on, { id: app.newId(), account_id: accountId, token_hash: hashSecret(token), user_agent: userAgent.toWellFormed().replaceAll('\0', '').slice(0, 200), created_at: now, expires_at: expiresAt })
  return { token, expiresAt }
}

type Found = { viewer: Account; sessionId: SessionId }

/** Who this cookie's token belongs to; null for unknown, ended, suspended and deleted. */
export const viewerFromSession = (app: App, token: string): Promise<Found | null> => found(app, token, false)

/** The same for a suspended member, who may do nothing but read what was decided, object, and take their words along. Null for everybody else, and for who is frozen. */
export const suspendedFromSession = (app: App, token: string): Promise<Found | null> => found(app, token, true)

async function found(app: App, token: string, suspended: boolean): Promise<Found | null> {
  if (token.length !== 43) return null
  const row = await selectSessionAccount(app.database.queries, hashSecret(token), app.now(), suspended)
  if (!row) return null
  if (app.now().getTime() - row.last_seen_at.getTime() > 5 * 60_000) {
    await touchSession(app.database.queries, row.session_id, app.now())
    if (!suspended) await noteReading(app, row.id)
  }
  return { sessionId: row.session_id, viewer: toAccount(row) }
}

/** Ends the session of this token, and the streams of its open pages. */
export async function signOut(app: App, token: string): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const accountId = await deleteSessionByHash(tx, hashSecret(token))
    if (accountId) await app.bus.publish(tx, { type: 'signedOut', accountId })
  })
}

/** The member's signed-in browsers, last used first. */
export async function sessionsOf(app: App, account: Account, currentId: string | null): Promise<SessionView[]> {
  const rows = await selectSessions(app.database.queries, account.id)
  return rows.map((row) => ({ id: row.id, userAgent: row.user_agent, createdAt: row.created_at.toISOString(), lastSeenAt: row.last_seen_at.toISOString(), current: row.id === currentId }))
}

/** Ends one of the member's own sessions; unknown ids change nothing. */
export async function revokeSession(app: App, account: Account, id: string): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    await deleteSession(tx, account.id, id)
    await app.bus.publish(tx, { type: 'signedOut', accountId: account.id })
  })
}

/** Ends all sessions, but for the one given. */
export async function signOutEverywhere(app: App, accountId: string, exceptId?: string): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    await deleteSessions(tx, accountId, exceptId)
    await app.bus.publish(tx, { type: 'signedOut', accountId })
  })
}

/** Ends every session of everybody, but for the one given. How many that were. The caller tells open streams. */
export const endEverySession = (tx: Tx, exceptId: string | null): Promise<number> => deleteEverySession(tx, exceptId)
