import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { RuleDefinition } from './rule.ts'
import type { Reason, Rule, RuleId, RuleState } from './types.ts'

export type CountRow = { rule_id: RuleId; fired: number; judged_right: number; judged_wrong: number; days: { day: string; fired: number }[] }
/** What rules did since a day. */
export async function selectCounts(on: Queries, since: Date): Promise<CountRow[]> {
  const { rows } = await sql<CountRow>`select rule_id, sum(fired)::int as fired, sum(judged_right)::int as judged_right, sum(judged_wrong)::int as judged_wrong,
    json_agg(json_build_object('day', day, 'fired', fired) order by day) as days from screening_counts where day >= (${since}::timestamptz at time zone 'utc')::date group by 1`.execute(on)
  return rows
}
export async function lockRule(tx: Tx, id: string): Promise<Rule | undefined> {
  const { rows } = await sql<Rule>`select id, key, position, name, note, state, version, definition from screening_rules where id = ${id} and removed_at is null for update`.execute(tx)
  return rows[0]
}
export async function countRules(tx: Tx): Promise<{ count: number; last: number }> {
  const { rows } = await sql<{ count: number; last: number }>`select count(*)::int as count, coalesce(max(position), 0)::int as last from screening_rules where removed_at is null`.execute(tx)
  return rows[0]!
}
/** Writes the rule as it is from now on, and keeps this version with who and why. */
export async function writeRule(tx: Tx, rule: Omit<Rule, 'key'>, by: AccountId | null, why: string, at: Date): Promise<void> {
  const definition = JSON.stringify(rule.definition)
  await sql`insert into screening_rules (id, position, name, note, state, definition, version, updated_at) values (${rule.id}, ${rule.position}, ${rule.name}, ${rule.note}, ${rule.state}, ${definition}::jsonb, ${rule.version}, ${at})
    on conflict (id) do update set position = excluded.position, name = excluded.name, note = excluded.note, state = excluded.state, definition = excluded.definition, version = excluded.version, updated_at = excluded.updated_at`.execute(tx)
  await sql`insert into screening_rule_versions (rule_id, version, name, note, position, state, definition, why, by_id, created_at)
    values (${rule.id}, ${rule.version}, ${rule.name}, ${rule.note}, ${rule.position}, ${rule.state}, ${definition}::jsonb, ${why}, ${by}, ${at})`.execute(tx)
}
export async function markRuleRemoved(tx: Tx, id: RuleId, at: Date): Promise<void> {
  await sql`update screening_rules set removed_at = ${at} where id = ${id}`.execute(tx)
}
/** The nearest rule before or after this place. */
export async function selectNeighbour(tx: Tx, rule: { id: string; position: number }, up: boolean): Promise<Rule | undefined> {
  const { rows } = await (up
    ? sql<Rule>`select id, key, position, name, note, state, version, definition from screening_rules where removed_at is null and (position, id) < (${rule.position}, ${rule.id}::bigint) order by position desc, id desc limit 1 for update`
    : sql<Rule>`select id, key, position, name, note, state, version, definition from screening_rules where removed_at is null and (position, id) > (${rule.position}, ${rule.id}::bigint) order by position, id limit 1 for update`).execute(tx)
  return rows[0]
}
export async function setPosition(tx: Tx, id: RuleId, position: number): Promise<void> {
  await sql`update screening_rules set position = ${position} where id = ${id}`.execute(tx)
}
export type VersionRow = { version: number; name: string; note: string; state: RuleState; definition: RuleDefinition; why: string; by_id: AccountId | null; created_at: Date }
export async function selectVersions(on: Queries, id: string, most: number): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`select version, name, note, state, definition, why, by_id, created_at from screening_rule_versions where rule_id = ${id} order by version desc limit ${most}`.execute(on)
  return rows
}
export type HitRow = { id: string; account_id: AccountId | null; post_id: string | null; subject: string; outcome: string; acted: boolean; reasons: Reason[]; case_id: string | null; judged: 'right' | 'wrong' | null; created_at: Date }
/** On whom a rule answered, newest first. */
export async function selectHits(on: Queries, ruleId: string, before: string | null, most: number): Promise<HitRow[]> {
  const { rows } = await sql<HitRow>`select id, account_id, post_id, subject, outcome, acted, reasons, case_id, judged, created_at from screening_hits where rule_id = ${ruleId} and (${before}::bigint is null or id < ${before}::bigint) order by id desc limit ${most}`.execute(on)
  return rows
}
