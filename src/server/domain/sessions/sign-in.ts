import type { App } from '#server/app.ts'
import { findAccount, findAccountByUsername } from '#server/domain/accounts/index.ts'
import { invalid } from '#server/platform/errors.ts'
import { matches } from './passwords.ts'
import { insertOneTimeToken, isFrozenNow, peekOneTimeToken, selectCredentials, selectCredentialsByEmail, takeOneTimeToken } from './queries.ts'
import { passkeysOf } from './passkeys.ts'
import { passesSecondStep } from './second-step.ts'
import { hashSecret, newSecret } from '#server/platform/secrets/index.ts'
import { openSession } from './session.ts'
import type { NewSession } from './types.ts'

export type SignedIn = { session: NewSession } | { secondStep: string; passkeys: boolean }

/**
 * Signs in by name or address and password. The same answer, after the same work, whether the account exists or
 * not; throttled by account and by address. With a second step on, returns a ticket for `passSecondStep`.
 */
export async function signIn(app: App, given: { login: string; password: string; userAgent: string; address: string }): Promise<SignedIn> {
  const login = given.login.toWellFormed().replaceAll('\0', '').trim().slice(0, 300)
  await app.limits.use({ name: 'signIn', most: 60, seconds: 900 }, given.address)
  const byEmail = login.includes('@') && !login.startsWith('@') ? await selectCredentialsByEmail(app.database.queries, login) : undefined
  const account = byEmail ? await findAccount(app, byEmail.account_id) : await findAccountByUsername(app, login)
  const credentials = byEmail ?? (account ? await selectCredentials(app.database.queries, account.id) : undefined)
  // By the account, however its name was written; unknown names are counted alike, so that the limit tells nothing.
  await app.limits.use({ name: 'signInTo', most: 12, seconds: 900 }, account?.id ?? login.normalize('NFKC').toLowerCase())
  const right = await matches(credentials?.password_hash, given.password.slice(0, 1000))
  if (!right || !account || !credentials) throw invalid('signInFailed')
  // Who is suspended gets in to read why and to object; who is frozen doesn't.
  if (account.state === 'suspended' && await isFrozenNow(app.database.queries, account.id)) throw invalid('accountSuspended')
  if (account.state === 'deleted') throw invalid('signInFailed')
  if (credentials.totp_confirmed_at) {
    const ticket = newSecret()
    await insertOneTimeToken(app.database.queries, { token_hash: hashSecret(ticket), account_id: account.id, purpose: 'secondStep', data: '{}', expires_at: new Date(app.now().getTime() + 10 * 60_000) })
    return { secondStep: ticket, passkeys: (await passkeysOf(app, account)).length > 0 }
  }
  return { session: await openSession(app, app.database.queries, account.id, given.userAgent) }
}

/** The second step: six digits, or a recovery code. A wrong code leaves the ticket usable until its end. */
export async function passSecondStep(app: App, ticket: string, code: string, userAgent: string): Promise<NewSession> {
  const known = await peekOneTimeToken(app.database.queries, hashSecret(ticket), 'secondStep', app.now())
  if (!known?.account_id) throw invalid('linkGone')
  await app.limits.use({ name: 'secondStep', most: 8, seconds: 900 }, known.account_id)
  if (!(await passesSecondStep(app, known.account_id, code))) throw invalid('codeWrong')
  const taken = await takeOneTimeToken(app.database.queries, hashSecret(ticket), 'secondStep', app.now())
  if (!taken) throw invalid('linkGone')
  return openSession(app, app.database.queries, known.account_id, userAgent)
}
