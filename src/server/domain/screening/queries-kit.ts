import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { RuleDefinition } from './rule.ts'
import type { RuleId, RuleState } from './types.ts'

export async function selectVersion(on: Queries | Tx): Promise<string> {
  const { rows } = await sql<{ version: string }>`select version from screening_state`.execute(on)
  return rows[0]?.version ?? '0'
}
/** From now on every process reads rules, lists and settings again. */
export async function raiseVersion(tx: Tx): Promise<void> {
  await sql`update screening_state set version = version + 1`.execute(tx)
}
export async function selectSettings(on: Queries | Tx): Promise<unknown> {
  const { rows } = await sql<{ settings: unknown }>`select settings from screening_state`.execute(on)
  return rows[0]?.settings ?? {}
}
export async function writeSettings(tx: Tx, settings: Record<string, unknown>): Promise<void> {
  await sql`update screening_state set settings = ${JSON.stringify(settings)}::jsonb`.execute(tx)
}
export type RuleRow = { id: RuleId; key: string | null; position: number; name: string; note: string; state: RuleState; version: number; definition: RuleDefinition; updated_at: Date }
export async function selectRules(on: Queries | Tx): Promise<RuleRow[]> {
  const { rows } = await sql<RuleRow>`select id, key, position, name, note, state, version, definition, updated_at from screening_rules where removed_at is null order by position, id limit 500`.execute(on)
  return rows
}
export type EntryRow = { id: string; list_id: string; list: string; kind: 'words' | 'links'; language: string | null; value: string; how: 'whole' | 'inside' | 'pattern' | 'domain' | 'url'; exact: boolean; action: 'block' | 'warn' | 'allow' }
/** Everything that lists in use say. Lists are bounded when they are written. */
export async function selectEntries(on: Queries): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow>`select e.id, e.list_id, l.name as list, l.kind, l.language, e.value, e.how, e.exact, e.action from screening_entries e join screening_lists l on l.id = e.list_id
    where l.enabled and l.removed_at is null order by e.id`.execute(on)
  return rows
}
