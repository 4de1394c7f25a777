import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import { hashActions } from './types.ts'
import type { HashAction, HashList, ListCategory, ListId, MediaMatch, Opinion, SignalType, Source } from './types.ts'

export type EntryRow = {
  id: string; list_id: ListId; signal: SignalType; key: Buffer; frames: number; frame_key: Buffer | null; opinion: Opinion | null
  confidence: number | null; judged_right: number; judged_wrong: number
}

const live = sql`e.withdrawn_at is null and (e.expires_at is null or e.expires_at > now())`
const columns = sql`e.id, e.list_id, e.signal, e.key, coalesce(octet_length(e.body) / 32, 0) as frames, e.opinion, e.confidence, e.judged_right, e.judged_wrong`

/** Live entries with exactly these values, of these kinds, in lists that are on. */
export async function selectEntries(on: Queries, signals: SignalType[], keys: Buffer[]): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow>`select ${columns}, null::bytea as frame_key from hash_entries e join hash_lists l on l.id = e.list_id
    where e.key = any(${keys}::bytea[]) and e.signal = any(${signals}) and l.enabled and ${live}`.execute(on)
  return rows
}

/** Live films that have pictures with exactly these values: a row for each such picture. */
export async function selectFilms(on: Queries, keys: Buffer[]): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow>`select ${columns}, f.key as frame_key from hash_frames f join hash_entries e on e.id = f.entry_id join hash_lists l on l.id = e.list_id
    where f.key = any(${keys}::bytea[]) and l.enabled and ${live}`.execute(on)
  return rows
}

export type FoundRow = { id: string; mediaId: string; entryId: string; signal: SignalType; distance: number | null; turn: string | null; frameShare: number | null; quality: number | null; action: HashAction }

/**
 * Writes down what was found and counts it on the entries; the media of rows that are new, or stronger than what was found of the same
 * before (a film is looked up by a few of its pictures first). Entries or media that are gone by now are left out.
 */
export async function insertMatches(tx: Tx, found: FoundRow[], bySweep: boolean, at: Date): Promise<string[]> {
  const { rows } = await sql<{ media_id: string }>`with given as (select * from jsonb_to_recordset(${JSON.stringify(found)}::jsonb)
      as x (id bigint, "mediaId" bigint, "entryId" bigint, signal text, distance smallint, turn text, "frameShare" real, quality smallint, action text)),
    written as (insert into media_matches (id, media_id, entry_id, signal, distance, turn, frame_share, quality, action, by_sweep, created_at)
      select g.id, g."mediaId", g."entryId", g.signal, g.distance, g.turn, g."frameShare", g.quality, g.action, ${bySweep}, ${at}
      from given g where exists (select from media m where m.id = g."mediaId") and exists (select from hash_entries e where e.id = g."entryId")
      order by g."mediaId", g."entryId" on conflict (media_id, entry_id) do update
        set signal = excluded.signal, distance = excluded.distance, turn = excluded.turn, frame_share = excluded.frame_share, quality = excluded.quality, action = excluded.action
        where media_matches.judged is null and array_position(${hashActions}::text[], excluded.action) > array_position(${hashActions}::text[], media_matches.action)
      returning media_id, entry_id, xmax = 0 as fresh),
    counted as (update hash_entries e set seen = seen + w.times from (select entry_id, count(*)::int as times from written where fresh group by entry_id) w where e.id = w.entry_id)
    select distinct media_id from written`.execute(tx)
  return rows.map((row) => row.media_id)
}

/** Remembers that these were looked up, all their fingerprints. */
export async function insertChecks(tx: Tx, mediaIds: string[], at: Date): Promise<void> {
  await sql`insert into media_checks (media_id, checked_at) select m.id, ${at} from media m where m.id = any(${mediaIds}::bigint[])
    on conflict (media_id) do update set checked_at = excluded.checked_at`.execute(tx)
}

/** Which of these were looked up. */
export async function selectChecked(on: Queries, mediaIds: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ media_id: string }>`select media_id from media_checks where media_id = any(${mediaIds}::bigint[])`.execute(on)
  return new Set(rows.map((row) => row.media_id))
}

type MatchRow = {
  id: string; media_id: string; entry_id: string; list_id: ListId; name: string; source: Source; category: ListCategory; severity: number; action: HashAction
  signal: SignalType; distance: number | null; turn: string | null; frame_share: number | null; by_sweep: boolean; judged: 'right' | 'wrong' | null; created_at: Date
}

/** What was found in these media, strongest first; of entries and lists that still count, and not judged wrong. */
export async function selectMatches(on: Queries, mediaIds: string[]): Promise<MediaMatch[]> {
  const { rows } = await sql<MatchRow>`select m.id, m.media_id, m.entry_id, e.list_id, l.name, l.source, l.category, coalesce(e.severity, l.severity) as severity, m.action,
      m.signal, m.distance, m.turn, m.frame_share, m.by_sweep, m.judged, m.created_at
    from media_matches m join hash_entries e on e.id = m.entry_id join hash_lists l on l.id = e.list_id
    where m.media_id = any(${mediaIds}::bigint[]) and m.judged is distinct from 'wrong' and l.enabled and ${live}
    order by m.media_id, array_position(array['quarantine', 'hold', 'flag', 'log'], m.action), m.distance nulls first, m.id`.execute(on)
  return rows.map((row) => ({
    id: row.id, mediaId: row.media_id, entryId: row.entry_id, list: { id: row.list_id, name: row.name, source: row.source, category: row.category },
    severity: row.severity, action: row.action, signal: row.signal, distance: row.distance, turn: row.turn, frameShare: row.frame_share,
    bySweep: row.by_sweep, judged: row.judged, foundAt: row.created_at.toISOString(),
  }))
}

type ListRow = {
  id: ListId; name: string; source: Source; category: ListCategory; severity: number; opinion: Opinion; enabled: boolean; enabled_share: number; action: HashAction
  action_middle: HashAction; action_far: HashAction; near: number; middle: number; distance: number; frame_share: number
}

/** How these lists answer. */
export async function selectRules(on: Queries, ids: string[]): Promise<Map<string, HashList>> {
  const { rows } = await sql<ListRow>`select id, name, source, category, severity, opinion, enabled, enabled_share, action, action_middle, action_far, near, middle, distance, frame_share
    from hash_lists where id = any(${ids}::bigint[])`.execute(on)
  return new Map(rows.map((row) => [row.id, {
    id: row.id, name: row.name, source: row.source, category: row.category, severity: row.severity, opinion: row.opinion, enabled: row.enabled, enabledShare: row.enabled_share,
    action: row.action, actionMiddle: row.action_middle, actionFar: row.action_far, near: row.near, middle: row.middle, distance: row.distance, frameShare: row.frame_share,
  }]))
}
