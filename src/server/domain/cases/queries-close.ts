import type { Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CaseId } from './types.ts'

/** Decided cases whose evidence's time is over. A frozen account's stays, and what somebody objects to. */
export async function selectForgettable(tx: Tx, now: Date, most: number): Promise<CaseId[]> {
  const { rows } = await sql<{ id: CaseId }>`select c.id from cases c where c.keep_until < ${now} and c.state = 'decided' and c.evidence is not null
    and not exists (select 1 from accounts a where a.id = c.account_id and a.frozen_at is not null)
    and not exists (select 1 from appeals o join decisions d on d.id = o.decision_id where d.case_id = c.id and o.state = 'open') order by c.keep_until limit ${most} for update skip locked`.execute(tx)
  return rows.map((row) => row.id)
}
export async function dropEvidence(tx: Tx, ids: CaseId[]): Promise<void> {
  await sql`update cases set evidence = null where id = any(${ids}::bigint[])`.execute(tx)
  await sql`update reports set evidence = '{"posts":[]}', comment = '', contact_name = null, contact_email = null where case_id = any(${ids}::bigint[])`.execute(tx)
}
export async function updateCategory(tx: Tx, id: CaseId, to: { category: string; ruleId: string | null }): Promise<void> {
  await sql`update cases set category = ${to.category}, rule_id = ${to.ruleId}, version = version + 1 where id = ${id}`.execute(tx)
}
