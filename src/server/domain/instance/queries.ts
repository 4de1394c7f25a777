import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { Rule, RuleId, Translation } from './types.ts'

export type SettingsRow = { settings: unknown; lockdown: unknown; set_up_at: Date | null; set_up_token_hash: Buffer | null; updated_at: Date }

export async function selectSettings(on: Queries): Promise<SettingsRow> {
  const { rows } = await sql<SettingsRow>`select settings, lockdown, set_up_at, set_up_token_hash, updated_at from instance_settings`.execute(on)
  return rows[0]!
}
/** Settings change one act at a time. */
export async function lockSettings(tx: Tx): Promise<SettingsRow> {
  const { rows } = await sql<SettingsRow>`select settings, lockdown, set_up_at, set_up_token_hash, updated_at from instance_settings for update`.execute(tx)
  return rows[0]!
}
export async function updateSettings(tx: Tx, settings: object, at: Date): Promise<void> {
  await sql`update instance_settings set settings = ${JSON.stringify(settings)}::jsonb, updated_at = ${at}`.execute(tx)
}
export async function updateLockdown(tx: Tx, lockdown: object | null, at: Date): Promise<void> {
  await sql`update instance_settings set lockdown = ${lockdown === null ? null : JSON.stringify(lockdown)}::jsonb, updated_at = ${at}`.execute(tx)
}
export async function updateSetUpToken(on: Queries, hash: Buffer): Promise<boolean> {
  const { rows } = await sql`update instance_settings set set_up_token_hash = ${hash} where set_up_at is null returning 1`.execute(on)
  return rows.length > 0
}
/** Closes set-up for good. */
export async function updateSetUpDone(tx: Tx, at: Date): Promise<void> {
  await sql`update instance_settings set set_up_at = coalesce(set_up_at, ${at}), set_up_token_hash = null`.execute(tx)
}

/** The addresses of ready pictures of the community itself: the widest variant. */
export async function selectInstanceMedia(on: Queries, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; url: string }>`
    select m.id, '/media/files/' || m.key || '/' || v.file as url from media m
    cross join lateral (select value->>'file' as file from jsonb_array_elements(m.variants)
      where value->>'mime' like 'image/%' order by (value->>'mime' = 'image/webp') desc, (value->>'width')::int desc nulls last limit 1) v
    where m.id = any(${ids}::bigint[]) and m.state = 'ready' and m.purpose = 'instance'`.execute(on)
  return new Map(rows.map((row) => [row.id, row.url]))
}

export async function selectRules(on: Queries): Promise<Rule[]> {
  const { rows } = await sql<Rule>`select id, text, hint, translations from instance_rules where removed_at is null order by position, id`.execute(on)
  return rows
}
/** Removed ones as well: old decisions still name them. */
export async function selectRulesById(on: Queries, ids: string[]): Promise<Rule[]> {
  const { rows } = await sql<Rule>`select id, text, hint, translations from instance_rules where id = any(${ids}::bigint[])`.execute(on)
  return rows
}
type RuleRow = { id: RuleId; text: string; hint: string; translations: Record<string, Translation> }
export async function insertRule(tx: Tx, rule: RuleRow): Promise<void> {
  await sql`insert into instance_rules (id, position, text, hint, translations)
    values (${rule.id}, (select coalesce(max(position), 0) + 1 from instance_rules), ${rule.text}, ${rule.hint}, ${JSON.stringify(rule.translations)}::jsonb)`.execute(tx)
}
export async function updateRule(tx: Tx, rule: RuleRow): Promise<boolean> {
  const { rows } = await sql`update instance_rules set text = ${rule.text}, hint = ${rule.hint}, translations = ${JSON.stringify(rule.translations)}::jsonb where id = ${rule.id} and removed_at is null returning 1`.execute(tx)
  return rows.length > 0
}
export async function updateRuleRemoved(tx: Tx, id: RuleId, at: Date): Promise<boolean> {
  const { rows } = await sql`update instance_rules set removed_at = ${at} where id = ${id} and removed_at is null returning 1`.execute(tx)
  return rows.length > 0
}
/** Positions as in the list. */
export async function updateRuleOrder(tx: Tx, ids: RuleId[]): Promise<void> {
  await sql`update instance_rules r set position = o.position from unnest(${ids}::bigint[]) with ordinality as o (id, position) where r.id = o.id`.execute(tx)
}
