import type { AccountId } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { CaseId } from '#server/domain/cases/index.ts'
import type { Category, DecisionId, Evidence, EvidencePost, ReportDoor, ReportFilter, ReportId, ReportState, ReportSubject } from './types.ts'

export type NewReport = {
  id: ReportId; caseId: CaseId | null; reporterId: AccountId | null; accountId: AccountId; category: Category; ruleId: string | null; comment: string; evidence: Evidence; at: Date; door: ReportDoor; subjects: ReportSubject[]; law: string
  outside?: { name: string | null; email: string | null; addresses: string[]; locale: string; tokenHash: Buffer }
}

export async function insertReport(tx: Tx, row: NewReport): Promise<void> {
  const outside = row.outside
  await sql`insert into reports (id, case_id, reporter_id, account_id, category, rule_id, comment, evidence, created_at, door, subjects, law, good_faith, contact_name, contact_email, addresses, locale, token_hash)
    values (${row.id}, ${row.caseId}, ${row.reporterId}, ${row.accountId}, ${row.category}, ${row.ruleId}, ${row.comment}, ${JSON.stringify(row.evidence)}::jsonb, ${row.at}, ${row.door}, ${row.subjects}::text[], ${row.law},
      ${outside !== undefined}, ${outside?.name ?? null}, ${outside?.email ?? null}, ${outside?.addresses ?? []}::text[], ${outside?.locale ?? null}, ${outside?.tokenHash ?? null})`.execute(tx)
}
export async function updateReportJoined(tx: Tx, row: { id: ReportId; category: Category; ruleId: string | null; comment: string; evidence: Evidence; subjects: ReportSubject[] }): Promise<void> {
  await sql`update reports set subjects = array(select distinct unnest(subjects || ${row.subjects}::text[])), category = ${row.category}, rule_id = coalesce(${row.ruleId}::bigint, rule_id), comment = ${row.comment}, evidence = ${JSON.stringify(row.evidence)}::jsonb where id = ${row.id}`.execute(tx)
}
export type OpenReport = { id: ReportId; comment: string; evidence: Evidence; subject: string | null }
/** One person's reports about one account come one after another, so that a double submit joins. */
export async function lockOpenReport(tx: Tx, reporterId: AccountId, accountId: AccountId): Promise<OpenReport | undefined> {
  await sql`select pg_advisory_xact_lock(hashtext('report ' || ${reporterId}::text || ' ' || ${accountId}::text))`.execute(tx)
  const { rows } = await sql<OpenReport>`select r.id, r.comment, r.evidence, c.subject from reports r left join cases c on c.id = r.case_id and c.state = 'open'
    where r.reporter_id = ${reporterId} and r.account_id = ${accountId} and r.state = 'open' order by r.id limit 1 for update of r`.execute(tx)
  return rows[0]
}
export async function updateReportCase(tx: Tx, id: ReportId, caseId: CaseId): Promise<void> {
  await sql`update reports set case_id = ${caseId} where id = ${id} and case_id is null`.execute(tx)
}
export async function insertReportPosts(tx: Tx, reportId: ReportId, postIds: PostId[]): Promise<void> {
  await sql`insert into report_posts (report_id, post_id) select ${reportId}::bigint, unnest(${postIds}::bigint[]) on conflict do nothing`.execute(tx)
}
export async function selectEdits(tx: Tx, postIds: PostId[]): Promise<Map<PostId, EvidencePost['edits']>> {
  const { rows } = await sql<{ post_id: PostId; text: string; warning: string; created_at: Date }>`select post_id, text, warning, created_at from post_edits where post_id = any(${postIds}::bigint[]) order by id`.execute(tx)
  const edits = new Map<PostId, EvidencePost['edits']>()
  for (const row of rows) edits.set(row.post_id, [...edits.get(row.post_id) ?? [], { text: row.text, warning: row.warning, createdAt: row.created_at.toISOString() }])
  return edits
}

export type ReportRow = {
  id: ReportId
  reporter_id: AccountId | null
  account_id: AccountId
  category: Category
  rule_id: string | null
  comment: string
  evidence: Evidence
  state: ReportState
  assigned_to_id: AccountId | null
  decision_id: DecisionId | null
  decided_at: Date | null
  created_at: Date
  case_id: CaseId | null
  door: ReportDoor
  subjects: ReportSubject[]
  law: string
  contact_name: string | null
  contact_email: string | null
  addresses: string[]
  locale: string | null
  invalid_at: Date | null
}
// Who is on it is the case's to say.
const columns = sql.raw(`r.id, r.reporter_id, r.account_id, r.category, r.rule_id, r.comment, r.evidence, r.state, r.decision_id, r.decided_at, r.created_at, r.case_id, r.door, r.subjects, r.law, r.contact_name, r.contact_email, r.addresses, r.locale, r.invalid_at,
  (select c.claimed_by_id from cases c where c.id = r.case_id and c.claimed_until > now()) as assigned_to_id`)

