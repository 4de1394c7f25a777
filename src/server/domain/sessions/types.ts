import type { Id } from '#server/platform/ids/index.ts'

export type SessionId = Id<'session'>
export type SessionView = { id: SessionId; userAgent: string; createdAt: string; lastSeenAt: string; current: boolean }
/** A signed-in browser: `token` is shown once and goes into the cookie. */
export type NewSession = { token: string; expiresAt: Date }
