import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** The newest first. */
export async function selectKeys(on: Queries): Promise<{ secret: Buffer; created_at: Date }[]> {
  const { rows } = await sql<{ secret: Buffer; created_at: Date }>`select secret, created_at from media_signing_keys order by id desc limit 5`.execute(on)
  return rows
}

export async function insertKey(on: Queries | Tx, secret: Buffer, at: Date): Promise<string> {
  const { rows } = await sql<{ id: string }>`insert into media_signing_keys (secret, created_at) values (${secret}, ${at}) returning id`.execute(on)
  return rows[0]!.id
}

/** The newest always stays. */
export async function deleteKeysBefore(tx: Tx, before: Date): Promise<void> {
  await sql`delete from media_signing_keys where created_at < ${before} and id < (select max(id) from media_signing_keys)`.execute(tx)
}

export async function deleteOtherKeys(tx: Tx, id: string): Promise<void> {
  await sql`delete from media_signing_keys where id <> ${id}`.execute(tx)
}
