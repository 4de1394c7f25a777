import type { AccountId, AccountState, Role } from '#server/domain/accounts/index.ts'
import type { MediaId } from '#server/domain/media/index.ts'
import { firstLinkBand } from './likeness.ts'
import type { Audience, PostId } from '#server/domain/posts/index.ts'
import type { Database, Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** What is known of who writes, in one look; and the version of the rules, so that nothing old is used. */
export type FactsRow = { version: string; created_at: Date; role: Role; state: AccountState; posts_count: number; pace: number; upheld: number; branch: number }
export async function selectFacts(on: Queries, accountId: AccountId, at: { sinceId: string; halfYearAgo: Date }): Promise<FactsRow | undefined> {
  const { rows } = await sql<FactsRow>`select s.version, a.created_at, a.role, a.state, a.posts_count,
      (select count(*)::int from (select from posts p where p.author_id = a.id and p.id > ${at.sinceId}::bigint and p.deleted_at is null and p.state = 'published' limit 200) x) as pace,
      (select count(*)::int from decisions d where d.account_id = a.id and d.created_at > ${at.halfYearAgo} and d.reversed_by_id is null and d.undone_at is null and not d.automated
        and d.act in ('remove_post', 'mark_sensitive', 'label', 'warn', 'limit', 'suspend', 'remove_avatar', 'remove_cover', 'clear_profile', 'erase_post', 'limit_post', 'adults_only', 'hide_media', 'hide_links', 'cool_down', 'stop_media', 'stop_links', 'stop_replies')) as upheld,
      (select count(*)::int from (select from accounts b where a.invited_by_id is not null and b.id <> a.id and (b.invited_by_id = a.invited_by_id or b.id = a.invited_by_id) and b.state = 'suspended' limit 100) x) as branch
    from accounts a cross join screening_state s where a.id = ${accountId}`.execute(on)
  return rows[0]
}

/** Texts of the last day that share a band, at most so many of each band: the newest. */
export async function selectNear(on: Queries, bands: number[], since: Date, exceptId: string | null, perBand: number): Promise<{ account_id: AccountId; signature: Buffer; by_link: boolean }[]> {
  const { rows } = await sql<{ account_id: AccountId; signature: Buffer; by_link: boolean }>`select t.account_id, t.signature, found.by_link from (
      select x.text_id, bool_or(b.band >= ${firstLinkBand}::bigint) as by_link from unnest(${bands}::bigint[]) as b (band) cross join lateral (select s.text_id from screening_bands s where s.band = b.band and s.at > ${since} order by s.at desc limit ${perBand}) x group by 1) found
    join screening_texts t on t.id = found.text_id where t.id <> coalesce(${exceptId}::bigint, 0)`.execute(on)
  return rows
}
/** A text with the bands by which it is found again, with the last statement of the transaction. */
export function insertTextAtEnd(database: Pick<Database, 'atEnd'>, tx: Tx, text: { id: PostId; accountId: AccountId; signature: Buffer; bands: number[]; at: Date }): void {
  database.atEnd(tx, () => sql`insert into screening_texts (id, account_id, signature, at) values (${text.id}, ${text.accountId}, ${text.signature}, ${text.at}) on conflict (id) do update set signature = excluded.signature returning 1`)
  database.atEnd(tx, () => sql`insert into screening_bands (band, at, text_id) select band, ${text.at}::timestamptz, ${text.id}::bigint from unnest(${text.bands}::bigint[]) as b (band) on conflict do nothing returning 1`)
}
export async function deleteTexts(on: Queries, before: Date): Promise<void> {
  await sql`delete from screening_bands where at < ${before}`.execute(on)
  await sql`delete from screening_texts where at < ${before}`.execute(on)
}

/** Where links lead in the end, as far as it was looked up. */
export async function selectChains(on: Queries, urls: string[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ url: string; chain: string[] }>`select url, chain from screening_links where url = any(${urls}::text[])`.execute(on)
  return new Map(rows.map((row) => [row.url, row.chain]))
}

/** A stored post as screening looks at it. */
export type StoredRow = { id: PostId; author_id: AccountId; text: string; warning: string; language: string | null; audience: Audience; state: 'processing' | 'published' | 'held' | 'removed'; edited: boolean; options: string[]; media_ids: MediaId[]; mentions: number; created_at: Date; scores: Record<string, number> | null }
const stored = sql.raw(`p.id, p.author_id, p.text, p.warning, p.language, p.audience, p.state, p.edited_at is not null as edited, p.created_at,
  coalesce((select array_agg(o.title order by o.position) from poll_options o where o.poll_id = p.poll_id), '{}') as options,
  coalesce((select array_agg(m.id::text order by m.position, m.id) from media m where m.post_id = p.id), '{}') as media_ids,
  (select count(*)::int from post_mentions n where n.post_id = p.id) as mentions, (select s.scores from screening_scores s where s.post_id = p.id) as scores`)
export async function selectStored(on: Queries | Tx, ids: string[]): Promise<StoredRow[]> {
  const { rows } = await sql<StoredRow>`select ${stored} from posts p where p.id = any(${ids}::bigint[]) and p.deleted_at is null and p.boost_of_id is null`.execute(on)
  return rows
}
/** Posts since a moment, oldest first, after an id; what only named people read is left out. */
export async function selectStoredSince(on: Queries, after: string, most: number): Promise<StoredRow[]> {
  const { rows } = await sql<StoredRow>`select ${stored} from posts p where p.id > ${after}::bigint and p.deleted_at is null and p.boost_of_id is null and p.audience <> 'mentioned' and p.state in ('published', 'held', 'removed') order by p.id limit ${most}`.execute(on)
  return rows
}

/** The most new accounts behind one band of text; links alone don't count. */
export async function selectAlikeNewcomers(on: Queries, since: Date, born: Date): Promise<number> {
  const { rows } = await sql<{ people: number }>`select count(distinct t.account_id)::int as people from screening_texts t join accounts a on a.id = t.account_id and a.created_at > ${born} and a.role = 'member'
    join screening_bands b on b.text_id = t.id where t.at > ${since} and b.at > ${since} and b.band < ${firstLinkBand}::bigint group by b.band order by people desc limit 1`.execute(on)
  return rows[0]?.people ?? 0
}
