import type { App } from '#server/app.ts'
import { demandAdmin } from '#server/domain/instance/index.ts'
import { connectionFields } from './connectors/index.ts'
import type { ConnectionField } from './connectors/index.ts'
import { selectListFacts } from './queries-judge.ts'
import { selectImports, selectLists } from './queries-lists.ts'
import { selectIndexNeed } from './queries-near.ts'
import { selectSweeps } from './queries-sweep.ts'
import type { HashList } from './types.ts'

type Actor = Parameters<typeof demandAdmin>[0]
export type ListLine = HashList & {
  entries: number; everyHours: number; state: 'idle' | 'waiting' | 'running'; connected: boolean; settings: Record<string, string>; fields: ConnectionField[]
  lastError: string | null; lastDetail: string; lastTriedAt: string | null; updatedAt: string | null; matches: number; right: number; wrong: number
}
export type ImportLine = { id: string; list: string; format: string; state: 'running' | 'done' | 'failed'; lines: number; added: number; changed: number; withdrawn: number; refused: number; problems: { line: number; reason: string }[]; error: string | null; startedAt: string; /** 0 … 1 */ progress: number | null }
export type SweepLine = { state: 'waiting' | 'running' | 'done'; done: number; total: number; found: number; endedAt: string | null }
export type HashOverview = { lists: ListLine[]; imports: ImportLine[]; sweep: SweepLine | null; index: { count: number; waiting: number; builtAt: string | null } }

/** All about the lists for whoever runs the community: what they hold, how they answer, how they are kept up to date. */
export async function hashOverview(app: App, actor: Actor): Promise<HashOverview> {
  demandAdmin(actor)
  const on = app.database.queries
  const [rows, facts, imports, [sweep], need] = await Promise.all([selectLists(on), selectListFacts(on), selectImports(on, 8), selectSweeps(on, 1), selectIndexNeed(on)])
  const byList = new Map(facts.map((one) => [one.list_id, one]))
  const lists = rows.map((row): ListLine => ({
    id: row.id, name: row.name, source: row.source, category: row.category, severity: row.severity, opinion: row.opinion, enabled: row.enabled, enabledShare: row.enabled_share, action: row.action, actionMiddle: row.action_middle,
    actionFar: row.action_far, near: row.near, middle: row.middle, distance: row.distance, frameShare: row.frame_share, entries: row.entries, everyHours: row.every_hours, state: row.state,
    connected: row.credentials !== null, settings: row.settings, fields: connectionFields(row.source), lastError: row.last_error, lastDetail: row.last_detail,
    lastTriedAt: row.last_tried_at?.toISOString() ?? null, updatedAt: row.updated_at?.toISOString() ?? null,
    matches: byList.get(row.id)?.matches ?? 0, right: byList.get(row.id)?.judged_right ?? 0, wrong: byList.get(row.id)?.judged_wrong ?? 0,
  }))
  const named = new Map(rows.map((row) => [row.id, row.name]))
  return {
    lists,
    imports: imports.map((row) => ({ id: row.id, list: named.get(row.list_id) ?? '', format: row.format, state: row.state, lines: row.lines, added: row.added, changed: row.changed, withdrawn: row.withdrawn, refused: row.refused, problems: row.problems.slice(0, 10), error: row.error, startedAt: row.started_at.toISOString(), progress: row.total_bytes ? Math.min(1, row.bytes / row.total_bytes) : null })),
    sweep: sweep ? { state: sweep.state, done: sweep.done, total: Math.max(sweep.total, sweep.done), found: sweep.found, endedAt: sweep.ended_at?.toISOString() ?? null } : null,
    index: { count: need.count, waiting: need.waiting, builtAt: need.built_at?.toISOString() ?? null },
  }
}
