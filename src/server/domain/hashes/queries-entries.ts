import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { ListCategory, ListId, ListRule, Opinion, SignalType, Source } from './types.ts'

export type StagedRow = {
  line: number; signal: SignalType; key: Buffer; body: Buffer | null; quality: number | null; tags: string[]; opinion: Opinion | null; confidence: number | null
  severity: number | null; sourceId: string | null; mediaId: string | null; note: string; firstSeen: Date | null; expiresAt: Date | null; withdrawn: boolean
}

/** Puts rows aside until all are read. */
export async function stageRows(on: Queries | Tx, importId: string, rows: StagedRow[]): Promise<void> {
  if (rows.length === 0) return
  const of = <Field extends keyof StagedRow>(field: Field) => rows.map((row) => row[field])
  await sql`insert into hash_staging (import_id, line, signal, key, body, quality, tags, opinion, confidence, severity, source_id, media_id, note, first_seen, expires_at, withdrawn)
    select ${importId}, x.line, x.signal, x.key, x.body, x.quality, coalesce(string_to_array(nullif(x.tags, ''), chr(31)), '{}'), x.opinion, x.confidence, x.severity, x.source_id, x.media_id, x.note, x.first_seen, x.expires_at, x.withdrawn
    from unnest(${of('line')}::int[], ${of('signal')}::text[], ${of('key')}::bytea[], ${of('body')}::bytea[], ${of('quality')}::smallint[], ${rows.map((row) => row.tags.join('\u001f'))}::text[],
      ${of('opinion')}::text[], ${of('confidence')}::real[], ${of('severity')}::smallint[], ${of('sourceId')}::text[], ${of('mediaId')}::bigint[], ${of('note')}::text[], ${of('firstSeen')}::timestamptz[],
      ${of('expiresAt')}::timestamptz[], ${of('withdrawn')}::boolean[])
      as x (line, signal, key, body, quality, tags, opinion, confidence, severity, source_id, media_id, note, first_seen, expires_at, withdrawn)`.execute(on)
}

/** Takes over everything that was put aside for this import, all or nothing: the last line about a value counts. Long statements are allowed their time. */
export async function mergeStaged(tx: Tx, importId: string, listId: ListId, batchId: string, replace: boolean, at: Date): Promise<{ added: number; changed: number; withdrawn: number }> {
  await sql`set local statement_timeout = 0`.execute(tx)
  // One import of a list at a time: two at once would wait for each other's rows in changing order.
  await sql`select id from hash_lists where id = ${listId} for update`.execute(tx)
  // Nothing is known of fresh rows: without this, long lists are joined as if they were short.
  await sql`analyze hash_staging`.execute(tx)
  const last = sql`(select distinct on (signal, key) * from hash_staging where import_id = ${importId} and octet_length(key) > 0 order by signal, key, line desc)`
  const { rows } = await sql<{ added: number; changed: number }>`with merged as (
      insert into hash_entries as e (list_id, signal, key, body, quality, tags, opinion, confidence, severity, source_id, media_id, note, first_seen, expires_at, withdrawn_at, batch_id)
      select ${listId}, s.signal, s.key, s.body, s.quality, s.tags, s.opinion, s.confidence, s.severity, s.source_id, s.media_id, s.note, coalesce(s.first_seen, ${at}), s.expires_at, null, ${batchId}
      from ${last} s where not s.withdrawn
      on conflict (list_id, signal, key) do update set quality = coalesce(excluded.quality, e.quality), tags = excluded.tags, opinion = excluded.opinion, confidence = excluded.confidence, severity = excluded.severity,
        source_id = coalesce(excluded.source_id, e.source_id), media_id = coalesce(excluded.media_id, e.media_id), note = case when excluded.note = '' then e.note else excluded.note end,
        expires_at = excluded.expires_at, withdrawn_at = null,
        -- What comes back is looked for again; what was there isn't.
        batch_id = case when e.withdrawn_at is null then e.batch_id else excluded.batch_id end
      where e.withdrawn_at is not null or (e.tags, e.opinion, e.confidence, e.severity, e.expires_at) is distinct from (excluded.tags, excluded.opinion, excluded.confidence, excluded.severity, excluded.expires_at)
        or (excluded.source_id is not null and excluded.source_id is distinct from e.source_id)
      returning (xmax = 0) as fresh)
    select count(*) filter (where fresh)::int as added, count(*) filter (where not fresh)::int as changed from merged`.execute(tx)
  await sql`insert into hash_frames (entry_id, key) select e.id, substring(e.body from n * 32 + 1 for 32)
    from hash_entries e cross join lateral generate_series(0, octet_length(e.body) / 32 - 1) as n where e.batch_id = ${batchId} and e.signal = 'vpdq' on conflict do nothing`.execute(tx)
  const withdrawn = await withdrawStaged(tx, importId, listId, at)
  const missing = replace ? await sql<{ count: number }>`with gone as (update hash_entries e set withdrawn_at = ${at} where e.list_id = ${listId} and e.withdrawn_at is null
      and not exists (select from hash_staging s where s.import_id = ${importId} and s.signal = e.signal and s.key = e.key and not s.withdrawn) returning e.id) select count(*)::int as count from gone`.execute(tx) : undefined
  await sql`delete from hash_staging where import_id = ${importId}`.execute(tx)
  const { added, changed } = rows[0]!
  // A row without additions: nobody has to read it.
  const { rows: size } = await sql<{ count: number }>`select count(*)::int as count from hash_entries where batch_id = ${batchId}`.execute(tx)
  if (size[0]!.count > 0) await sql`insert into hash_batches (id, entries, created_at) values (${batchId}, ${size[0]!.count}, ${at})`.execute(tx)
  return { added, changed, withdrawn: withdrawn + (missing?.rows[0]?.count ?? 0) }
}

