import type { App } from '#server/app.ts'
import { findAccount, setState } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { readSettings } from '#server/domain/instance/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalid, invalidForm, isHearthError, notAllowed } from '#server/platform/errors.ts'
import { loadCatalogue } from '#i18n/load.ts'
import { translator } from '#i18n/translate.ts'
import type { MessageKey } from '#i18n/keys.ts'
import { checkEmail } from './create-member.ts'
import { checkPassword, demandPassword, setPassword } from './passwords.ts'
import { insertOneTimeToken, lockWaiting, peekOneTimeToken, selectCredentials, selectCredentialsByEmail, takeEmail, takeOneTimeToken, updateCredentials } from './queries.ts'
import { hashSecret, newSecret } from '#server/platform/secrets/index.ts'

/** A letter in the member's language: subject, a paragraph, a link. */
async function letter(app: App, tx: Tx, to: string, locale: 'en' | 'ar', kind: 'confirm' | 'reset' | 'plan', link: string): Promise<void> {
  const [settings, catalogue] = await Promise.all([readSettings(app), loadCatalogue(locale, 'letters')])
  const i = translator(locale, catalogue)
  const say = (part: string) => i.t(`mail.${kind}.${part}` as MessageKey, { community: settings.name })
  await app.mailer.post(tx, { to, subject: say('subject'), text: `${say('text')}\n\n${link}\n\n${say('ignore')}\n`, kind })
}

/** Tells a member by mail, where they have an address of theirs, that a planned post couldn't be published. */
export async function sendPlanFailed(app: App, tx: Tx, account: Account): Promise<void> {
  const credentials = await selectCredentials(tx, account.id)
  if (credentials?.email && credentials.email_confirmed_at) await letter(app, tx, credentials.email, account.locale, 'plan', `${app.config.publicUrl}/scheduled`)
}

/** Writes to a member at the address that is proven to be theirs, in the caller's transaction. False where there is none. */
export async function mailMember(app: App, tx: Tx, accountId: string, letter: { subject: string; text: string; kind: string }): Promise<boolean> {
  const credentials = await selectCredentials(tx, accountId)
  if (!credentials?.email || !credentials.email_confirmed_at) return false
  await app.mailer.post(tx, { to: credentials.email, ...letter })
  return true
}

/** Sends the link that proves an address. */
export async function sendConfirmation(app: App, tx: Tx, accountId: string, email: string, locale: 'en' | 'ar'): Promise<void> {
  const token = newSecret()
  await insertOneTimeToken(tx, { token_hash: hashSecret(token), account_id: accountId, purpose: 'confirm', data: JSON.stringify({ email }), expires_at: new Date(app.now().getTime() + 2 * 86_400_000) })
  await letter(app, tx, email, locale, 'confirm', `${app.config.publicUrl}/confirm?token=${token}`)
}

/** The link was opened: the address is the member's. A member who only waited for this is active now. */
export async function confirmEmail(app: App, token: string): Promise<void> {
  await app.database.inTransaction(async (tx) => {
    const taken = await takeOneTimeToken(tx, hashSecret(token), 'confirm', app.now())
    if (!taken?.account_id) throw invalid('linkGone')
    const { email } = taken.data as { email: string }
    if (!await takeEmail(tx, taken.account_id, email, app.now())) throw invalid('linkGone')
    const waiting = await lockWaiting(tx, taken.account_id)
    // Who said why they would like to join is still waited for by a moderator.
    if (waiting?.state !== 'pending' || waiting.asked) return
    await setState(app, tx, taken.account_id, 'active')
    await app.record(tx, { type: 'account.joined', accountId: taken.account_id })
  })
}

/** A member gives another address; it counts once its link was opened. The password is asked: a reset link would go there. */
export async function setEmail(app: App, account: Account, email: string, password: string): Promise<void> {
  const problem = checkEmail(email)
  if (problem) throw invalidForm([problem])
  await demandPassword(app, account, password, 'emailPassword')
  await app.limits.use({ name: 'mail', most: 5, seconds: 3600 }, account.id)
  await app.database.inTransaction((tx) => sendConfirmation(app, tx, account.id, email, account.locale))
}

/**
 * The letter to a newcomer got lost: once more, to the same address, or, while they wait, to another one. False when there
 * is nothing to confirm any more.
 */
export async function confirmAgain(app: App, account: Account, other?: string): Promise<boolean> {
  const credentials = await selectCredentials(app.database.queries, account.id)
  // Of a member who is in, only the password changes the address: whoever reads its mail can take the account.
  if (other !== undefined && account.state !== 'pending') throw notAllowed()
  const email = other ?? credentials?.email
  if (!credentials || !email || credentials.email_confirmed_at) return false
  const problem = checkEmail(email)
  if (problem) throw invalidForm([problem])
  await app.limits.use({ name: 'mail', most: 5, seconds: 3600 }, account.id)
  await app.database.inTransaction(async (tx) => {
    if (email !== credentials.email && !await takeEmail(tx, account.id, email, null)) throw invalidForm([{ field: 'email', message: 'error.emailTaken' }])
    await sendConfirmation(app, tx, account.id, email, account.locale)
  })
  return true
}

/** Sends a reset link if the address is known. The answer and its time are the same when it isn't: a job looks. */
export async function requestPasswordReset(app: App, email: string, address: string): Promise<void> {
  await app.limits.use({ name: 'reset', most: 10, seconds: 3600 }, address)
  const problem = checkEmail(email)
  if (problem) throw invalidForm([problem])
  await app.database.inTransaction((tx) => app.jobs.add(tx, 'sendReset', { email: email.slice(0, 300) }))
}

/** Job: the reset link, three an hour at most to one person. */
export async function sendReset(app: App, email: string): Promise<void> {
  const credentials = await selectCredentialsByEmail(app.database.queries, email)
  const account = credentials ? await findAccount(app, credentials.account_id) : null
  if (!credentials?.email || !account) return
  const to = credentials.email
  const allowed = await app.limits.use({ name: 'resetTo', most: 3, seconds: 3600 }, account.id).then(() => true, (error: unknown) => { if (isHearthError(error)) return false; throw error })
  if (!allowed) return
  const token = newSecret()
  await app.database.inTransaction(async (tx) => {
    await insertOneTimeToken(tx, { token_hash: hashSecret(token), account_id: account.id, purpose: 'reset', data: '{}', expires_at: new Date(app.now().getTime() + 3_600_000) })
    await letter(app, tx, to, account.locale, 'reset', `${app.config.publicUrl}/reset?token=${token}`)
  })
}

/** The reset link was opened and a new password given: every session ends. A password that is refused doesn't use the link up. */
export async function resetPassword(app: App, token: string, password: string): Promise<void> {
  const known = await peekOneTimeToken(app.database.queries, hashSecret(token), 'reset', app.now())
  if (!known?.account_id) throw invalid('linkGone')
  const account = await findAccount(app, known.account_id)
  const problem = checkPassword(password, account?.username)
  if (problem) throw invalidForm([problem])
  await app.database.inTransaction(async (tx) => {
    const taken = await takeOneTimeToken(tx, hashSecret(token), 'reset', app.now())
    if (!taken?.account_id) throw invalid('linkGone')
    await setPassword(app, tx, taken.account_id, password)
    // Whoever opened the link reads the mail of this address.
    const credentials = await selectCredentials(tx, taken.account_id)
    if (!credentials?.email_confirmed_at) await updateCredentials(tx, taken.account_id, { email_confirmed_at: app.now() })
  })
}
