import type { AccountId } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Those that changed. */
export async function updateSensitive(tx: Tx, ids: PostId[], sensitive: boolean): Promise<PostId[]> {
  const { rows } = await sql<{ id: PostId }>`update posts set sensitive = ${sensitive} where id = any(${ids}::bigint[]) and sensitive <> ${sensitive}::boolean and deleted_at is null returning id`.execute(tx)
  return rows.map((row) => row.id)
}
/** Those that changed. */
export async function updateWarning(tx: Tx, ids: PostId[], warning: string): Promise<PostId[]> {
  const { rows } = await sql<{ id: PostId }>`update posts set warning = ${warning} where id = any(${ids}::bigint[]) and warning <> ${warning} and deleted_at is null returning id`.execute(tx)
  return rows.map((row) => row.id)
}
export async function updateFrozen(tx: Tx, id: AccountId, at: Date | null): Promise<void> {
  await sql`update accounts set frozen_at = ${at} where id = ${id}`.execute(tx)
}
export async function updateCover(tx: Tx, id: AccountId, mediaId: string | null): Promise<void> {
  await sql`update accounts set cover_media_id = ${mediaId} where id = ${id}`.execute(tx)
}
export async function clearProfile(tx: Tx, id: AccountId): Promise<void> {
  await sql`update accounts set display_name = '', bio = '', bio_html = '', fields = '[]' where id = ${id}`.execute(tx)
}

/** How it was, for the way back. */
export type Before = {
  posts?: { id: PostId; state: 'published' | 'held' | 'removed' | 'processing'; sensitive: boolean; warning: string }[]
  account?: { state: 'active' | 'limited' | 'suspended' | 'pending' | 'deleted'; until: string | null; avatarId: string | null; avatarState: 'none' | 'pending' | 'shown' | 'refused'; coverId: string | null; name: string; bio: string; bioHtml: string; fields: unknown }
}
export async function selectBefore(tx: Tx, accountId: AccountId, postIds: PostId[]): Promise<Before> {
  const { rows: posts } = await sql<NonNullable<Before['posts']>[number]>`select id::text as id, state, sensitive, warning from posts where id = any(${postIds}::bigint[]) order by id for update`.execute(tx)
  const { rows } = await sql<NonNullable<Before['account']>>`select state, suspended_until as until, avatar_media_id::text as "avatarId", avatar_state as "avatarState", cover_media_id::text as "coverId", display_name as name, bio, bio_html as "bioHtml", fields from accounts where id = ${accountId}`.execute(tx)
  return { posts, account: rows[0] }
}
export async function restorePosts(tx: Tx, posts: NonNullable<Before['posts']>, part: 'sensitive' | 'warning'): Promise<PostId[]> {
  const column = sql.ref(part)
  const { rows } = await sql<{ id: PostId }>`update posts p set ${column} = x.${column} from jsonb_to_recordset(${JSON.stringify(posts)}::jsonb) as x (id bigint, sensitive boolean, warning text) where p.id = x.id and p.deleted_at is null returning p.id`.execute(tx)
  return rows.map((row) => row.id)
}
/** A picture comes back where there is still one; a newer one of the member's own stays. */
export async function restorePicture(tx: Tx, id: AccountId, which: 'avatar' | 'cover', before: NonNullable<Before['account']>): Promise<void> {
  if (which === 'avatar') await sql`update accounts set avatar_media_id = ${before.avatarId}, avatar_state = ${before.avatarState} where id = ${id} and avatar_media_id is null and exists (select 1 from media where id = ${before.avatarId}::bigint)`.execute(tx)
  else await sql`update accounts set cover_media_id = ${before.coverId} where id = ${id} and cover_media_id is null and exists (select 1 from media where id = ${before.coverId}::bigint)`.execute(tx)
}
/** What the member wrote since stays. */
export async function restoreProfile(tx: Tx, id: AccountId, before: NonNullable<Before['account']>): Promise<void> {
  await sql`update accounts set display_name = case when display_name = '' then ${before.name} else display_name end, bio_html = case when bio = '' then ${before.bioHtml} else bio_html end,
    bio = case when bio = '' then ${before.bio} else bio end, fields = case when fields = '[]'::jsonb then ${JSON.stringify(before.fields)}::jsonb else fields end where id = ${id}`.execute(tx)
}
