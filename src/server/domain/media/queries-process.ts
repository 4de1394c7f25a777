import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { Fingerprint } from '#server/platform/fingerprint/index.ts'
import type { MediaId, MediaKind, Variant } from './types.ts'

/** Marks work as begun. Undefined when the item is gone or done already. */
export async function beginWork(on: Queries, id: MediaId): Promise<boolean> {
  const { rows } = await sql`update media set state = 'processing', progress = 0, attempts = attempts + 1 where id = ${id} and state in ('queued', 'processing') returning id`.execute(on)
  return rows.length > 0
}

export async function updateProgress(tx: Tx, id: MediaId, progress: number): Promise<void> {
  await sql`update media set progress = ${progress} where id = ${id} and state = 'processing'`.execute(tx)
}

export type Made = {
  kind: MediaKind; width: number | null; height: number | null; duration: number | null; thumbhash: Buffer | null; colour: string | null
  tags: Record<string, string>; waveform: number[] | null; loudness: number | null; variants: Variant[]; fingerprints: Fingerprint[]
}

/** False when the item is gone. What the member wrote about it meanwhile stays. */
export async function finishWork(tx: Tx, id: MediaId, made: Made, at: Date): Promise<boolean> {
  const { rows } = await sql`update media set state = 'ready', progress = 1, error = null, kind = ${made.kind}, width = ${made.width}, height = ${made.height},
    duration = ${made.duration}, thumbhash = ${made.thumbhash}, colour = ${made.colour}, tags = ${JSON.stringify(made.tags)}::jsonb || tags,
    waveform = ${made.waveform}::smallint[], loudness = ${made.loudness}, variants = ${JSON.stringify(made.variants)}::jsonb, processed_at = ${at}
    where id = ${id} and state = 'processing' returning id`.execute(tx)
  return rows.length > 0
}

export async function failWork(tx: Tx, id: MediaId, code: string, at: Date): Promise<boolean> {
  const { rows } = await sql`update media set state = 'failed', error = ${code}, processed_at = ${at} where id = ${id} and state in ('queued', 'processing') returning id`.execute(tx)
  return rows.length > 0
}

/** Takes away media that nothing has used since `before`, but of accounts frozen for an investigation; their keys. */
export async function deleteUnattached(tx: Tx, before: Date, most: number): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`delete from media where id in (
      select m.id from media m where m.created_at < ${before} and m.post_id is null and m.scheduled_id is null
        and (m.purpose = 'post' or (m.purpose in ('avatar', 'cover') and not exists (select from accounts a where a.id = m.account_id and m.id in (a.avatar_media_id, a.cover_media_id))))
        and not exists (select from custom_emojis e where e.media_id = m.id) and not exists (select from accounts f where f.id = m.account_id and f.frozen_at is not null)
      order by m.created_at limit ${most} for update skip locked) returning key`.execute(tx)
  return rows.map((row) => row.key)
}
