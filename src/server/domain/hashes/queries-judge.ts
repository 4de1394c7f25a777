import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Keeps what somebody thinks of a match, and counts it on its entry; undefined where there is none. */
export async function writeJudgement(tx: Tx, id: string, verdict: 'right' | 'wrong', by: string, at: Date): Promise<{ mediaId: string; entryId: string; changed: boolean } | undefined> {
  const { rows } = await sql<{ media_id: string; entry_id: string; judged: 'right' | 'wrong' | null }>`select media_id, entry_id, judged from media_matches where id = ${id} for update`.execute(tx)
  const before = rows[0]
  if (!before) return undefined
  if (before.judged === verdict) return { mediaId: before.media_id, entryId: before.entry_id, changed: false }
  await sql`update media_matches set judged = ${verdict}, judged_by = ${by}, judged_at = ${at} where id = ${id}`.execute(tx)
  const step = (of: 'right' | 'wrong') => (verdict === of ? 1 : 0) - (before.judged === of ? 1 : 0)
  await sql`update hash_entries set judged_right = judged_right + ${step('right')}, judged_wrong = judged_wrong + ${step('wrong')} where id = ${before.entry_id}`.execute(tx)
  return { mediaId: before.media_id, entryId: before.entry_id, changed: true }
}

export type ListFacts = { list_id: string; matches: number; judged_right: number; judged_wrong: number }

/** How often each list matched, and what people thought of it. */
export async function selectListFacts(on: Queries): Promise<ListFacts[]> {
  const { rows } = await sql<ListFacts>`select e.list_id, count(*)::int as matches, count(*) filter (where m.judged = 'right')::int as judged_right, count(*) filter (where m.judged = 'wrong')::int as judged_wrong
    from media_matches m join hash_entries e on e.id = m.entry_id group by e.list_id`.execute(on)
  return rows
}
