import { actorColumns } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type AppRow = { id: string; client_id: string; client_secret_hash: Buffer; name: string; website: string | null; redirect_uris: string[]; scopes: string; confidential: boolean; refreshes: boolean; owner_id: string | null }
const columns = ['id', 'client_id', 'client_secret_hash', 'name', 'website', 'redirect_uris', 'scopes', 'confidential', 'refreshes', 'owner_id'] as const

export async function insertApp(on: Queries | Tx, row: AppRow & { created_at: Date }): Promise<void> {
  await on.insertInto('oauth_apps').values(row).execute()
}
export async function selectApp(on: Queries | Tx, by: { clientId: string } | { id: string }): Promise<AppRow | undefined> {
  const query = on.selectFrom('oauth_apps').select(columns)
  return ('clientId' in by ? query.where('client_id', '=', by.clientId) : query.where('id', '=', by.id)).executeTakeFirst()
}
/** Notes the day, once. */
export async function touchApp(on: Queries | Tx, id: string, day: string): Promise<void> {
  await sql`update oauth_apps set last_used_on = ${day}::date where id = ${id} and last_used_on is distinct from ${day}::date`.execute(on)
}

export type TokenRow = { id: string; token_hash: Buffer; app_id: string; account_id: string | null; scopes: string; created_at: Date; expires_at: Date | null }
export async function insertAccessToken(on: Queries | Tx, row: TokenRow): Promise<void> {
  await on.insertInto('access_tokens').values(row).execute()
}
/** A token that is good now, with its app and whom it speaks for. One statement a request. */
export async function selectGoodToken(on: Queries, tokenHash: Buffer, now: Date) {
  return on.selectFrom('access_tokens as t').leftJoin('oauth_apps as o', 'o.id', 't.app_id').leftJoin('accounts as a', 'a.id', 't.account_id')
    .select([...actorColumns, 't.id as token_id', 't.scopes', 't.app_id', 't.account_id', 't.last_used_at', 't.expires_at', 'o.name as app_name'])
    .where('t.token_hash', '=', tokenHash).where('t.revoked_at', 'is', null).where((eb) => eb.or([eb('t.expires_at', 'is', null), eb('t.expires_at', '>', now)])).executeTakeFirst()
}
export async function touchToken(on: Queries, id: string, day: Date): Promise<void> {
  await on.updateTable('access_tokens').set({ last_used_at: day }).where('id', '=', id).execute()
}
/** Gives a token a new text. */
export async function renewAccessToken(tx: Tx, id: string, fresh: { token_hash: Buffer; expires_at: Date | null; scopes: string }): Promise<void> {
  await tx.updateTable('access_tokens').set(fresh).where('id', '=', id).execute()
}
/** Which of these were good until now, by member. */
export async function revokeTokens(tx: Tx, which: { id: string } | { accountId: string; appId?: string }, now: Date): Promise<string[]> {
  let query = tx.updateTable('access_tokens').set({ revoked_at: now }).where('revoked_at', 'is', null)
  if ('id' in which) query = query.where('id', '=', which.id)
  else {
    query = query.where('account_id', '=', which.accountId)
    if (which.appId !== undefined) query = query.where('app_id', '=', which.appId)
  }
  const rows = await query.returning('account_id').execute()
  return rows.flatMap((row) => row.account_id ?? [])
}
export async function revokeEveryToken(tx: Tx, now: Date): Promise<number> {
  const result = await tx.updateTable('access_tokens').set({ revoked_at: now }).where('revoked_at', 'is', null).executeTakeFirst()
  return Number(result.numUpdatedRows)
}
/** A token by its own text or by a refresh token's, good or not. */
export async function selectTokenOf(on: Queries | Tx, hash: Buffer): Promise<{ id: string; app_id: string | null } | undefined> {
  const { rows } = await sql<{ id: string; app_id: string | null }>`
    select id, app_id from access_tokens where token_hash = ${hash}
    union all select t.id, t.app_id from refresh_tokens r join access_tokens t on t.id = r.access_token_id where r.token_hash = ${hash} limit 1`.execute(on)
  return rows[0]
}

export type MemberAppRow = { id: string; name: string; website: string | null; scopes: string; since: Date; last_used: Date | null; own: boolean }
/** Apps that may speak for the member, last used first. */
export async function selectAppsOf(on: Queries, accountId: string, now: Date): Promise<MemberAppRow[]> {
  const { rows } = await sql<MemberAppRow>`
    select o.id, o.name, o.website, string_agg(distinct t.scopes, ' ') as scopes, min(t.created_at) as since, max(t.last_used_at) as last_used, o.owner_id is not null as own
    from access_tokens t join oauth_apps o on o.id = t.app_id
    where t.account_id = ${accountId} and t.revoked_at is null
      and (t.expires_at is null or t.expires_at > ${now} or exists (select 1 from refresh_tokens r where r.access_token_id = t.id and r.used_at is null and r.expires_at > ${now}))
    group by o.id order by max(coalesce(t.last_used_at, t.created_at)) desc, o.id desc limit 200`.execute(on)
  return rows
}
export async function countOwnApps(on: Queries | Tx, accountId: string): Promise<number> {
  const row = await on.selectFrom('oauth_apps as o').innerJoin('access_tokens as t', 't.app_id', 'o.id').select(sql<number>`count(*)::int`.as('count'))
    .where('o.owner_id', '=', accountId).where('t.revoked_at', 'is', null).executeTakeFirstOrThrow()
  return row.count
}
/** All that an account that left had allowed. */
export async function deleteAllOf(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('oauth_codes').where('account_id', '=', accountId).execute()
  await tx.deleteFrom('access_tokens').where('account_id', '=', accountId).execute()
  await tx.deleteFrom('oauth_apps').where('owner_id', '=', accountId).execute()
}
