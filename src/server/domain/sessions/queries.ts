import { actorColumns } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { isId } from '#server/platform/ids/index.ts'

export type Credentials = {
  account_id: string; email: string | null; email_confirmed_at: Date | null; password_hash: string | null
  totp_secret: string | null; totp_confirmed_at: Date | null; totp_last_step: string | null
}
const columns = ['account_id', 'email', 'email_confirmed_at', 'password_hash', 'totp_secret', 'totp_confirmed_at', 'totp_last_step'] as const

export const emailKey = (email: string) => email.normalize('NFKC').trim().toLowerCase()

export async function selectCredentials(on: Queries | Tx, accountId: string): Promise<Credentials | undefined> {
  return on.selectFrom('credentials').select(columns).where('account_id', '=', accountId).executeTakeFirst()
}
export async function selectCredentialsByEmail(on: Queries | Tx, email: string): Promise<Credentials | undefined> {
  if (email.includes('\0') || !email.isWellFormed()) return undefined
  return on.selectFrom('credentials').select(columns).where('email_key', '=', emailKey(email)).executeTakeFirst()
}
/** False when the address became somebody else's a moment ago. */
export async function insertCredentials(tx: Tx, row: { account_id: string; email: string | null; password_hash: string | null; consented_at: Date | null }): Promise<boolean> {
  const result = await tx.insertInto('credentials').values({ ...row, email_key: row.email ? emailKey(row.email) : null }).onConflict((on) => on.column('email_key').doNothing()).executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}
export async function updateCredentials(on: Queries | Tx, accountId: string, patch: Partial<{
  email: string | null; email_key: string | null; email_confirmed_at: Date | null; password_hash: string; password_changed_at: Date
  totp_secret: string | null; totp_confirmed_at: Date | null; totp_last_step: number | null
}>): Promise<void> {
  await on.updateTable('credentials').set(patch).where('account_id', '=', accountId).execute()
}
/** The address is this account's from now on, confirmed at that time or not yet (null); false when it is another's. */
export async function takeEmail(tx: Tx, accountId: string, email: string, confirmedAt: Date | null): Promise<boolean> {
  // One at a time for an address, so that the check and the change are one.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`email:${emailKey(email)}`}, 0))`.execute(tx)
  const other = await selectCredentialsByEmail(tx, email)
  if (other && other.account_id !== accountId) return false
  await updateCredentials(tx, accountId, { email, email_key: emailKey(email), email_confirmed_at: confirmedAt })
  return true
}
/** Keeps a secret to be confirmed; false when a confirmed one is there. */
export async function beginTotpSecret(on: Queries, accountId: string, secret: string): Promise<boolean> {
  const result = await on.updateTable('credentials').set({ totp_secret: secret, totp_last_step: null }).where('account_id', '=', accountId).where('totp_confirmed_at', 'is', null).executeTakeFirst()
  return result.numUpdatedRows === 1n
}
/** Takes a time step of TOTP for good: false when it, or a later one, was used before. */
export async function takeTotpStep(on: Queries, accountId: string, step: number): Promise<boolean> {
  const result = await on.updateTable('credentials').set({ totp_last_step: step }).where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('totp_last_step', 'is', null), eb('totp_last_step', '<', String(step))])).executeTakeFirst()
  return result.numUpdatedRows === 1n
}

export async function insertSession(on: Queries | Tx, row: { id: string; account_id: string; token_hash: Buffer; user_agent: string; created_at: Date; expires_at: Date }): Promise<void> {
  await on.insertInto('sessions').values({ ...row, last_seen_at: row.created_at, authenticated_at: row.created_at }).execute()
}
export async function selectSessions(on: Queries, accountId: string) {
  return on.selectFrom('sessions').select(['id', 'user_agent', 'created_at', 'last_seen_at']).where('account_id', '=', accountId).orderBy('last_seen_at', 'desc').limit(100).execute()
}
/** One statement a request: the session and its account. */
export async function selectSessionAccount(on: Queries, tokenHash: Buffer, now: Date, suspended: boolean) {
  const found = on.selectFrom('sessions as s').innerJoin('accounts as a', 'a.id', 's.account_id')
    .select(['s.id as session_id', 's.last_seen_at', ...actorColumns])
    .where('s.token_hash', '=', tokenHash).where('s.expires_at', '>', now)
  return (suspended ? found.where('a.state', '=', 'suspended').where('a.frozen_at', 'is', null) : found.where('a.state', 'not in', ['suspended', 'deleted'])).executeTakeFirst()
}
export async function touchSession(on: Queries, id: string, now: Date): Promise<void> {
  await on.updateTable('sessions').set({ last_seen_at: now }).where('id', '=', id).execute()
}
export async function deleteSession(on: Queries | Tx, accountId: string, id: string): Promise<void> {
  if (!isId(id)) return
  await on.deleteFrom('sessions').where('id', '=', id).where('account_id', '=', accountId).execute()
}
/** Whose session it was. */
export async function deleteSessionByHash(tx: Tx, tokenHash: Buffer): Promise<string | undefined> {
  return (await tx.deleteFrom('sessions').where('token_hash', '=', tokenHash).returning('account_id').executeTakeFirst())?.account_id
}
export async function deleteSessions(tx: Tx, accountId: string, except?: string): Promise<void> {
  let query = tx.deleteFrom('sessions').where('account_id', '=', accountId)
  if (except) query = query.where('id', '<>', except)
  await query.execute()
}
export async function deleteEverySession(tx: Tx, except: string | null): Promise<number> {
  let query = tx.deleteFrom('sessions')
  if (except) query = query.where('id', '<>', except)
  return Number((await query.executeTakeFirst()).numDeletedRows)
}

