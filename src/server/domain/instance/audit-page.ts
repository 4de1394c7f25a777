import type { App } from '#server/app.ts'
import { cleanAsk, cutPage } from '#server/platform/page/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { selectAuditPage, selectAuditPart } from './queries-audit.ts'
import type { AuditFilter, AuditRow } from './queries-audit.ts'

export type { AuditFilter } from './queries-audit.ts'

export type AuditEntry = { id: string; actorId: string | null; actorKind: 'account' | 'command' | 'program'; act: string; subjectKind: string; subjectId: string; details: Record<string, unknown>; createdAt: string }

/** The record, newest first. `act` matches the beginning ('rule' finds 'rule.add'). Who may read it, the caller decides. */
export async function auditPage(app: App, filter: AuditFilter, ask: PageAsk): Promise<Page<AuditEntry>> {
  const clean = cleanAsk(ask, 50)
  const page = cutPage(await selectAuditPage(app.database.queries, filter, clean), clean, (row) => row.id)
  return { ...page, items: page.items.map(entryOf) }
}

/** The whole of it, oldest first, a thousand rows at a time, with its hashes: whoever has the file can follow the chain. Of what is kept from whoever asks, only the hashes are there. */
export async function* auditExport(app: App, filter: AuditFilter): AsyncGenerator<(AuditEntry & { previousHash: string; hash: string })[]> {
  for (let from = '0'; ;) {
    const rows = await selectAuditPart(app.database.queries, filter, from, 1000)
    if (rows.length) yield rows.map((row) => ({ ...entryOf(row), ...row.hidden ? withheld : {}, previousHash: row.previous_hash.toString('hex'), hash: row.hash.toString('hex') }))
    if (rows.length < 1000) return
    from = rows.at(-1)!.id
  }
}

const withheld = { actorId: null, act: 'withheld', subjectKind: '', subjectId: '', details: {} }
const entryOf = (row: AuditRow): AuditEntry => ({ id: row.id, actorId: row.actor_id, actorKind: row.actor_kind, act: row.act, subjectKind: row.subject_kind, subjectId: row.subject_id, details: row.details, createdAt: row.created_at.toISOString() })
