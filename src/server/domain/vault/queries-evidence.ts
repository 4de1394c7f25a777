import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type KeptFile = { media_id: string; name: string; mime: string; sha256: Buffer; bytes: number }
/** Files of a case that stay whatever is deleted. */
export async function selectCaseFiles(on: Queries, caseId: string): Promise<KeptFile[]> {
  const { rows } = await sql<KeptFile>`select e.media_id, e.name, e.mime, e.sha256, f.bytes::float8 as bytes from evidence_files e join files f using (sha256) where e.case_id = ${caseId} order by e.media_id, e.name limit 5000`.execute(on)
  return rows
}
/** Every file of one account's media, above an item. */
export async function selectAccountFiles(on: Queries, accountId: string, after: { id: string; name: string }, limit: number): Promise<KeptFile[]> {
  const { rows } = await sql<KeptFile>`select m.id as media_id, mf.name, m.original_mime as mime, mf.sha256, f.bytes::float8 as bytes from media m join media_files mf on mf.media_id = m.id join files f on f.sha256 = mf.sha256
    where m.account_id = ${accountId} and (m.id, mf.name) > (${after.id}::bigint, ${after.name}) order by m.id, mf.name limit ${limit}`.execute(on)
  return rows
}
/** Posts of every audience, deleted ones as far as they are still there, with every version. */
export async function selectAccountPosts(on: Queries, accountId: string, after: string, limit: number): Promise<(Record<string, unknown> & { id: string; edits: unknown[] })[]> {
  const { rows } = await sql<Record<string, unknown> & { id: string; edits: unknown[] }>`select p.id, p.audience, p.state, p.text, p.warning, p.sensitive, p.language, p.reply_to_id, p.boost_of_id, '/@' || (select username from accounts where id = p.author_id) || '/' || p.id as address, array(select a.username from post_mentions n join accounts a on a.id = n.account_id where n.post_id = p.id order by a.id) as mentions, p.created_at, p.edited_at, p.deleted_at,
      coalesce((select jsonb_agg(jsonb_build_object('text', e.text, 'warning', e.warning, 'createdAt', e.created_at) order by e.id) from post_edits e where e.post_id = p.id), '[]'::jsonb) as edits,
      coalesce((select jsonb_agg(jsonb_build_object('id', m.id::text, 'kind', m.kind, 'description', m.description) order by m.position, m.id) from media m where m.post_id = p.id), '[]'::jsonb) as media
    from posts p where p.author_id = ${accountId} and p.id > ${after} order by p.id limit ${limit}`.execute(on)
  return rows
}
export async function selectAccountFacts(on: Queries, id: string): Promise<Record<string, unknown> | undefined> {
  const { rows } = await sql<Record<string, unknown>>`select id, username, display_name, bio, fields, role, state, locale, created_at, frozen_at, invited_by_id from accounts where id = ${id}`.execute(on)
  return rows[0]
}
/** When and with what programs they signed in; nothing that lets anybody in. */
export async function selectSessionFacts(on: Queries, accountId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`select user_agent, created_at, last_seen_at, authenticated_at, expires_at from sessions where account_id = ${accountId} order by id limit 1000`.execute(on)
  return rows
}
/** Decisions of a case, and its reports without who made them. */
export async function selectCaseActs(on: Queries, caseId: string): Promise<{ decisions: unknown[]; reports: unknown[] }> {
  const { rows } = await sql<{ decisions: unknown[]; reports: unknown[] }>`select
    coalesce((select jsonb_agg(jsonb_build_object('id', d.id::text, 'act', d.act, 'reason', d.reason, 'law', d.law, 'explanation', d.explanation, 'category', d.category, 'at', d.created_at) order by d.id) from decisions d where d.case_id = ${caseId}), '[]'::jsonb) as decisions,
    coalesce((select jsonb_agg(jsonb_build_object('id', r.id::text, 'category', r.category, 'law', r.law, 'addresses', r.addresses, 'at', r.created_at) order by r.id) from reports r where r.case_id = ${caseId}), '[]'::jsonb) as reports`.execute(on)
  return rows[0]!
}
