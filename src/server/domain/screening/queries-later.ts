import type { AccountId } from '#server/domain/accounts/index.ts'
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

/** The newest posts that link to a page; not what only named people read. */
export async function selectPostsOfCard(on: Queries, cardId: string, most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select p.id from post_cards k join posts p on p.id = k.post_id where k.card_id = ${cardId} and p.deleted_at is null and p.state <> 'removed' and p.audience <> 'mentioned' order by p.id desc limit ${most}`.execute(on)
  return rows.map((row) => row.id)
}
/** What the page says that a post links to, as its card shows it. */
export async function selectCardWords(on: Queries, postId: string): Promise<string> {
  const { rows } = await sql<{ words: string }>`select concat_ws(E'\n', c.title, c.description, c.author_name) as words from post_cards k join cards c on c.id = k.card_id where k.post_id = ${postId} and c.state = 'ready'`.execute(on)
  return rows.map((row) => row.words).join('\n')
}
/** Who joined, with their words; `seen`: a rule said something about their name before. */
export async function selectNewcomer(on: Queries, id: string): Promise<{ id: AccountId; username: string; display_name: string; join_reason: string | null; seen: boolean } | undefined> {
  const { rows } = await sql<{ id: AccountId; username: string; display_name: string; join_reason: string | null; seen: boolean }>`select id, username, display_name, join_reason,
    exists (select from screening_hits h where h.account_id = a.id and h.subject = 'profile' and h.post_id is null and h.media_id is null) as seen from accounts a where id = ${id} and state <> 'deleted'`.execute(on)
  return rows[0]
}
