import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export async function selectDirectory(on: Queries, viewerId: AccountId | null, order: 'active' | 'new', offset: number, limit: number, now: Date): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`select a.id from accounts a where a.state = 'active' and a.discoverable
      and not exists (select 1 from blocks b where b.blocker_id = ${viewerId}::bigint and b.blocked_id = a.id) and not exists (select 1 from blocks b where b.blocker_id = a.id and b.blocked_id = ${viewerId}::bigint)
      and not exists (select 1 from mutes m where m.muter_id = ${viewerId}::bigint and m.muted_id = a.id and (m.expires_at is null or m.expires_at > ${now}))
    order by ${order === 'active' ? sql`a.last_post_at desc nulls last, a.id desc` : sql`a.id desc`} offset ${offset} limit ${limit}`.execute(on)
  return rows.map((row) => row.id)
}
