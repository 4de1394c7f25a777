import type { AccountId, Role } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CaseId } from './types.ts'

export async function updateClaim(tx: Tx, id: CaseId, byId: AccountId | null, until: Date | null, now: Date): Promise<void> {
  await sql`update cases set claimed_by_id = ${byId}, claimed_until = ${until}, version = version + (claimed_by_id is distinct from ${byId}::bigint)::int,
    first_touched_at = case when ${byId}::bigint is null then first_touched_at else coalesce(first_touched_at, ${now}) end,
    handed_to_id = case when handed_to_id = ${byId}::bigint then null else handed_to_id end where id = ${id}`.execute(tx)
}
/** A claim of one's own is made longer without a new version: nothing changed for anybody. */
export async function updateClaimIfFree(on: Queries, id: CaseId, byId: AccountId, until: Date, now: Date): Promise<void> {
  await sql`update cases set claimed_by_id = ${byId}, claimed_until = case when claimed_by_id = ${byId} then greatest(claimed_until, ${until}) else ${until} end, version = version + (claimed_by_id is distinct from ${byId}::bigint)::int,
    first_touched_at = coalesce(first_touched_at, ${now}), handed_to_id = case when handed_to_id = ${byId}::bigint then null else handed_to_id end where id = ${id} and state = 'open' and (claimed_by_id is null or claimed_by_id = ${byId} or claimed_until <= ${now})`.execute(on)
}
export async function updateHanded(tx: Tx, id: CaseId, toId: AccountId): Promise<void> {
  await sql`update cases set handed_to_id = ${toId}, claimed_by_id = null, claimed_until = null, version = version + 1 where id = ${id}`.execute(tx)
}
/** Who can decide here today. */
export async function selectActiveStaff(on: Queries | Tx): Promise<{ id: AccountId; username: string; role: Role }[]> {
  const { rows } = await sql<{ id: AccountId; username: string; role: Role }>`select id, username, role from accounts where role <> 'member' and state = 'active' order by role desc, id limit 100`.execute(on)
  return rows
}