/** Withdraws what the import says is listed no more: by its value, or all that had the same id there. */
async function withdrawStaged(tx: Tx, importId: string, listId: ListId, at: Date): Promise<number> {
  const gone = sql`select line, signal, key, source_id from hash_staging where import_id = ${importId} and withdrawn`
  const { rows: any } = await sql`select 1 from hash_staging where import_id = ${importId} and withdrawn limit 1`.execute(tx)
  if (any.length === 0) return 0
  const notLater = sql`not exists (select from hash_staging later where later.import_id = ${importId} and not later.withdrawn and later.key = e.key and later.signal = e.signal and later.line > s.line)`
  const { rows } = await sql<{ count: number }>`with s as materialized (${gone}),
    by_value as (update hash_entries e set withdrawn_at = ${at} from s where octet_length(s.key) > 0 and e.list_id = ${listId} and e.signal = s.signal and e.key = s.key and e.withdrawn_at is null and ${notLater} returning e.id)
    select count(*)::int as count from by_value`.execute(tx)
  const { rows: named } = await sql<{ count: number }>`with s as materialized (${gone}),
    by_name as (update hash_entries e set withdrawn_at = ${at} from s where octet_length(s.key) = 0 and e.list_id = ${listId} and e.source_id = s.source_id and e.withdrawn_at is null and ${notLater} returning e.id)
    select count(*)::int as count from by_name`.execute(tx)
  return rows[0]!.count + named[0]!.count
}

/** Forgets what was put aside and not taken over. */
export async function dropStaged(on: Queries | Tx, importId: string): Promise<void> {
  await sql`delete from hash_staging where import_id = ${importId}`.execute(on)
}

export type NewList = ListRule & { id: ListId; name: string; source: Source; category: ListCategory; severity: number }

/** The id of the new list, or of the one that was there already where only one may be. */
export async function insertList(tx: Tx, list: NewList, at: Date): Promise<ListId> {
  const { rows } = await sql<{ id: ListId }>`insert into hash_lists (id, name, source, category, severity, opinion, enabled, enabled_share, action, action_middle, action_far, near, middle, distance, frame_share, created_at)
    values (${list.id}, ${list.name}, ${list.source}, ${list.category}, ${list.severity}, ${list.opinion}, ${list.enabled}, ${list.enabledShare}, ${list.action}, ${list.actionMiddle}, ${list.actionFar},
      ${list.near}, ${list.middle}, ${list.distance}, ${list.frameShare}, ${at})
    on conflict (source, category) where source in ('own', 'test') do update set name = hash_lists.name returning id`.execute(tx)
  return rows[0]!.id
}

/** Takes an entry of the community's own lists out; its list, or undefined where there is none. */
export async function withdrawOwn(tx: Tx, entryId: string, at: Date): Promise<ListId | undefined> {
  const { rows } = await sql<{ list_id: ListId }>`update hash_entries e set withdrawn_at = ${at} from hash_lists l where e.id = ${entryId} and e.withdrawn_at is null and l.id = e.list_id and l.source in ('own', 'test') returning e.list_id`.execute(tx)
  return rows[0]?.list_id
}
