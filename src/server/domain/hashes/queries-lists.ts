import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { HashAction, HashList, ListCategory, ListId, Opinion, Source } from './types.ts'

export type ListRow = {
  id: ListId; name: string; source: Source; category: ListCategory; severity: number; opinion: Opinion; enabled: boolean; enabled_share: number; action: HashAction; action_middle: HashAction; action_far: HashAction
  near: number; middle: number; distance: number; frame_share: number; settings: Record<string, string>; credentials: Buffer | null; checkpoint: string | null; every_hours: number
  state: 'idle' | 'waiting' | 'running'; last_error: string | null; last_detail: string; last_tried_at: Date | null; updated_at: Date | null; entries: number
}

/** All lists, the community's own first. There are few. */
export async function selectLists(on: Queries): Promise<ListRow[]> {
  const { rows } = await sql<ListRow>`select * from hash_lists order by array_position(array['own', 'test'], source) nulls last, category, name, id limit 500`.execute(on)
  return rows
}

export async function selectList(on: Queries | Tx, id: string): Promise<ListRow | undefined> {
  const { rows } = await sql<ListRow>`select * from hash_lists where id = ${id}`.execute(on)
  return rows[0]
}

export async function updateList(tx: Tx, list: HashList, everyHours: number): Promise<boolean> {
  const { rows } = await sql`update hash_lists set name = ${list.name}, severity = ${list.severity}, opinion = ${list.opinion}, enabled = ${list.enabled}, enabled_share = ${list.enabledShare}, action = ${list.action},
    action_middle = ${list.actionMiddle}, action_far = ${list.actionFar}, near = ${list.near}, middle = ${list.middle}, distance = ${list.distance}, frame_share = ${list.frameShare}, every_hours = ${everyHours}
    where id = ${list.id} returning id`.execute(tx)
  return rows.length > 0
}

/** Takes a list away with all its entries, however many. */
export async function deleteList(tx: Tx, id: string): Promise<boolean> {
  await sql`set local statement_timeout = 0`.execute(tx)
  const { rows } = await sql`delete from hash_lists where id = ${id} and source not in ('own', 'test') returning id`.execute(tx)
  return rows.length > 0
}

/** Counts what counts. */
export async function countEntries(tx: Tx, id: string): Promise<void> {
  await sql`update hash_lists set entries = (select count(*)::int from hash_entries e where e.list_id = ${id} and e.withdrawn_at is null) where id = ${id}`.execute(tx)
}

export async function markUpdated(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update hash_lists set updated_at = ${at} where id = ${id}`.execute(tx)
}

/** How another machine is asked: where, as whom. A new way begins from the beginning. */
export async function setConnection(tx: Tx, id: string, settings: Record<string, string>, credentials: Buffer | null): Promise<void> {
  await sql`update hash_lists set settings = ${JSON.stringify(settings)}::jsonb, credentials = coalesce(${credentials}, credentials), checkpoint = null, last_error = null, last_detail = '' where id = ${id}`.execute(tx)
}

export async function setState(on: Queries | Tx, id: string, state: ListRow['state']): Promise<void> {
  await sql`update hash_lists set state = ${state} where id = ${id}`.execute(on)
}

/** What the last try to fetch it came to. */
export async function setTried(on: Queries | Tx, id: string, at: Date, error: string | null, detail: string): Promise<void> {
  await sql`update hash_lists set state = 'idle', last_tried_at = ${at}, last_error = ${error}, last_detail = ${detail} where id = ${id}`.execute(on)
}

export async function setCheckpoint(on: Queries | Tx, id: string, checkpoint: string | null): Promise<void> {
  await sql`update hash_lists set checkpoint = ${checkpoint} where id = ${id}`.execute(on)
}

/** Lists of other machines that are due; now they wait. */
export async function takeDue(tx: Tx, at: Date): Promise<ListId[]> {
  const { rows } = await sql<{ id: ListId }>`update hash_lists set state = 'waiting' where enabled and credentials is not null and source not in ('own', 'test', 'file') and state <> 'running'
    and (last_tried_at is null or last_tried_at + make_interval(hours => every_hours) <= ${at}) returning id`.execute(tx)
  return rows.map((row) => row.id)
}

export type ImportRow = {
  id: string; list_id: ListId; format: string; state: 'running' | 'done' | 'failed'; lines: number; added: number; changed: number; withdrawn: number; refused: number
  problems: { line: number; reason: string }[]; error: string | null; started_at: Date; ended_at: Date | null; bytes: number; total_bytes: number | null
}

export async function insertImport(on: Queries | Tx, row: { id: string; listId: string; actorId: string | null; format: string; totalBytes: number | null; at: Date }): Promise<void> {
  await sql`insert into hash_imports (id, list_id, actor_id, format, total_bytes, started_at) values (${row.id}, ${row.listId}, ${row.actorId}, ${row.format}, ${row.totalBytes}, ${row.at})`.execute(on)
}

export async function updateImport(on: Queries | Tx, id: string, row: { format: string; state: ImportRow['state']; lines: number; added: number; changed: number; withdrawn: number; refused: number; problems: { line: number; reason: string }[]; error: string | null; bytes: number; endedAt: Date | null }): Promise<void> {
  await sql`update hash_imports set format = ${row.format}, state = ${row.state}, lines = ${row.lines}, added = ${row.added}, changed = ${row.changed}, withdrawn = ${row.withdrawn}, refused = ${row.refused}, problems = ${JSON.stringify(row.problems)}::jsonb,
    error = ${row.error}, bytes = ${row.bytes}, ended_at = ${row.endedAt} where id = ${id}`.execute(on)
}

/** The newest readings of files and other lists. */
export async function selectImports(on: Queries, most: number): Promise<ImportRow[]> {
  const { rows } = await sql<ImportRow>`select id, list_id, format, state, lines, added, changed, withdrawn, refused, problems, error, started_at, ended_at, bytes::float8 as bytes, total_bytes::float8 as total_bytes from hash_imports order by id desc limit ${most}`.execute(on)
  return rows
}

export type ExportedRow = {
  id: string; signal: string; key: Buffer; body: Buffer | null; quality: number | null; tags: string[]; opinion: Opinion; confidence: number | null; severity: number; source_id: string | null
  first_seen: Date; expires_at: Date | null; withdrawn_at: Date | null; seen: number; judged_right: number; judged_wrong: number
}

/** A page of a list's entries, by key; those that were withdrawn among them, so that others can forget them too. */
export async function selectEntriesAfter(on: Queries, listId: string, after: string, most: number): Promise<ExportedRow[]> {
  const { rows } = await sql<ExportedRow>`select e.id, e.signal, e.key, e.body, e.quality, e.tags, coalesce(e.opinion, l.opinion) as opinion, e.confidence, coalesce(e.severity, l.severity) as severity, e.source_id, e.first_seen, e.expires_at,
      e.withdrawn_at, e.seen, e.judged_right, e.judged_wrong
    from hash_entries e join hash_lists l on l.id = e.list_id where e.list_id = ${listId} and e.id > ${after} order by e.id limit ${most}`.execute(on)
  return rows
}
