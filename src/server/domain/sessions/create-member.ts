import type { App } from '#server/app.ts'
import { createAccount } from '#server/domain/accounts/index.ts'
import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { invalidForm } from '#server/platform/errors.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import { insertCredentials, selectCredentialsByEmail } from './queries.ts'

export type NewMember = Parameters<typeof createAccount>[2] & { email?: string; password: string; consented?: boolean }

const emailPattern = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,190}\.[^\s@<>".]{2,}$/

/** What is wrong with an address, or null. */
export function checkEmail(email: string): { field: string; message: string } | null {
  return emailPattern.test(email) && email.isWellFormed() && !/\p{Cc}/u.test(email) ? null : { field: 'email', message: 'error.badEmail' }
}

/** Makes an account with a way to sign in, in the caller's transaction. Throws one form error that names every bad field. */
export async function createMember(app: App, tx: Tx, wanted: NewMember): Promise<AccountId> {
  const email = wanted.email?.trim() || null
  const problems = [checkPassword(wanted.password, wanted.username), email ? checkEmail(email) : null].filter((problem) => problem !== null)
  if (email && problems.length === 0 && await selectCredentialsByEmail(tx, email)) problems.push({ field: 'email', message: 'error.emailTaken' })
  if (problems.length) throw invalidForm(problems)
  const passwordHash = await hashPassword(wanted.password)
  const id = await createAccount(app, tx, wanted)
  const stored = await insertCredentials(tx, { account_id: id, email, password_hash: passwordHash, consented_at: wanted.consented ? app.now() : null })
  if (!stored) throw invalidForm([{ field: 'email', message: 'error.emailTaken' }])
  return id
}
