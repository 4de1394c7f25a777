import type { App } from '#server/app.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { selectAuditPage } from './queries-audit.ts'
import type { AuditFilter } from './queries-audit.ts'

export type AuditEntry = { id: string; actorId: string | null; actorKind: 'account' | 'command' | 'program'; act: string; subjectKind: string; subjectId: string; details: Record<string, unknown>; createdAt: string }

/** The record, newest first. `act` matches the beginning ('rule' finds 'rule.add'). Who may read it, the caller decides. */
export async function auditPage(app: App, filter: AuditFilter, ask: PageAsk): Promise<Page<AuditEntry>> {
  const clean = cleanAsk(ask, 50)
  const page = cutPage(await selectAuditPage(app.database.queries, filter, clean), clean, (row) => row.id)
  return { ...page, items: page.items.map((row) => ({ id: row.id, actorId: row.actor_id, actorKind: row.actor_kind, act: row.act, subjectKind: row.subject_kind, subjectId: row.subject_id, details: row.details, createdAt: row.created_at.toISOString() })) }
}
