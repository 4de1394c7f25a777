import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { MediaId, MediaPurpose } from './types.ts'

export type UploadRow = { id: string; account_id: AccountId; name: string; purpose: MediaPurpose; bytes: string; media_id: MediaId | null }

/** Holds the account's row, so that two uploads begun at once can't both take the last room. */
export async function lockOwner(tx: Tx, ownerId: AccountId): Promise<void> {
  await sql`select 1 from accounts where id = ${ownerId} for no key update`.execute(tx)
}

/** What a member keeps here, and what they have under way. Bytes of originals. */
export async function selectUse(on: Queries, ownerId: AccountId): Promise<{ kept: number; coming: number; unfinished: number }> {
  const { rows } = await sql<{ kept: string; coming: string; unfinished: number }>`select
    (select coalesce(sum(original_bytes), 0) from media where account_id = ${ownerId}) as kept, coalesce(sum(bytes), 0) as coming, count(*)::int as unfinished
    from uploads where account_id = ${ownerId} and media_id is null`.execute(on)
  const row = rows[0]!
  return { kept: Number(row.kept), coming: Number(row.coming), unfinished: row.unfinished }
}

export async function insertUpload(tx: Tx, upload: { id: string; ownerId: AccountId; name: string; purpose: MediaPurpose; bytes: number; at: Date }): Promise<void> {
  await sql`insert into uploads (id, account_id, name, purpose, bytes, created_at) values (${upload.id}, ${upload.ownerId}, ${upload.name}, ${upload.purpose}, ${upload.bytes}, ${upload.at})`.execute(tx)
}

export async function selectUpload(on: Queries, ownerId: AccountId, id: string): Promise<UploadRow | undefined> {
  const { rows } = await sql<UploadRow>`select id, account_id, name, purpose, bytes, media_id from uploads where id = ${id} and account_id = ${ownerId}`.execute(on)
  return rows[0]
}

/** False when it became something already. */
export async function finishUploadRow(tx: Tx, id: string, mediaId: MediaId): Promise<boolean> {
  const { rows } = await sql`update uploads set media_id = ${mediaId} where id = ${id} and media_id is null returning id`.execute(tx)
  return rows.length > 0
}

export async function deleteUpload(on: Queries, ownerId: AccountId, id: string): Promise<void> {
  await sql`delete from uploads where id = ${id} and account_id = ${ownerId} and media_id is null`.execute(on)
}

/** Takes away rows older than this, finished or not; the ids of those whose bytes may still lie about. */
export async function deleteOldUploads(on: Queries, before: Date, most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`delete from uploads where id in (select id from uploads u where created_at < ${before} and not exists (select from accounts f where f.id = u.account_id and f.frozen_at is not null) order by created_at limit ${most}) returning id`.execute(on)
  return rows.map((row) => row.id)
}

/** Which of these ids are still known? */
export async function knownUploads(on: Queries, ids: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select id from uploads where id = any(${ids}::text[])`.execute(on)
  return new Set(rows.map((row) => row.id))
}
