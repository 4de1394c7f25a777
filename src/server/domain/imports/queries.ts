import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { ImportId, ImportKind } from './types.ts'

export type ImportRow = { id: ImportId; account_id: AccountId; kind: ImportKind; rows: number; done: number; found: number; created_at: Date; finished_at: Date | null }

export async function insertImport(tx: Tx, row: { id: ImportId; accountId: AccountId; kind: ImportKind; rows: string[][]; at: Date }): Promise<void> {
  await sql`insert into imports (id, account_id, kind, rows, created_at) values (${row.id}, ${row.accountId}, ${row.kind}, ${row.rows.length}, ${row.at})`.execute(tx)
  await sql`insert into import_rows (import_id, position, cells) select ${row.id}::bigint, at, array(select jsonb_array_elements_text(cells)) from jsonb_array_elements(${JSON.stringify(row.rows)}::jsonb) with ordinality as x (cells, at)`.execute(tx)
}
export async function countOpen(tx: Tx, accountId: AccountId): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from imports where account_id = ${accountId} and finished_at is null`.execute(tx)
  return rows[0]!.count
}
export async function selectImport(on: Queries | Tx, id: string): Promise<ImportRow | undefined> {
  const { rows } = await sql<ImportRow>`select id, account_id, kind, rows, done, found, created_at, finished_at from imports where id = ${id}`.execute(on)
  return rows[0]
}
export async function selectImports(on: Queries, accountId: AccountId): Promise<ImportRow[]> {
  const { rows } = await sql<ImportRow>`select id, account_id, kind, rows, done, found, created_at, finished_at from imports where account_id = ${accountId} order by id desc limit 20`.execute(on)
  return rows
}
export async function selectMissed(on: Queries, ids: string[], each: number): Promise<{ import_id: ImportId; cells: string[]; problem: string; all: number }[]> {
  const { rows } = await sql<{ import_id: ImportId; cells: string[]; problem: string; all: number }>`select i.id as import_id, r.cells, r.problem, (select count(*)::int from import_rows c where c.import_id = i.id and c.problem is not null) as all
    from unnest(${ids}::bigint[]) as i (id) cross join lateral (select cells, problem, position from import_rows where import_id = i.id and problem is not null order by position limit ${each}) r order by i.id, r.position`.execute(on)
  return rows
}
export async function selectNext(on: Queries, id: ImportId, most: number): Promise<{ position: number; cells: string[] }[]> {
  const { rows } = await sql<{ position: number; cells: string[] }>`select position, cells from import_rows where import_id = ${id} and problem is null order by position limit ${most}`.execute(on)
  return rows
}
/** These lines are done: those that were found go, the others keep why. Finished when none is left. */
export async function noteDone(tx: Tx, id: ImportId, found: number[], missed: { position: number; problem: string }[], now: Date): Promise<boolean> {
  const gone = await sql`delete from import_rows where import_id = ${id} and position = any(${found}::int[]) returning 1`.execute(tx)
  await sql`update import_rows r set problem = x.problem from unnest(${missed.map((one) => one.position)}::int[], ${missed.map((one) => one.problem)}::text[]) as x (position, problem) where r.import_id = ${id} and r.position = x.position`.execute(tx)
  const { rows } = await sql<{ finished: boolean }>`update imports set done = done + ${gone.rows.length + missed.length}::int, found = found + ${gone.rows.length}::int,
    finished_at = case when exists (select 1 from import_rows where import_id = ${id} and problem is null) then null else ${now}::timestamptz end where id = ${id} returning finished_at is not null as finished`.execute(tx)
  return rows[0]?.finished ?? true
}
export async function deleteOldImports(on: Queries, before: Date): Promise<void> {
  await sql`delete from imports where created_at < ${before}`.execute(on)
}

/** The member's own ties and marks as lines, in pages by key. */
export type Out = { key: string; cells: (string | boolean)[] }
export async function selectOut(on: Queries, accountId: AccountId, kind: Exclude<ImportKind, 'filters'>, after: string, most: number): Promise<Out[]> {
  const from = {
    following: sql`select f.id::text as key, jsonb_build_array(a.username, f.show_boosts, f.notify, coalesce(array_to_string(f.languages, ', '), '')) as cells from follows f join accounts a on a.id = f.followed_id where f.follower_id = ${accountId} and f.id > ${after}::bigint and a.state in ('active', 'limited') order by f.id limit ${most}`,
    muted: sql`select m.id::text as key, jsonb_build_array(a.username, m.hide_notifications) as cells from mutes m join accounts a on a.id = m.muted_id where m.muter_id = ${accountId} and m.id > ${after}::bigint and a.state <> 'deleted' order by m.id limit ${most}`,
    blocked: sql`select b.id::text as key, jsonb_build_array(a.username) as cells from blocks b join accounts a on a.id = b.blocked_id where b.blocker_id = ${accountId} and b.id > ${after}::bigint and a.state <> 'deleted' order by b.id limit ${most}`,
    lists: sql`select m.id::text as key, jsonb_build_array(l.title, a.username) as cells from list_members m join lists l on l.id = m.list_id join accounts a on a.id = m.account_id where m.owner_id = ${accountId} and m.id > ${after}::bigint and a.state in ('active', 'limited') order by m.id limit ${most}`,
    bookmarks: sql`select k.id::text as key, jsonb_build_array(a.username, p.id::text) as cells from bookmarks k join posts p on p.id = k.post_id join accounts a on a.id = p.author_id where k.account_id = ${accountId} and k.id > ${after}::bigint and p.deleted_at is null order by k.id limit ${most}`,
  }[kind]
  const { rows } = await sql<Out>`${from}`.execute(on)
  return rows
}
