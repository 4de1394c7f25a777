import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type CodeRow = { code_hash: Buffer; app_id: string; account_id: string; scopes: string; redirect_uri: string; challenge: string | null; access_token_id: string | null; expires_at: Date; used_at: Date | null }
export async function insertCode(on: Queries, row: Omit<CodeRow, 'access_token_id' | 'used_at'> & { created_at: Date }): Promise<void> {
  await on.insertInto('oauth_codes').values(row).execute()
}
/** The code, locked for the rest of the transaction: of two that come with it one waits and then finds it used. */
export async function lockCode(tx: Tx, codeHash: Buffer): Promise<CodeRow | undefined> {
  return tx.selectFrom('oauth_codes').select(['code_hash', 'app_id', 'account_id', 'scopes', 'redirect_uri', 'challenge', 'access_token_id', 'expires_at', 'used_at']).where('code_hash', '=', codeHash).forUpdate().executeTakeFirst()
}
export async function useCode(tx: Tx, codeHash: Buffer, accessTokenId: string | null, now: Date): Promise<void> {
  await tx.updateTable('oauth_codes').set({ used_at: now, access_token_id: accessTokenId }).where('code_hash', '=', codeHash).execute()
}
/** Codes that nobody has used yet can't be used any more. */
export async function deleteEveryCode(tx: Tx): Promise<void> {
  await tx.deleteFrom('oauth_codes').where('used_at', 'is', null).execute()
}
export async function endCodes(tx: Tx, accountId: string, appId?: string): Promise<void> {
  let query = tx.deleteFrom('oauth_codes').where('account_id', '=', accountId).where('used_at', 'is', null)
  if (appId !== undefined) query = query.where('app_id', '=', appId)
  await query.execute()
}

export type RefreshRow = { access_token_id: string; app_id: string | null; account_id: string | null; scopes: string; expires_at: Date; used_at: Date | null; revoked_at: Date | null }
export async function insertRefreshToken(tx: Tx, row: { token_hash: Buffer; access_token_id: string; created_at: Date; expires_at: Date }): Promise<void> {
  await tx.insertInto('refresh_tokens').values(row).execute()
}
/** Locked, with the access token it stands for. */
export async function lockRefreshToken(tx: Tx, tokenHash: Buffer): Promise<RefreshRow | undefined> {
  const { rows } = await sql<RefreshRow>`
    select r.access_token_id, t.app_id, t.account_id, t.scopes, r.expires_at, r.used_at, t.revoked_at
    from refresh_tokens r join access_tokens t on t.id = r.access_token_id where r.token_hash = ${tokenHash} for update`.execute(tx)
  return rows[0]
}
export async function useRefreshToken(tx: Tx, tokenHash: Buffer, now: Date): Promise<void> {
  await tx.updateTable('refresh_tokens').set({ used_at: now }).where('token_hash', '=', tokenHash).execute()
}

/** What nobody can use any more, and apps that nobody has used for long. Days. */
export async function deleteUnused(on: Queries, now: Date, days: { codes: number; tokens: number; apps: number }): Promise<void> {
  const before = (count: number) => new Date(now.getTime() - count * 86_400_000)
  await on.deleteFrom('oauth_codes').where('expires_at', '<', before(days.codes)).execute()
  await on.deleteFrom('refresh_tokens').where('expires_at', '<', before(days.tokens)).execute()
  await on.deleteFrom('access_tokens').where('revoked_at', '<', before(days.tokens)).execute()
  // Those that ended by themselves and can't be made anew.
  await sql`delete from access_tokens t where t.expires_at < ${before(days.tokens)} and not exists (select 1 from refresh_tokens r where r.access_token_id = t.id and r.used_at is null)`.execute(on)
  await sql`delete from oauth_apps o where greatest(o.created_at, o.last_used_on) < ${before(days.apps)} and not exists (select 1 from access_tokens t where t.app_id = o.id and t.account_id is not null and t.revoked_at is null)`.execute(on)
}
