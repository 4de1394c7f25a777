import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Those that were looked up since. */
export async function selectResolved(on: Queries, urls: string[], since: Date): Promise<Set<string>> {
  const { rows } = await sql<{ url: string }>`select url from screening_links where url = any(${urls}::text[]) and checked_at > ${since}`.execute(on)
  return new Set(rows.map((row) => row.url))
}
export async function upsertChain(on: Queries, link: { url: string; chain: string[]; error: string | null; at: Date }): Promise<void> {
  await sql`insert into screening_links (url, chain, error, checked_at) values (${link.url}, ${link.chain}::text[], ${link.error}, ${link.at})
    on conflict (url) do update set chain = case when excluded.error is null then excluded.chain else screening_links.chain end, error = excluded.error, checked_at = excluded.checked_at`.execute(on)
}
export async function deleteOldLinks(on: Queries, before: Date): Promise<void> {
  await sql`delete from screening_links where checked_at < ${before}`.execute(on)
}

/** A post is held until a classifier answers. */
export async function insertWait(tx: Tx, postId: string, at: Date): Promise<void> {
  await sql`insert into screening_scores (post_id, waits, at) values (${postId}, true, ${at}) on conflict (post_id) do update set waits = true, at = excluded.at`.execute(tx)
}
export async function upsertScores(on: Queries, postId: string, scores: Record<string, number>, at: Date): Promise<void> {
  await sql`insert into screening_scores (post_id, scores, at) select ${postId}::bigint, ${JSON.stringify(scores)}::jsonb, ${at}::timestamptz where exists (select from posts where id = ${postId})
    on conflict (post_id) do update set scores = excluded.scores, at = excluded.at`.execute(on)
}
/** The waiting is over; whether it was one. */
export async function endWait(tx: Tx, postId: string): Promise<boolean> {
  const { rows } = await sql`update screening_scores set waits = false where post_id = ${postId} and waits returning 1`.execute(tx)
  return rows.length > 0
}
/** Whether a case of screening about the post is open: then a person decides. */
export async function hasOpenHold(tx: Tx, postId: string): Promise<boolean> {
  const { rows } = await sql`select from cases c join case_posts p on p.case_id = c.id where p.post_id = ${postId} and c.state = 'open' and c.kind = 'hold'`.execute(tx)
  return rows.length > 0
}
