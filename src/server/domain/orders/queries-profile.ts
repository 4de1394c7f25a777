import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export async function selectProfile(on: Queries): Promise<unknown> {
  const { rows } = await sql<{ profile: unknown }>`select profile from legal_profile`.execute(on)
  return rows[0]?.profile ?? {}
}
export async function upsertProfile(tx: Tx, profile: object): Promise<void> {
  await sql`insert into legal_profile (profile) values (${JSON.stringify(profile)}::jsonb) on conflict (one) do update set profile = excluded.profile`.execute(tx)
}