/** Open and mine: oldest first would starve nobody, but newest first pages by key; the list says how long each waits. */
export async function selectReports(on: Queries, filter: ReportFilter, viewerId: AccountId, ask: CleanAsk, aboutId: string | null): Promise<ReportRow[]> {
  const which = filter === 'done' ? sql`state <> 'open'` : filter === 'mine' ? sql`state = 'open' and exists (select 1 from cases c where c.id = r.case_id and c.claimed_by_id = ${viewerId} and c.claimed_until > now())` : sql`state = 'open'`
  const range = ask.after ? sql`id > ${ask.after} order by id asc` : ask.before ? sql`id < ${ask.before} order by id desc` : sql`true order by id desc`
  const { rows } = await sql<ReportRow>`select ${columns} from reports r where ${which} and account_id <> ${viewerId} and (${aboutId}::bigint is null or account_id = ${aboutId}::bigint) and ${range} limit ${ask.limit + 1}`.execute(on)
  return rows
}
export async function selectReport(on: Queries, id: ReportId): Promise<ReportRow | undefined> {
  const { rows } = await sql<ReportRow>`select ${columns} from reports r where id = ${id}`.execute(on)
  return rows[0]
}
export async function selectReportsById(on: Queries, ids: ReportId[]): Promise<ReportRow[]> {
  const { rows } = await sql<ReportRow>`select ${columns} from reports r where id = any(${ids}::bigint[])`.execute(on)
  return rows
}
export async function lockReport(tx: Tx, id: ReportId): Promise<ReportRow | undefined> {
  const { rows } = await sql<ReportRow>`select ${columns} from reports r where id = ${id} for update`.execute(tx)
  return rows[0]
}
export async function selectReportsBy(on: Queries, reporterId: AccountId, ask: CleanAsk): Promise<ReportRow[]> {
  const { rows } = await sql<ReportRow>`select ${columns} from reports r where reporter_id = ${reporterId} and (${ask.before}::bigint is null or id < ${ask.before}::bigint) order by id desc limit ${ask.limit + 1}`.execute(on)
  return rows
}
/** Answers every open report of the case; returns their ids. */
export async function updateDecided(tx: Tx, row: { caseId: CaseId; state: 'resolved' | 'dismissed'; decisionId: DecisionId; byId: AccountId; at: Date }): Promise<ReportId[]> {
  const { rows } = await sql<{ id: ReportId }>`update reports set state = ${row.state}, decision_id = ${row.decisionId}, decided_by_id = ${row.byId}, decided_at = ${row.at} where case_id = ${row.caseId} and state = 'open' returning id`.execute(tx)
  return rows.map((one) => one.id)
}
export async function updateReportSort(tx: Tx, id: ReportId, to: { category: Category; ruleId: string | null }): Promise<void> {
  await sql`update reports set category = ${to.category}, rule_id = ${to.ruleId} where id = ${id}`.execute(tx)
}
/** A decision was taken back: its reports wait again. */
export async function updateReportsOpen(tx: Tx, decisionId: DecisionId): Promise<{ id: ReportId; reporter_id: AccountId | null }[]> {
  const { rows } = await sql<{ id: ReportId; reporter_id: AccountId | null }>`update reports set state = 'open', decision_id = null, decided_by_id = null, decided_at = null where decision_id = ${decisionId} returning id, reporter_id`.execute(tx)
  return rows
}
export async function selectReportsOfCase(on: Queries, caseId: CaseId): Promise<ReportRow[]> {
  const { rows } = await sql<ReportRow>`select ${columns} from reports r where r.case_id = ${caseId} order by r.id limit 100`.execute(on)
  return rows
}
export async function selectReportByToken(on: Queries, tokenHash: Buffer): Promise<ReportRow | undefined> {
  const { rows } = await sql<ReportRow>`select ${columns} from reports r where r.token_hash = ${tokenHash}`.execute(on)
  return rows[0]
}
export async function selectRecord(on: Queries, accountId: AccountId, reporterId: AccountId | null): Promise<{ reports: number; upheld: number; reporter_upheld: number; reporter_decided: number }> {
  const { rows } = await sql<{ reports: number; upheld: number; reporter_upheld: number; reporter_decided: number }>`select
    (select count(*)::int from reports where account_id = ${accountId}) as reports,
    (select count(*)::int from reports where account_id = ${accountId} and state = 'resolved') as upheld,
    (select count(*)::int from reports where reporter_id = ${reporterId}::bigint and state = 'resolved' and invalid_at is null) as reporter_upheld,
    (select count(*)::int from reports where reporter_id = ${reporterId}::bigint and state <> 'open') as reporter_decided`.execute(on)
  return rows[0]!
}
/** Every report about somebody. */
export async function selectReportIdsAbout(on: Queries, accountId: AccountId): Promise<ReportId[]> {
  const { rows } = await sql<{ id: ReportId }>`select id from reports where account_id = ${accountId}`.execute(on)
  return rows.map((row) => row.id)
}
