import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { MediaId, MediaKind } from './types.ts'

export type FailedRow = { id: MediaId; account_id: AccountId; kind: MediaKind; key: string; original_name: string; original_mime: string; bytes: number; error: string | null; attempts: number; post_id: string | null; processed_at: Date | null }
const columns = sql.raw('id, account_id, kind, key, original_name, original_mime, original_bytes::float8 as bytes, error, attempts, post_id, processed_at')

/** The newest first, before this id. */
export async function selectFailed(on: Queries, before: string | null, most: number): Promise<FailedRow[]> {
  const { rows } = await sql<FailedRow>`select ${columns} from media where state = 'failed' and id < ${before ?? '9223372036854775807'} order by id desc limit ${most}`.execute(on)
  return rows
}

/** Back to the beginning of the line; those that really had failed. */
export async function requeue(tx: Tx, ids: string[]): Promise<{ id: MediaId; kind: MediaKind }[]> {
  const { rows } = await sql<{ id: MediaId; kind: MediaKind }>`update media set state = 'queued', error = null, progress = 0, processed_at = null
    where id = any(${ids}::bigint[]) and state = 'failed' returning id, kind`.execute(tx)
  return rows
}

/** A failed one that no post waits for; its key. */
export async function deleteFailed(tx: Tx, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ key: string }>`delete from media where id = ${id} and state = 'failed' and post_id is null returning key`.execute(tx)
  return rows[0]?.key
}