export async function insertOneTimeToken(on: Queries | Tx, row: { token_hash: Buffer; account_id: string | null; purpose: string; data: string; expires_at: Date }): Promise<void> {
  await on.insertInto('one_time_tokens').values(row).execute()
}
/** Takes a one-time token: it works once, for its purpose, before its end. */
export async function takeOneTimeToken(on: Queries | Tx, tokenHash: Buffer, purpose: string, now: Date): Promise<{ account_id: string | null; data: unknown } | undefined> {
  return on.updateTable('one_time_tokens').set({ used_at: now }).where('token_hash', '=', tokenHash).where('purpose', '=', purpose)
    .where('used_at', 'is', null).where('expires_at', '>', now).returning(['account_id', 'data']).executeTakeFirst()
}
export async function peekOneTimeToken(on: Queries | Tx, tokenHash: Buffer, purpose: string, now: Date): Promise<{ account_id: string | null } | undefined> {
  return on.selectFrom('one_time_tokens').select('account_id').where('token_hash', '=', tokenHash).where('purpose', '=', purpose)
    .where('used_at', 'is', null).where('expires_at', '>', now).executeTakeFirst()
}

export async function replaceRecoveryCodes(tx: Tx, accountId: string, hashes: Buffer[]): Promise<void> {
  await tx.deleteFrom('recovery_codes').where('account_id', '=', accountId).execute()
  if (hashes.length) await tx.insertInto('recovery_codes').values(hashes.map((code_hash) => ({ account_id: accountId, code_hash }))).execute()
}
export async function takeRecoveryCode(on: Queries, accountId: string, hash: Buffer, now: Date): Promise<boolean> {
  const result = await on.updateTable('recovery_codes').set({ used_at: now }).where('account_id', '=', accountId).where('code_hash', '=', hash).where('used_at', 'is', null).executeTakeFirst()
  return result.numUpdatedRows === 1n
}
export async function countRecoveryCodes(on: Queries, accountId: string): Promise<number> {
  const row = await on.selectFrom('recovery_codes').select(sql<number>`count(*)::int`.as('count')).where('account_id', '=', accountId).where('used_at', 'is', null).executeTakeFirstOrThrow()
  return row.count
}

/** Is this account waiting, and for a moderator? Locks it for the rest of the transaction. */
export async function lockWaiting(tx: Tx, accountId: string): Promise<{ state: string; asked: boolean; locale: string } | undefined> {
  return tx.selectFrom('accounts').select(['state', 'locale', sql<boolean>`join_reason is not null`.as('asked')]).where('id', '=', accountId).forUpdate().executeTakeFirst()
}
/** Takes away what has ended: nobody could use it any more. */
export async function deleteEnded(on: Queries, now: Date): Promise<void> {
  // What an investigation may ask for stays with a frozen account.
  await sql`delete from sessions s where expires_at < ${now} and not exists (select from accounts f where f.id = s.account_id and f.frozen_at is not null)`.execute(on)
  await on.deleteFrom('one_time_tokens').where('expires_at', '<', now).execute()
  await on.deleteFrom('rate_limits').where('resets_at', '<', sql<Date>`now()`).execute()
}

/** What is left of an account that its owner deleted: the name, so that nobody else takes it. */
export async function forgetAccount(tx: Tx, accountId: string, now: Date): Promise<void> {
  await tx.updateTable('accounts').set({ state: 'deleted', display_name: '', bio: '', bio_html: '', fields: '[]', avatar_media_id: null, avatar_state: 'none', cover_media_id: null, join_reason: null, updated_at: now }).where('id', '=', accountId).execute()
  await tx.deleteFrom('credentials').where('account_id', '=', accountId).execute()
  await tx.deleteFrom('passkeys').where('account_id', '=', accountId).execute()
  await tx.deleteFrom('one_time_tokens').where('account_id', '=', accountId).execute()
}

/** Frozen for an investigation. */
export async function isFrozenNow(on: Queries, accountId: string): Promise<boolean> {
  return (await on.selectFrom('accounts').select('id').where('id', '=', accountId).where('frozen_at', 'is not', null).executeTakeFirst()) !== undefined
}
/** The same; holds the row. */
export async function isFrozen(tx: Tx, accountId: string): Promise<boolean> {
  const row = await tx.selectFrom('accounts').select('frozen_at').where('id', '=', accountId).forUpdate().executeTakeFirst()
  return row?.frozen_at !== null && row !== undefined
}
