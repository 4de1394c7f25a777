import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { makeOwnToken } from '#server/domain/apps/index.ts'
import { demandPassword } from './passwords.ts'

/** A member makes a token for a script of theirs, shown once. The password is asked: it opens the account for long. */
export async function makeScriptToken(app: App, member: Account, wanted: { name: string; scopes: string[]; password: string }): Promise<{ accessToken: string; name: string }> {
  await demandPassword(app, member, wanted.password)
  return makeOwnToken(app, member, wanted)
}
