import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { AccountId, AccountState, Role } from './types.ts'

export type AccountRow = {
  id: AccountId; username: string; display_name: string; bio_html: string; bio: string; fields: unknown; role: Role; state: AccountState
  locked: boolean; bot: boolean; locale: string; default_audience: string; default_language: string | null; preferences: unknown
  avatar_media_id: string | null; avatar_state: string; cover_media_id: string | null
  posts_count: number; followers_count: number; following_count: number; created_at: Date; discoverable: boolean; last_post_at: Date | null
}
const columns = ['id', 'username', 'display_name', 'bio', 'bio_html', 'fields', 'role', 'state', 'locked', 'bot', 'locale', 'default_audience', 'default_language', 'preferences',
  'avatar_media_id', 'avatar_state', 'cover_media_id', 'posts_count', 'followers_count', 'following_count', 'created_at', 'discoverable', 'last_post_at'] as const

/** Every account of these ids that exists, in no order. */
export async function selectAccounts(on: Queries | Tx, ids: string[]): Promise<AccountRow[]> {
  if (ids.length === 0) return []
  return on.selectFrom('accounts').select(columns).where(sql<boolean>`id = any(${ids}::bigint[])`).execute() as Promise<AccountRow[]>
}

export async function selectOnboarded(on: Queries, id: string): Promise<boolean> {
  const row = await on.selectFrom('accounts').select('onboarded_at').where('id', '=', id).executeTakeFirst()
  return row !== undefined && row.onboarded_at !== null
}

export async function selectByKey(on: Queries | Tx, key: string): Promise<AccountRow | undefined> {
  return on.selectFrom('accounts').select(columns).where('username_key', '=', key).executeTakeFirst() as Promise<AccountRow | undefined>
}

export async function selectMemberCount(on: Queries): Promise<number> {
  const row = await on.selectFrom('accounts').select(sql<number>`count(*)::int`.as('count')).where('state', 'in', ['active', 'limited']).executeTakeFirstOrThrow()
  return row.count
}

/** Posts of everybody, as the accounts count them. */
export async function selectPostCount(on: Queries): Promise<number> {
  const row = await on.selectFrom('accounts').select(sql<number>`coalesce(sum(posts_count), 0)::int`.as('count')).where('state', 'in', ['active', 'limited']).executeTakeFirstOrThrow()
  return row.count
}

/** Is the name, or one that looks like it, in use? */
export async function selectTaken(on: Queries | Tx, key: string, skeleton: string): Promise<'name' | 'lookAlike' | null> {
  const rows = await on.selectFrom('accounts').select(['username_key', 'state']).where((eb) => eb.or([eb('username_key', '=', key), eb.and([eb('username_skeleton', '=', skeleton), eb('state', '<>', 'deleted')])])).execute()
  if (rows.some((row) => row.username_key === key)) return 'name'
  return rows.length ? 'lookAlike' : null
}

export type NewAccount = {
  id: string; username: string; username_key: string; username_skeleton: string; display_name: string; role: Role; state: AccountState
  locale: string; default_audience: string; join_reason: string | null; invited_by_id: string | null; invitation_id: string | null; came_by: 'open' | 'approval' | 'invitation' | null; created_at: Date
}
export async function insertAccount(tx: Tx, row: NewAccount): Promise<void> {
  await tx.insertInto('accounts').values(row).execute()
}

export type AccountPatch = Partial<{
  display_name: string; bio: string; bio_html: string; fields: string; locked: boolean; discoverable: boolean; locale: string; default_audience: string
  default_language: string | null; preferences: string; role: Role; state: AccountState; suspended_until: Date | null; avatar_media_id: string | null
  avatar_state: string; cover_media_id: string | null; onboarded_at: Date; bot: boolean
}>
export async function updateAccount(tx: Tx, id: string, patch: AccountPatch): Promise<void> {
  await tx.updateTable('accounts').set({ ...patch, updated_at: new Date() }).where('id', '=', id).execute()
}

/** The member is here today: counted once a day (UTC). */
export async function countReading(on: Queries, id: string, now: Date): Promise<void> {
  await sql`update accounts set read_days = read_days + 1, last_read_on = (${now}::timestamptz at time zone 'UTC')::date where id = ${id} and last_read_on is distinct from (${now}::timestamptz at time zone 'UTC')::date`.execute(on)
}

/** Locks the account's row for the rest of the transaction. */
export async function lockAccount(tx: Tx, id: string): Promise<AccountRow | undefined> {
  return tx.selectFrom('accounts').select(columns).where('id', '=', id).forUpdate().executeTakeFirst() as Promise<AccountRow | undefined>
}

export async function selectNewest(on: Queries, most: number): Promise<AccountRow[]> {
  return on.selectFrom('accounts').select(columns).orderBy('id', 'desc').limit(most).execute() as Promise<AccountRow[]>
}
