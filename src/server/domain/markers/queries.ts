import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

type Row = { timeline: 'home' | 'notifications'; last_read_id: string; version: number; updated_at: Date }

export async function selectMarkers(on: Queries, accountId: AccountId): Promise<Row[]> {
  const { rows } = await sql<Row>`select 'home' as timeline, last_read_id, version, updated_at from home_markers where account_id = ${accountId}
    union all select 'notifications', last_read_id, version, updated_at from notification_markers where account_id = ${accountId} and last_read_id > 0`.execute(on)
  return rows
}

export async function moveMarker(tx: Tx, timeline: 'home' | 'notifications', accountId: AccountId, lastReadId: string, at: Date): Promise<void> {
  const next = timeline === 'home' ? sql`excluded.last_read_id` : sql`greatest(m.last_read_id, excluded.last_read_id)`
  await sql`insert into ${sql.table(timeline === 'home' ? 'home_markers' : 'notification_markers')} as m (account_id, last_read_id, version, updated_at) values (${accountId}, ${lastReadId}, 1, ${at})
    on conflict (account_id) do update set last_read_id = ${next}, version = m.version + 1, updated_at = excluded.updated_at`.execute(tx)
}

export async function deleteMarkers(tx: Tx, accountId: AccountId): Promise<void> {
  await sql`delete from home_markers where account_id = ${accountId}`.execute(tx)
}
