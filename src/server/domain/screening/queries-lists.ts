import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { WordListId } from './types.ts'

export type ListRow = { id: WordListId; kind: 'words' | 'links'; name: string; note: string; language: string | null; enabled: boolean; entries: number }
export async function selectLists(on: Queries | Tx): Promise<ListRow[]> {
  const { rows } = await sql<ListRow>`select l.id, l.kind, l.name, l.note, l.language, l.enabled, (select count(*)::int from screening_entries e where e.list_id = l.id) as entries
    from screening_lists l where l.removed_at is null order by l.kind desc, l.id limit 100`.execute(on)
  return rows
}
export async function upsertList(tx: Tx, list: Omit<ListRow, 'entries'>, at: Date): Promise<void> {
  await sql`insert into screening_lists (id, kind, name, note, language, enabled, created_at) values (${list.id}, ${list.kind}, ${list.name}, ${list.note}, ${list.language}, ${list.enabled}, ${at})
    on conflict (id) do update set name = excluded.name, note = excluded.note, language = excluded.language, enabled = excluded.enabled`.execute(tx)
}
export async function markListRemoved(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update screening_lists set removed_at = ${at} where id = ${id}`.execute(tx)
}
export type Entry = { id: string; value: string; how: 'whole' | 'inside' | 'pattern' | 'domain' | 'url'; exact: boolean; action: 'block' | 'warn' | 'allow' }
export async function selectListEntries(on: Queries, listId: string, after: string, most: number): Promise<Entry[]> {
  const { rows } = await sql<Entry>`select id, value, how, exact, action from screening_entries where list_id = ${listId} and id > ${after}::bigint order by id limit ${most}`.execute(on)
  return rows
}
export async function countEntries(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from screening_entries e join screening_lists l on l.id = e.list_id where l.removed_at is null`.execute(tx)
  return rows[0]?.count ?? 0
}
/** Adds these, or changes how they answer; how many are new. */
export async function upsertEntries(tx: Tx, listId: string, entries: Entry[], at: Date): Promise<number> {
  const { rows } = await sql<{ fresh: boolean }>`insert into screening_entries (id, list_id, value, how, exact, action, added_at)
    select distinct on (x.how, x.value) x.id, ${listId}::bigint, x.value, x.how, x.exact, x.action, ${at}::timestamptz from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as x (id bigint, value text, how text, exact boolean, action text)
    on conflict (list_id, how, value) do update set exact = excluded.exact, action = excluded.action returning xmax = 0 as fresh`.execute(tx)
  return rows.filter((row) => row.fresh).length
}
export async function deleteEntries(tx: Tx, listId: string, ids: string[] | null): Promise<number> {
  const { rows } = await sql`delete from screening_entries where list_id = ${listId} and (${ids}::bigint[] is null or id = any(${ids}::bigint[])) returning 1`.execute(tx)
  return rows.length
}
