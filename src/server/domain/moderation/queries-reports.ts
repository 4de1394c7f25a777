import type { AccountId } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { Category, DecisionId, Evidence, EvidencePost, ReportFilter, ReportId, ReportState } from './types.ts'

type NewReport = { id: ReportId; reporterId: AccountId; accountId: AccountId; category: Category; ruleId: string | null; comment: string; evidence: Evidence; at: Date }

export async function insertReport(tx: Tx, row: NewReport): Promise<void> {
  await sql`insert into reports (id, reporter_id, account_id, category, rule_id, comment, evidence, created_at)
    values (${row.id}, ${row.reporterId}, ${row.accountId}, ${row.category}, ${row.ruleId}, ${row.comment}, ${JSON.stringify(row.evidence)}::jsonb, ${row.at})`.execute(tx)
}
export async function updateReportJoined(tx: Tx, row: { id: ReportId; category: Category; ruleId: string | null; comment: string; evidence: Evidence }): Promise<void> {
  await sql`update reports set category = ${row.category}, rule_id = coalesce(${row.ruleId}::bigint, rule_id), comment = ${row.comment}, evidence = ${JSON.stringify(row.evidence)}::jsonb where id = ${row.id}`.execute(tx)
}
/** One person's reports about one account come one after another, so that a double submit joins. */
export async function lockOpenReport(tx: Tx, reporterId: AccountId, accountId: AccountId): Promise<{ id: ReportId; comment: string; evidence: Evidence } | undefined> {
  await sql`select pg_advisory_xact_lock(hashtext('report ' || ${reporterId}::text || ' ' || ${accountId}::text))`.execute(tx)
  const { rows } = await sql<{ id: ReportId; comment: string; evidence: Evidence }>`select id, comment, evidence from reports
    where reporter_id = ${reporterId} and account_id = ${accountId} and state = 'open' order by id limit 1 for update`.execute(tx)
  return rows[0]
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
}
const columns = sql.raw('id, reporter_id, account_id, category, rule_id, comment, evidence, state, assigned_to_id, decision_id, decided_at, created_at')

/** Open and mine: oldest first would starve nobody, but newest first pages by key; the list says how long each waits. */
export async function selectReports(on: Queries, filter: ReportFilter, viewerId: AccountId, ask: CleanAsk): Promise<ReportRow[]> {
  const which = filter === 'done' ? sql`state <> 'open'` : filter === 'mine' ? sql`state = 'open' and assigned_to_id = ${viewerId}` : sql`state = 'open'`
  const range = ask.after ? sql`id > ${ask.after} order by id asc` : ask.before ? sql`id < ${ask.before} order by id desc` : sql`true order by id desc`
  const { rows } = await sql<ReportRow>`select ${columns} from reports where ${which} and ${range} limit ${ask.limit + 1}`.execute(on)
  return rows
}
export async function selectReport(on: Queries, id: ReportId): Promise<ReportRow | undefined> {
  const { rows } = await sql<ReportRow>`select ${columns} from reports where id = ${id}`.execute(on)
  return rows[0]
}
export async function selectReportsById(on: Queries, ids: ReportId[]): Promise<ReportRow[]> {
  const { rows } = await sql<ReportRow>`select ${columns} from reports where id = any(${ids}::bigint[])`.execute(on)
  return rows
}
export async function lockReport(tx: Tx, id: ReportId): Promise<ReportRow | undefined> {
  const { rows } = await sql<ReportRow>`select ${columns} from reports where id = ${id} for update`.execute(tx)
  return rows[0]
}
export async function selectReportsBy(on: Queries, reporterId: AccountId, ask: CleanAsk): Promise<ReportRow[]> {
  const { rows } = await sql<ReportRow>`select ${columns} from reports where reporter_id = ${reporterId} and (${ask.before}::bigint is null or id < ${ask.before}::bigint) order by id desc limit ${ask.limit + 1}`.execute(on)
  return rows
}
export async function updateAssigned(on: Queries, id: ReportId, to: AccountId | null, onlyFrom: AccountId | null): Promise<boolean> {
  const { rows } = await sql`update reports set assigned_to_id = ${to} where id = ${id} and state = 'open' and (assigned_to_id is null or assigned_to_id = ${onlyFrom}) returning 1`.execute(on)
  return rows.length > 0
}
/** Closes the report and every other open one about the same posts of the same account; returns their ids. */
export async function updateDecided(tx: Tx, row: { reportId: ReportId; state: 'resolved' | 'dismissed'; decisionId: DecisionId; byId: AccountId; at: Date; withSame: boolean }): Promise<ReportId[]> {
  const { rows } = await sql<{ id: ReportId }>`
    with this as (select id, account_id, coalesce((select array_agg(post_id) from report_posts where report_id = r.id), '{}') as posts from reports r where id = ${row.reportId})
    update reports r set state = ${row.state}, decision_id = ${row.decisionId}, decided_by_id = ${row.byId}, decided_at = ${row.at}
    from this where r.state = 'open' and (r.id = this.id or (${row.withSame}::boolean and r.account_id = this.account_id
      and coalesce((select array_agg(post_id) from report_posts where report_id = r.id), '{}') <@ this.posts
      and (this.posts = '{}' or exists (select 1 from report_posts where report_id = r.id))))
    returning r.id`.execute(tx)
  return rows.map((one) => one.id)
}
export async function selectRecord(on: Queries, accountId: AccountId, reporterId: AccountId | null): Promise<{ reports: number; upheld: number; reporter_upheld: number; reporter_decided: number }> {
  const { rows } = await sql<{ reports: number; upheld: number; reporter_upheld: number; reporter_decided: number }>`select
    (select count(*)::int from reports where account_id = ${accountId}) as reports,
    (select count(*)::int from reports where account_id = ${accountId} and state = 'resolved') as upheld,
    (select count(*)::int from reports where reporter_id = ${reporterId}::bigint and state = 'resolved') as reporter_upheld,
    (select count(*)::int from reports where reporter_id = ${reporterId}::bigint and state <> 'open') as reporter_decided`.execute(on)
  return rows[0]!
}
