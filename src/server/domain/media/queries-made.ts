import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

type Key = { sha256: Buffer; purpose: string; version: number }

export async function selectMade(on: Queries, key: Key): Promise<{ made: string; files: Record<string, string> } | undefined> {
  const { rows } = await sql<{ made: string; files: Record<string, string> }>`select made::text as made, files from media_made
    where sha256 = ${key.sha256} and purpose = ${key.purpose} and version = ${key.version}`.execute(on)
  return rows[0]
}

export async function insertMade(tx: Tx, row: Key & { made: string; files: string }): Promise<void> {
  await sql`insert into media_made (sha256, purpose, version, made, files) values (${row.sha256}, ${row.purpose}, ${row.version}, ${row.made}::jsonb, ${row.files}::jsonb)
    on conflict (sha256, purpose, version) do update set made = excluded.made, files = excluded.files`.execute(tx)
}
