import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type OpenFacts = { anybody: boolean; reply: boolean; media: boolean; tags: string[] }

/** Of a post (removed or not) for everybody or all members: where it shows. Undefined for others, and for boosts. */
export async function selectOpen(on: Queries, postId: string, removed: boolean): Promise<OpenFacts | undefined> {
  const { rows } = await sql<OpenFacts>`
    select p.audience = 'public' and a.state = 'active' as anybody, p.reply_to_id is not null as reply, p.media_count > 0 as media, array(select t.name from post_tags pt join tags t on t.id = pt.tag_id where pt.post_id = p.id) as tags
    from posts p join accounts a on a.id = p.author_id
    where p.id = ${postId} and p.boost_of_id is null and p.audience in ('public', 'members') and (not p.limited and not ('adults' = any(p.marks)) or ${removed}) and (${removed} or (p.deleted_at is null and p.state = 'published'))`.execute(on)
  return rows[0]
}

/** Who of these muted the post's author. */
export async function selectMuters(on: Queries, postId: string, ids: string[], now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select m.muter_id as id from posts p join mutes m on m.muted_id = p.author_id and m.muter_id = any(${ids}::bigint[]) and (m.expires_at is null or m.expires_at > ${now}) where p.id = ${postId}`.execute(on)
  return rows.map((row) => row.id)
}
