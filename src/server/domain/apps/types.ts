import type { Account } from '#server/domain/accounts/index.ts'
import type { Id } from '#server/platform/ids/index.ts'

export type OAuthAppId = Id<'oauthApp'>

/** A program that may ask members for rights; its secret is never shown again. */
export type OAuthApp = {
  id: OAuthAppId
  clientId: string
  name: string
  /** http(s), or null */
  website: string | null
  /** as registered, letter for letter */
  redirectUris: string[]
  scopes: string[]
  /** false: it can't keep a secret, so every code needs a PKCE challenge */
  confidential: boolean
  /** its tokens end after hours and are made anew with refresh tokens */
  refreshes: boolean
}

/** What a program gets; the texts are shown once. `createdAt` is when the access token was made, not the row. */
export type IssuedToken = { accessToken: string; refreshToken: string | null; scopes: string; createdAt: Date; expiresAt: Date | null }

/** Who a bearer token speaks for (nobody: the app alone) and what it may do; `expiresAt` null: until it is revoked. */
export type Authority = { viewer: Account | null; scopes: Set<string>; tokenId: string; appId: string | null; appName: string | null; expiresAt: Date | null }

/** One line of the member's page: all that one app may do in their name. `firstUsed` and `lastUsed` are days (ISO). */
export type AppView = { id: OAuthAppId; name: string; website: string | null; scopes: string[]; since: string; lastUsed: string | null; own: boolean }
