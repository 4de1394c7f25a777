import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** What a member wants their profile to say, while a person looks; the newest wish alone. */
export async function keepProfile(tx: Tx, accountId: string, change: Record<string, unknown>, at: Date): Promise<void> {
  await sql`insert into screening_profiles (account_id, change, created_at) values (${accountId}, ${JSON.stringify(change)}::jsonb, ${at})
    on conflict (account_id) do update set change = excluded.change, created_at = excluded.created_at`.execute(tx)
}
/** Takes it out, to be put in place. */
export async function takeProfile(tx: Tx, accountId: string): Promise<Record<string, unknown> | undefined> {
  const { rows } = await sql<{ change: Record<string, unknown> }>`delete from screening_profiles where account_id = ${accountId} returning change`.execute(tx)
  return rows[0]?.change
}
/** Which case a decision was about. */
export async function selectCaseOf(on: Queries, decisionId: string): Promise<string | undefined> {
  const { rows } = await sql<{ case_id: string | null }>`select case_id from decisions where id = ${decisionId}`.execute(on)
  return rows[0]?.case_id ?? undefined
}
/** What the decision of a case did. */
export async function selectAct(on: Queries, decisionId: string | null): Promise<string> {
  const { rows } = await sql<{ act: string }>`select act from decisions where id = ${decisionId}::bigint`.execute(on)
  return rows[0]?.act ?? ''
}
