import type { AccountId } from '#server/domain/accounts/index.ts'
import type { AccountLimit } from '#server/domain/accounts/index.ts'
import type { PostId, PostMark } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Puts a mark on these posts, or takes it off. Those that changed. */
export async function updateMark(tx: Tx, ids: PostId[], mark: PostMark, on: boolean): Promise<PostId[]> {
  const column = mark === 'sensitive' ? sql`, sensitive = ${on}` : mark === 'limited' ? sql`, limited = ${on}` : sql``
  // What the author covered, or screening limited, is given back as well.
  const differs = mark === 'sensitive' ? sql`sensitive <> ${on}::boolean` : mark === 'limited' ? sql`limited <> ${on}::boolean` : sql`false`
  const { rows } = await sql<{ id: PostId }>`update posts set marks = case when ${on}::boolean then array_append(array_remove(marks, ${mark}), ${mark}::text) else array_remove(marks, ${mark}) end ${column}
    where id = any(${ids}::bigint[]) and deleted_at is null and ((${mark} = any(marks)) <> ${on}::boolean or ${differs}) returning id`.execute(tx)
  return rows.map((row) => row.id)
}
/** Those that changed. */
export async function updateLabel(tx: Tx, ids: PostId[], label: string): Promise<PostId[]> {
  const { rows } = await sql<{ id: PostId }>`update posts set label = ${label} where id = any(${ids}::bigint[]) and label <> ${label} and deleted_at is null returning id`.execute(tx)
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
  posts?: { id: PostId; state: 'published' | 'held' | 'removed' | 'processing'; sensitive: boolean; warning: string; label?: string; limited?: boolean; marks?: PostMark[] }[]
  account?: { limits?: AccountLimit[];  state: 'active' | 'limited' | 'suspended' | 'pending' | 'deleted'; until: string | null; avatarId: string | null; avatarState: 'none' | 'pending' | 'shown' | 'refused'; coverId: string | null; name: string; bio: string; bioHtml: string; fields: unknown }
}
export async function selectBefore(tx: Tx, accountId: AccountId, postIds: PostId[]): Promise<Before> {
  const { rows: posts } = await sql<NonNullable<Before['posts']>[number]>`select id::text as id, state, sensitive, warning, label, limited, marks from posts where id = any(${postIds}::bigint[]) order by id for update`.execute(tx)
  const { rows } = await sql<NonNullable<Before['account']>>`select state, suspended_until as until, avatar_media_id::text as "avatarId", avatar_state as "avatarState", cover_media_id::text as "coverId", display_name as name, bio, bio_html as "bioHtml", fields,
      coalesce((select jsonb_agg(jsonb_build_object('what', l.what, 'until', l.until)) from account_limits l where l.account_id = accounts.id), '[]') as limits from accounts where id = ${accountId}`.execute(tx)
  return { posts, account: rows[0] }
}
type PostsBefore = NonNullable<Before['posts']>
/** The mark is as it was, and with it the column of its name; other marks stay. */
export async function restoreMark(tx: Tx, posts: PostsBefore, mark: PostMark): Promise<PostId[]> {
  const column = mark === 'sensitive' ? sql`, sensitive = x.sensitive` : mark === 'limited' ? sql`, limited = coalesce(x.limited, p.limited)` : sql``
  const { rows } = await sql<{ id: PostId }>`update posts p set marks = case when ${mark} = any(coalesce(x.marks, '{}')) then array_append(array_remove(p.marks, ${mark}), ${mark}::text) else array_remove(p.marks, ${mark}) end ${column}
    from jsonb_to_recordset(${JSON.stringify(posts)}::jsonb) as x (id bigint, sensitive boolean, limited boolean, marks text[]) where p.id = x.id and p.deleted_at is null returning p.id`.execute(tx)
  return rows.map((row) => row.id)
}
export async function restoreLabel(tx: Tx, posts: PostsBefore): Promise<PostId[]> {
  const { rows } = await sql<{ id: PostId }>`update posts p set label = coalesce(x.label, '') from jsonb_to_recordset(${JSON.stringify(posts)}::jsonb) as x (id bigint, label text) where p.id = x.id and p.deleted_at is null returning p.id`.execute(tx)
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
