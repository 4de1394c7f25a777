import type { App } from '#server/app.ts'
import type { Account, AccountView } from '#server/domain/accounts/index.ts'
import { accountViews, findAccountByUsername } from '#server/domain/accounts/index.ts'
import { audit, auditExport, auditPage, demandAdmin } from '#server/domain/instance/index.ts'
import type { AuditEntry, AuditFilter } from '#server/domain/instance/index.ts'
import type { Page, PageAsk } from '#server/platform/page/index.ts'
import { isId } from '#server/platform/ids/index.ts'
import { selectIdsAbout } from '#server/domain/cases/index.ts'
import { selectReportIdsAbout } from './queries-reports.ts'
import { demandStaff } from './staff.ts'

export type LogLine = AuditEntry & { actor: AccountView | null; subject: AccountView | null; caseId: string | null }
/** As it is asked for: people by name or number, days like '2026-11-24' (UTC, both included). */
export type LogAsk = { act?: string | null; by?: string | null; about?: string | null; kind?: string | null; caseId?: string | null; from?: string | null; to?: string | null; actorId?: string | null; subjectId?: string | null }

/** The record with names, newest first, for those who moderate. What others did about them is not in it: nobody hears who reported them, or who decides. */
export async function auditLog(app: App, moderator: Account, asked: LogAsk, ask: PageAsk = {}): Promise<Page<LogLine>> {
  demandStaff(moderator)
  const page = await auditPage(app, { ...await filterOf(app, asked), hidden: await hiddenFrom(app, moderator) }, ask)
  const ids = page.items.flatMap((row) => [row.actorId, aboutOf(row)])
  const people = await accountViews(app, [...new Set(ids.filter((id) => isId(id)))])
  return { ...page, items: page.items.map((row) => ({
    ...row, actor: row.actorId ? people.get(row.actorId) ?? null : null, subject: people.get(aboutOf(row)) ?? null, caseId: row.subjectKind === 'case' ? row.subjectId : typeof row.details.case === 'string' ? row.details.case : null,
  })) }
}

/** The record as it is stored, with its hashes, oldest first. What leaves the house is itself on record first. Admins and the owner only. */
export async function exportLog(app: App, actor: Account, asked: LogAsk): Promise<AsyncGenerator<(AuditEntry & { previousHash: string; hash: string })[]>> {
  demandStaff(actor)
  demandAdmin(actor)
  const filter = await filterOf(app, asked)
  await app.database.inTransaction((tx) => audit(app, tx, actor, 'record.export', { kind: 'record', id: 'log' }, Object.fromEntries(Object.entries(filter).filter(([, value]) => value))))
  return auditExport(app, { ...filter, hidden: await hiddenFrom(app, actor) })
}

async function hiddenFrom(app: App, viewer: Account): Promise<AuditFilter['hidden']> {
  const [cases, reports] = await Promise.all([selectIdsAbout(app.database.queries, viewer.id), selectReportIdsAbout(app.database.queries, viewer.id)])
  return { from: viewer.id, cases, reports }
}

const aboutOf = (row: AuditEntry) => row.subjectKind === 'account' ? row.subjectId : String(row.details.account ?? '')
const day = 86_400_000

async function filterOf(app: App, asked: LogAsk): Promise<Omit<AuditFilter, 'hidden'>> {
  const [by, about] = await Promise.all([personId(app, asked.by), personId(app, asked.about)])
  const kind = asked.by === 'program' || asked.by === 'command' ? asked.by : null
  return {
    act: asked.act || null, actorId: kind ? null : by ?? (isId(asked.actorId) ? asked.actorId : null), actorKind: kind, subjectKind: asked.kind || null, subjectId: asked.subjectId || null, aboutId: about,
    caseId: isId(asked.caseId) ? asked.caseId : null, fromId: idAt(asked.from, 0), beforeId: idAt(asked.to, day),
  }
}

/** A name that nobody has finds nothing, rather than everything. */
async function personId(app: App, given: string | null | undefined): Promise<string | null> {
  const name = given?.trim().replace(/^@/, '').toWellFormed().replaceAll('\0', '').slice(0, 60)
  if (!name || name === 'program' || name === 'command') return null
  return (await findAccountByUsername(app, name))?.id ?? (isId(name) ? name : '0')
}

/** The lowest id of a moment: ids begin with their time. */
function idAt(text: string | null | undefined, more: number): string | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') ? Date.parse(`${text}T00:00:00Z`) + more : NaN
  return Number.isFinite(at) && at >= 0 && at < 2 ** 47 ? (BigInt(at) << 16n).toString() : null
}
