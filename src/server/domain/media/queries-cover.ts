import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { Fingerprint } from '#server/platform/fingerprint/index.ts'
import type { MediaId, MediaKind, MediaView, Variant } from './types.ts'

/** Null where the file's own picture shows. */
export type Cover = { none: true } | { width: number; height: number; thumbhash: string; colour: string }

/** The item's pictures as they are now; its row is held. Undefined when it is gone. */
export async function lockCover(tx: Tx, id: MediaId): Promise<{ kind: MediaKind; state: MediaView['state']; cover: Cover | null; variants: Variant[]; screening: string } | undefined> {
  const { rows } = await sql<{ kind: MediaKind; state: MediaView['state']; cover: Cover | null; variants: Variant[]; screening: string }>`select kind, state, cover, variants, screening from media where id = ${id} for update`.execute(tx)
  return rows[0]
}

/** The files of variants that are no longer there are let go; the original stays. `unseen`: nobody sees any of it until it was looked at again. */
export async function writeCover(tx: Tx, id: MediaId, now: { cover: Cover | null; variants: Variant[]; unseen: boolean }): Promise<void> {
  await sql`update media set screening = case when ${now.unseen} and screening = 'clear' then 'waiting' else screening end, cover = ${now.cover === null ? null : JSON.stringify(now.cover)}::jsonb, variants = ${JSON.stringify(now.variants)}::jsonb where id = ${id}`.execute(tx)
  await forgetFiles(tx, id, now.variants)
}

/** Lets go of pictures of an item that aren't among its variants. */
export async function forgetFiles(on: Queries, id: MediaId, variants: Variant[]): Promise<void> {
  await sql`delete from media_files where media_id = ${id} and name <> 'original' and name not like 'early-%' and name <> all(${variants.map((one) => one.file)})`.execute(on)
}

/** What the chosen picture looks like stands before all that is in the film. */
export async function writeCoverPrint(tx: Tx, id: MediaId, print: Fingerprint | null): Promise<void> {
  await sql`delete from media_fingerprints where media_id = ${id} and frame_at < 0`.execute(tx)
  if (print) await sql`insert into media_fingerprints (media_id, frame_at, hashes, quality) values (${id}, -1, ${print.hashes}, ${print.quality})`.execute(tx)
}
