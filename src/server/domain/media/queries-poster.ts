import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { MediaId } from './types.ts'

/** A picture of a film that is being made: a file of the item, and what it looks like. */
export type Poster = { file: string; mime: string; width: number; height: number; thumbhash: string; colour: string }

/** It may be shown: looked at, nothing known that speaks against the film, which isn't to be seen itself yet, and no other picture was chosen. */
export const posterShown = (media: 'media' | 'm') => sql.raw(`${media}.poster_state = 'clear' and ${media}.screening = 'waiting' and ${media}.state in ('processing', 'ready') and ${media}.cover is null`)

/** False when the item isn't being made (any more). What an earlier attempt left is let go. */
export async function writePoster(tx: Tx, id: MediaId, poster: Poster): Promise<boolean> {
  const { rows } = await sql`update media set poster = ${JSON.stringify(poster)}::jsonb, poster_state = 'waiting' where id = ${id} and state = 'processing' returning id`.execute(tx)
  if (rows.length) await sql`delete from media_files where media_id = ${id} and name like 'early-%'`.execute(tx)
  return rows.length > 0
}

/** The picture that waits to be looked at. */
export async function selectWaitingPoster(on: Queries, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ file: string }>`select poster ->> 'file' as file from media where id = ${id} and poster_state = 'waiting' and state = 'processing'`.execute(on)
  return rows[0]?.file
}

/** What came of looking at this picture; false when there is another by now, or the film is ready. */
export async function writePosterState(tx: Tx, id: string, file: string, state: 'clear' | 'held'): Promise<{ ownerId: string } | undefined> {
  const { rows } = await sql<{ account_id: string }>`update media set poster_state = ${state} where id = ${id} and poster ->> 'file' = ${file} and poster_state = 'waiting' returning account_id`.execute(tx)
  return rows[0] && { ownerId: rows[0].account_id }
}

/** The film was made and looked at, or failed: its first picture goes. */
export async function deletePoster(tx: Tx, id: string): Promise<void> {
  await sql`update media set poster = null, poster_state = null where id = ${id} and poster is not null and state in ('ready', 'failed')`.execute(tx)
  await sql`delete from media_files mf where media_id = ${id} and name like 'early-%' and exists (select from media m where m.id = mf.media_id and m.poster is null)`.execute(tx)
}
