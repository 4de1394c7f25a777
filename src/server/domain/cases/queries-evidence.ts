import type { AccountId, Role } from '#server/domain/accounts/index.ts'
import type { Audience, PostId } from '#server/domain/posts/index.ts'
import type { Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type SeenPost = { id: PostId; author_id: AccountId; text: string; html: string; warning: string; sensitive: boolean; audience: Audience; language: string | null; created_at: Date; edited_at: Date | null; reply_to_id: PostId | null; media_ids: string[]
  edits: { text: string; warning: string; createdAt: string }[] }
/** These posts as they stand, whoever may see them, with every version. */
export async function selectSeenPosts(tx: Tx, ids: PostId[]): Promise<SeenPost[]> {
  const { rows } = await sql<SeenPost>`select p.id, p.author_id, p.text, p.html, p.warning, p.sensitive, p.audience, p.language, p.created_at, p.edited_at, p.reply_to_id,
      coalesce((select array_agg(m.id::text order by m.position, m.id) from media m where m.post_id = p.id), '{}') as media_ids,
      coalesce((select jsonb_agg(jsonb_build_object('text', e.text, 'warning', e.warning, 'createdAt', e.created_at) order by e.id) from (select * from post_edits where post_id = p.id order by id desc limit 50) e), '[]'::jsonb) as edits
    from unnest(${ids}::bigint[]) with ordinality as x (id, at) join posts p on p.id = x.id order by x.at`.execute(tx)
  return rows
}
/** What they answer, and what that answers: up to three steps up each. */
export async function selectParents(tx: Tx, ids: PostId[]): Promise<{ id: PostId; name: string; text: string; created_at: Date }[]> {
  const { rows } = await sql<{ id: PostId; name: string; text: string; created_at: Date }>`with recursive up (id, reply_to_id, step) as (
      select p.id, p.reply_to_id, 0 from posts p where p.id = any(${ids}::bigint[])
      union all select p.id, p.reply_to_id, up.step + 1 from up join posts p on p.id = up.reply_to_id where up.step < 3)
    select distinct on (p.id) p.id, coalesce(nullif(a.display_name, ''), a.username) as name, left(p.text, 1000) as text, p.created_at
    from up join posts p on p.id = up.id join accounts a on a.id = p.author_id where up.step > 0 and p.deleted_at is null order by p.id limit 30`.execute(tx)
  return rows
}
export type SeenAccount = { username: string; display_name: string; bio_html: string; role: Role; fields: { name: string; value: string }[]; avatar_media_id: string | null; cover_media_id: string | null; followers_count: number }
export async function selectSeenAccount(tx: Tx, id: AccountId): Promise<SeenAccount | undefined> {
  const { rows } = await sql<SeenAccount>`select username, display_name, bio_html, role, fields, avatar_media_id, cover_media_id, followers_count from accounts where id = ${id}`.execute(tx)
  return rows[0]
}
