import type { AccountId } from '#server/domain/accounts/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export async function selectReporter(on: Queries, id: AccountId): Promise<{ reports: number; decided: number; upheld: number; open: number; invalid: number }> {
  const { rows } = await sql<{ reports: number; decided: number; upheld: number; open: number; invalid: number }>`select count(*)::int as reports, count(*) filter (where state <> 'open')::int as decided,
    count(*) filter (where state = 'resolved' and invalid_at is null)::int as upheld, count(*) filter (where state = 'open')::int as open, count(*) filter (where invalid_at is not null)::int as invalid from reports where reporter_id = ${id}`.execute(on)
  return rows[0]!
}
export type PauseRow = { warned_at: Date | null; paused_until: Date | null; reason: string }
export async function selectPause(on: Queries | Tx, id: AccountId): Promise<PauseRow | undefined> {
  const { rows } = await sql<PauseRow>`select warned_at, paused_until, reason from reporter_pauses where account_id = ${id}`.execute(on)
  return rows[0]
}
export async function upsertPause(tx: Tx, row: { accountId: AccountId; warnedAt: Date | null; pausedUntil: Date | null; reason: string; byId: AccountId; at: Date }): Promise<void> {
  await sql`insert into reporter_pauses (account_id, warned_at, paused_until, reason, by_id, updated_at) values (${row.accountId}, ${row.warnedAt}, ${row.pausedUntil}, ${row.reason}, ${row.byId}, ${row.at})
    on conflict (account_id) do update set warned_at = excluded.warned_at, paused_until = excluded.paused_until, reason = excluded.reason, by_id = excluded.by_id, updated_at = excluded.updated_at`.execute(tx)
}
/** Open cases that nobody but this person reported. */
export async function selectOnlyTheirs(tx: Tx, id: AccountId): Promise<CaseId[]> {
  const { rows } = await sql<{ id: CaseId }>`select distinct c.id from cases c join reports r on r.case_id = c.id where r.reporter_id = ${id} and r.state = 'open' and c.state = 'open' and c.kind = 'report'
    and not exists (select 1 from reports o where o.case_id = c.id and o.state = 'open' and o.reporter_id is distinct from ${id}::bigint) order by c.id limit 500`.execute(tx)
  return rows.map((row) => row.id)
}
export async function updateInvalid(tx: Tx, id: AccountId, byId: AccountId, at: Date): Promise<number> {
  const { rows } = await sql`update reports set state = 'dismissed', invalid_at = ${at}, decided_by_id = ${byId}, decided_at = ${at} where reporter_id = ${id} and state = 'open' returning 1`.execute(tx)
  return rows.length
}
