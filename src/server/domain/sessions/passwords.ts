import { randomInt } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { App } from '#server/app.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { revokeAllTokens } from '#server/domain/apps/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import type { FieldProblem } from '#server/platform/errors.ts'
import { isGuessable } from './common-passwords.ts'
import { deleteSessions, selectCredentials, updateCredentials } from './queries.ts'

// OWASP's floor for Argon2id: 19 MiB, two passes, one lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** A hash of nobody's password: so that unknown names take as long as known ones. */
const nobody = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$3n1G7qVd6CAHSmyLDP1G7N0Q2W6EBjVQ6y0o6Cw0PzQ'

export const hashPassword = (password: string) => hash(password.normalize('NFKC'), cost)

/** Is it the password? Takes the same time when there is no hash to compare with. */
export async function matches(stored: string | null | undefined, password: string): Promise<boolean> {
  const right = await verify(stored ?? nobody, password.normalize('NFKC')).catch(() => false)
  return stored ? right : false
}

/** What is wrong with a new password, or null: at least ten characters, none of the most common ones, not the name. */
export function checkPassword(password: string, username = '', field = 'password'): FieldProblem | null {
  const length = [...password].length
  if (length < 10) return { field, message: 'error.passwordShort', params: { least: 10 } }
  if (password.length > 1000) return { field, message: 'error.tooLong', params: { most: 1000 } }
  if (isGuessable(password)) return { field, message: 'error.passwordCommon' }
  const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}]/gu, '')
  if (letters(username).length > 2 && letters(password) === letters(username)) return { field, message: 'error.passwordIsName' }
  return null
}

/** A password that a person can read out: four groups, about 77 bits. */
export function generatePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  return Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')).join('-')
}

/** Before what must not be done from a browser left open: the member types their password again. Throws a form error on `field`. */
export async function demandPassword(app: App, account: Account, password: string, field = 'password'): Promise<void> {
  await app.limits.use({ name: 'password', most: 10, seconds: 3600 }, account.id)
  const credentials = await selectCredentials(app.database.queries, account.id)
  if (!(await matches(credentials?.password_hash, password.slice(0, 1000)))) throw invalidForm([{ field, message: 'error.passwordWrong' }])
}

/** Sets a password without asking for the old one (reset link, command line): every session ends and every token of a program, too. */
export async function setPassword(app: App, tx: Tx, accountId: string, password: string): Promise<void> {
  await updateCredentials(tx, accountId, { password_hash: await hashPassword(password), password_changed_at: app.now() })
  await deleteSessions(tx, accountId)
  await revokeAllTokens(app, tx, accountId)
  await app.bus.publish(tx, { type: 'signedOut', accountId })
}

/** A member changes their own password: the other sessions end, and every token of a program unless `keepApps`. */
export async function changePassword(app: App, account: Account, sessionId: string | null, old: string, fresh: string, { keepApps = false } = {}): Promise<void> {
  await demandPassword(app, account, old, 'oldPassword')
  const problem = checkPassword(fresh, account.username, 'newPassword')
  if (problem) throw invalidForm([problem])
  const password_hash = await hashPassword(fresh)
  await app.database.inTransaction(async (tx) => {
    await updateCredentials(tx, account.id, { password_hash, password_changed_at: app.now() })
    await deleteSessions(tx, account.id, sessionId ?? undefined)
    if (!keepApps) await revokeAllTokens(app, tx, account.id)
    await app.bus.publish(tx, { type: 'signedOut', accountId: account.id })
  })
}
