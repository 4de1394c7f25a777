import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { hashSecret } from '#server/platform/secrets/index.ts'
import { clientOf } from './client.ts'
import { deleteAllOf, revokeEveryToken, revokeTokens, selectTokenOf } from './queries.ts'
import { deleteEveryCode, endCodes } from './queries-grants.ts'
import { refusal } from './refusal.ts'

/** RFC 7009: an app gives back its access or refresh token, and with it the other. Unknown ones are fine; those of another app are refused. */
export async function giveBack(app: App, given: { clientId: string; clientSecret?: string; token: string; address: string }): Promise<void> {
  await app.limits.use({ name: 'token', most: 300, seconds: 300 }, given.address)
  const { client } = await clientOf(app.database.queries, given.clientId, given.clientSecret)
  const token = await selectTokenOf(app.database.queries, hashSecret(given.token))
  if (!token) return
  if (token.app_id !== client.id) throw refusal('unauthorized_client', 'You are not authorized to revoke this token')
  await app.database.inTransaction((tx) => endToken(app, tx, token.id))
}

/** This token ends now, and the streams that it opened. */
export async function endToken(app: App, tx: Tx, id: string): Promise<void> {
  const [accountId] = await revokeTokens(tx, { id }, app.now())
  await app.bus.publish(tx, accountId ? { type: 'signedOut', accountId } : { type: 'tokenEnded', tokenId: id })
}

/** A member takes back what they allowed to one app, or to all of them; unknown ids change nothing. */
export async function revokeApps(app: App, member: Account, appId?: string): Promise<void> {
  if (appId !== undefined && !isId(appId)) return
  await app.database.inTransaction(async (tx) => {
    if ((await revokeTokens(tx, { accountId: member.id, appId }, app.now())).length) await app.bus.publish(tx, { type: 'signedOut', accountId: member.id })
    await endCodes(tx, member.id, appId)
  })
}

/** Every program that speaks for this account must ask again: for a password that was reset. The caller tells open streams. */
export async function revokeAllTokens(app: App, tx: Tx, accountId: string): Promise<void> {
  await revokeTokens(tx, { accountId }, app.now())
  await endCodes(tx, accountId)
}

/** Every program must ask again, whomever it speaks for. How many tokens that were. The caller tells open streams. */
export async function endEveryToken(tx: Tx, now: Date): Promise<number> {
  await deleteEveryCode(tx)
  return revokeEveryToken(tx, now)
}

/** An account that left: nothing of what it allowed is kept. */
export const forgetApps = (tx: Tx, accountId: string): Promise<void> => deleteAllOf(tx, accountId)
