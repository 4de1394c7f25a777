import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CaptionKind, CaptionsId } from './captions.ts'
import type { MediaId } from './types.ts'

export type CaptionRow = { id: CaptionsId; media_id: MediaId; language: string; kind: CaptionKind; label: string; vtt: string; file: string }

export async function selectCaptions(on: Queries, mediaId: MediaId): Promise<CaptionRow[]> {
  const { rows } = await sql<CaptionRow>`select id, media_id, language, kind, label, vtt, file from media_captions where media_id = ${mediaId} order by language, kind`.execute(on)
  return rows
}

/** Locks the item, so that two who save at once don't pass the most it may have. */
export async function lockMedia(tx: Tx, mediaId: MediaId): Promise<void> {
  await sql`select from media where id = ${mediaId} for update`.execute(tx)
}

/** One of a language and kind; saving again replaces it. */
export async function upsertCaptions(tx: Tx, row: CaptionRow, at: Date): Promise<void> {
  await sql`insert into media_captions (id, media_id, language, kind, label, vtt, file, created_at, updated_at)
    values (${row.id}, ${row.media_id}, ${row.language}, ${row.kind}, ${row.label}, ${row.vtt}, ${row.file}, ${at}, ${at})
    on conflict (media_id, language, kind) do update set label = excluded.label, vtt = excluded.vtt, file = excluded.file, updated_at = excluded.updated_at`.execute(tx)
}

/** The file it had; undefined where there was none. */
export async function deleteCaptions(on: Queries, mediaId: MediaId, captionsId: string): Promise<string | undefined> {
  const { rows } = await sql<{ file: string }>`delete from media_captions where id = ${captionsId} and media_id = ${mediaId} returning file`.execute(on)
  return rows[0]?.file
}
