import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { Fingerprint } from '#server/platform/fingerprint/index.ts'
import type { MediaId, MediaKind, Variant } from './types.ts'

/** Keeps what a media item looks like; what was known before is forgotten, but not the picture that was chosen for it. */
export async function writeFingerprints(tx: Tx, id: MediaId, found: Fingerprint[]): Promise<void> {
  await sql`delete from media_fingerprints where media_id = ${id} and frame_at >= 0`.execute(tx)
  await sql`insert into media_fingerprints (media_id, frame_at, hashes, quality)
    select distinct on (x.frame_at) ${id}, x.frame_at, x.hashes, x.quality
    from unnest(${found.map((one) => one.frameAt)}::real[], ${found.map((one) => one.hashes)}::bytea[], ${found.map((one) => one.quality)}::smallint[]) as x (frame_at, hashes, quality)`.execute(tx)
}

export type FingerprintRow = { media_id: MediaId; kind: MediaKind; ready: boolean; sha256: Buffer | null; md5: Buffer | null; sha1: Buffer | null; frame_at: number | null; hashes: Buffer | null; quality: number | null }

/** All rows of these media, in their order; a media item without any picture has one with nulls. */
export async function selectFingerprints(on: Queries, ids: string[]): Promise<FingerprintRow[]> {
  const { rows } = await sql<FingerprintRow>`select m.id as media_id, m.kind, m.state = 'ready' as ready, m.sha256, m.md5, m.sha1, f.frame_at, f.hashes, f.quality
    from media m left join media_fingerprints f on f.media_id = m.id where m.id = any(${ids}::bigint[]) order by m.id, f.frame_at`.execute(on)
  return rows
}

/** The ids of ready media after this one, oldest first. */
export async function selectReadyAfter(on: Queries, after: string, most: number): Promise<MediaId[]> {
  const { rows } = await sql<{ id: MediaId }>`select id from media where id > ${after} and state = 'ready' order by id limit ${most}`.execute(on)
  return rows.map((row) => row.id)
}

export type Unprinted = { id: MediaId; account_id: string; key: string; kind: string; original_mime: string; variants: Variant[]; md5: Buffer | null; hashed: boolean; printed: boolean }

const unprinted = sql`state = 'ready' and (md5 is null or sha1 is null or (kind in ('image', 'animation') and not exists (select from media_fingerprints f where f.media_id = media.id)))`

/** Ready media that have no MD5 or SHA-1 yet, or are pictures that nobody has looked at; oldest first. */
export async function selectUnprinted(on: Queries, after: string, most: number): Promise<Unprinted[]> {
  const { rows } = await sql<Unprinted>`select id, account_id, key, kind, original_mime, variants, md5, md5 is not null and sha1 is not null as hashed, exists (select from media_fingerprints f where f.media_id = media.id) as printed
    from media where id > ${after} and ${unprinted} order by id limit ${most}`.execute(on)
  return rows
}

export async function countUnprinted(on: Queries): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from media where ${unprinted}`.execute(on)
  return rows[0]!.count
}

export async function setHashes(on: Queries, id: MediaId, md5: Buffer, sha1: Buffer): Promise<void> {
  await sql`update media set md5 = ${md5}, sha1 = ${sha1} where id = ${id}`.execute(on)
}

export async function countReadyMedia(on: Queries): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from media where state = 'ready'`.execute(on)
  return rows[0]!.count
}
