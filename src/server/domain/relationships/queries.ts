import type { AccountId, AccountState } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type Party = { id: AccountId; state: AccountState; locked: boolean }

/** Locks both accounts, lower id first, so that what is between two people changes one act at a time. */
export async function lockBoth(tx: Tx, one: AccountId, other: AccountId): Promise<{ one?: Party; other?: Party }> {
  const { rows } = await sql<Party>`select id, state, locked from accounts where id = any(${[one, other]}::bigint[]) order by id for no key update`.execute(tx)
  return { one: rows.find((row) => row.id === one), other: rows.find((row) => row.id === other) }
}

export async function isBlockBetween(on: Queries | Tx, one: AccountId, other: AccountId): Promise<boolean> {
  const { rows } = await sql`select 1 from blocks where (blocker_id, blocked_id) in ((${one}, ${other}), (${other}, ${one})) limit 1`.execute(on)
  return rows.length > 0
}

/** Undefined when it existed already. */
export async function insertFollow(tx: Tx, row: { id: string; followerId: AccountId; followedId: AccountId; state: 'requested' | 'accepted'; showBoosts: boolean; notify: boolean; languages: string[] | null; at: Date }): Promise<boolean> {
  const { rows } = await sql`insert into follows (id, follower_id, followed_id, state, show_boosts, notify, languages, created_at)
    values (${row.id}, ${row.followerId}, ${row.followedId}, ${row.state}, ${row.showBoosts}, ${row.notify}, ${row.languages}, ${row.at})
    on conflict (follower_id, followed_id) do nothing returning 1`.execute(tx)
  return rows.length > 0
}

export async function changeFollow(tx: Tx, followerId: AccountId, followedId: AccountId, change: { showBoosts?: boolean; notify?: boolean; languages?: string[] | null }): Promise<void> {
  await sql`update follows set show_boosts = coalesce(${change.showBoosts ?? null}::boolean, show_boosts), notify = coalesce(${change.notify ?? null}::boolean, notify),
      languages = case when ${change.languages !== undefined}::boolean then ${change.languages ?? null}::text[] else languages end
    where follower_id = ${followerId} and followed_id = ${followedId}`.execute(tx)
}

/** From requested to accepted; false when nobody asked. */
export async function acceptRequest(tx: Tx, followerId: AccountId, followedId: AccountId, id: string): Promise<boolean> {
  const { rows } = await sql`update follows set state = 'accepted', id = ${id} where follower_id = ${followerId} and followed_id = ${followedId} and state = 'requested' returning 1`.execute(tx)
  return rows.length > 0
}

/** The state that the removed follow had. */
export async function deleteFollow(tx: Tx, followerId: AccountId, followedId: AccountId): Promise<'requested' | 'accepted' | undefined> {
  const { rows } = await sql<{ state: 'requested' | 'accepted' }>`delete from follows where follower_id = ${followerId} and followed_id = ${followedId} returning state`.execute(tx)
  return rows[0]?.state
}

/** Counts one more (+1) or one less (-1) accepted follow, on both sides. */
export async function countFollow(tx: Tx, followerId: AccountId, followedId: AccountId, by: 1 | -1): Promise<void> {
  await sql`update accounts set
      following_count = following_count + case when id = ${followerId} then ${by}::int else 0 end,
      followers_count = followers_count + case when id = ${followedId} then ${by}::int else 0 end
    where id = any(${[followerId, followedId]}::bigint[])`.execute(tx)
}

export async function insertBlock(tx: Tx, id: string, blockerId: AccountId, blockedId: AccountId, at: Date): Promise<void> {
  await sql`insert into blocks (id, blocker_id, blocked_id, created_at) values (${id}, ${blockerId}, ${blockedId}, ${at}) on conflict (blocker_id, blocked_id) do nothing`.execute(tx)
}

export async function deleteBlock(tx: Tx, blockerId: AccountId, blockedId: AccountId): Promise<void> {
  await sql`delete from blocks where blocker_id = ${blockerId} and blocked_id = ${blockedId}`.execute(tx)
}

export async function insertMute(tx: Tx, row: { id: string; muterId: AccountId; mutedId: AccountId; hideNotifications: boolean; expiresAt: Date | null; at: Date }): Promise<void> {
  await sql`insert into mutes (id, muter_id, muted_id, hide_notifications, expires_at, created_at)
    values (${row.id}, ${row.muterId}, ${row.mutedId}, ${row.hideNotifications}, ${row.expiresAt}, ${row.at})
    on conflict (muter_id, muted_id) do update set hide_notifications = excluded.hide_notifications, expires_at = excluded.expires_at`.execute(tx)
}

export async function deleteMute(tx: Tx, muterId: AccountId, mutedId: AccountId): Promise<void> {
  await sql`delete from mutes where muter_id = ${muterId} and muted_id = ${mutedId}`.execute(tx)
}

export type RelationshipRow = {
  id: AccountId
  following: 'requested' | 'accepted' | null
  notify: boolean | null
  show_boosts: boolean | null
  followed_by: 'requested' | 'accepted' | null
  blocking: boolean
  blocked_by: boolean
  muting: boolean
  muting_until: Date | null
  muting_notifications: boolean | null
  languages: string[] | null
  endorsed: boolean
  note: string | null
}

export async function selectRelationships(on: Queries, viewerId: AccountId, ids: AccountId[], now: Date): Promise<RelationshipRow[]> {
  const { rows } = await sql<RelationshipRow>`
    select x.id::text as id, mine.state as following, mine.notify, mine.show_boosts, mine.languages, theirs.state as followed_by,
      exists (select 1 from blocks b where b.blocker_id = ${viewerId} and b.blocked_id = x.id) as blocking,
      exists (select 1 from blocks b where b.blocker_id = x.id and b.blocked_id = ${viewerId}) as blocked_by,
      m.muter_id is not null as muting, m.expires_at as muting_until, m.hide_notifications as muting_notifications,
      exists (select 1 from endorsements e where e.account_id = ${viewerId} and e.endorsed_id = x.id) as endorsed, n.note
    from unnest(${ids}::bigint[]) as x (id)
    left join follows mine on mine.follower_id = ${viewerId} and mine.followed_id = x.id
    left join follows theirs on theirs.follower_id = x.id and theirs.followed_id = ${viewerId}
    left join account_notes n on n.account_id = ${viewerId} and n.about_id = x.id
    left join mutes m on m.muter_id = ${viewerId} and m.muted_id = x.id and (m.expires_at is null or m.expires_at > ${now})`.execute(on)
  return rows
}

/** Blocked either way, and muted at `now`. */
export async function selectHiddenIds(on: Queries, viewerId: AccountId, now: Date): Promise<{ id: AccountId; until: Date | null }[]> {
  const { rows } = await sql<{ id: AccountId; until: Date | null }>`
    select blocked_id as id, null::timestamptz as until from blocks where blocker_id = ${viewerId}
    union select blocker_id, null from blocks where blocked_id = ${viewerId}
    union select muted_id, expires_at from mutes where muter_id = ${viewerId} and (expires_at is null or expires_at > ${now})`.execute(on)
  return rows
}

/** Accepted followers, for those who fan out (notify: only those who want to hear of each post). */
export async function selectFollowerIds(on: Queries, accountId: AccountId, notifyOnly: boolean): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`select follower_id as id from follows where followed_id = ${accountId} and state = 'accepted' ${notifyOnly ? sql`and notify` : sql``}`.execute(on)
  return rows.map((row) => row.id)
}
