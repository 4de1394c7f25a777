import type { AccountId } from '#server/domain/accounts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { Category, Clock } from './categories.ts'
import type { CaseId, CaseKind, CaseOutcome, CaseSource, Evidence } from './types.ts'

export type CaseRow = {
  id: CaseId
  kind: CaseKind
  source: CaseSource
  subject: string
  account_id: AccountId | null
  /** others whom it is about */
  also_about: AccountId[]
  category: Category
  rule_id: string | null
  summary: string
  evidence: Evidence | null
  details: Record<string, unknown>
  severity: number
  reach: number
  record: number
  reports_count: number
  clock: Clock
  due_at: Date
  state: 'open' | 'decided'
  outcome: CaseOutcome | null
  decision_id: string | null
  claimed_by_id: AccountId | null
  claimed_until: Date | null
  handed_to_id: AccountId | null
  proposal: Record<string, unknown> | null
  proposed_by_id: AccountId | null
  proposed_at: Date | null
  version: number
  first_touched_at: Date | null
  decided_by_id: AccountId | null
  decided_at: Date | null
  keep_until: Date | null
  created_at: Date
  post_ids: PostId[]
}
/** Nobody sees a case about themselves. */
export const isAbout = (row: Pick<CaseRow, 'account_id' | 'also_about'>, accountId: AccountId): boolean => row.account_id === accountId || row.also_about.includes(accountId)
const columns = sql.raw(`c.id, c.kind, c.source, c.subject, c.account_id, c.also_about::text[], c.category, c.rule_id, c.summary, c.evidence, c.details, c.severity, c.reach, c.record, c.reports_count, c.clock, c.due_at, c.state, c.outcome,
  c.decision_id, c.claimed_by_id, c.claimed_until, c.handed_to_id, c.proposal, c.proposed_by_id, c.proposed_at, c.version, c.first_touched_at, c.decided_by_id, c.decided_at, c.keep_until, c.created_at,
  coalesce((select array_agg(cp.post_id::text order by cp.post_id) from case_posts cp where cp.case_id = c.id), '{}') as post_ids`)

/** Cases about one account are opened one after another, so that two at once join. */
export async function lockSubject(tx: Tx, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`case ${key}`}))`.execute(tx)
}
export type OpenRow = { id: CaseId; category: Category; evidence: Evidence | null }
/** The open one that says the same: of this subject, or about one of these posts. */
export async function findOpen(tx: Tx, kind: CaseKind, subject: string, accountId: AccountId | null, postIds: PostId[]): Promise<OpenRow | undefined> {
  const { rows } = await sql<OpenRow>`select id, category, evidence from cases c where state = 'open' and kind = ${kind} and (subject = ${subject}
    or (account_id = ${accountId}::bigint and exists (select 1 from case_posts p where p.case_id = c.id and p.post_id = any(${postIds}::bigint[])))) order by id limit 1 for update`.execute(tx)
  return rows[0]
}
export type CaseInsert = Pick<CaseRow, 'id' | 'kind' | 'source' | 'subject' | 'account_id' | 'also_about' | 'category' | 'rule_id' | 'summary' | 'severity' | 'reach' | 'record' | 'clock' | 'due_at' | 'created_at'> & { details: string; evidence: string | null }
export async function insertCase(tx: Tx, row: CaseInsert): Promise<void> {
  await sql`insert into cases (id, kind, source, subject, account_id, also_about, category, rule_id, summary, severity, reach, record, clock, due_at, created_at, details, evidence, reports_count)
    values (${row.id}, ${row.kind}, ${row.source}, ${row.subject}, ${row.account_id}, ${row.also_about}::bigint[], ${row.category}, ${row.rule_id}, ${row.summary}, ${row.severity}, ${row.reach}, ${row.record}, ${row.clock}, ${row.due_at}, ${row.created_at},
      ${row.details}::jsonb, ${row.evidence}::jsonb, 1)`.execute(tx)
}
/** One more says so. The harder category, the earlier end and the better record win; what was seen first stays. */
export async function joinCase(tx: Tx, id: CaseId, row: CaseInsert & { harder: boolean; counts: boolean }): Promise<void> {
  await sql`update cases set reports_count = reports_count + ${row.counts ? 1 : 0}, version = version + 1, category = case when ${row.harder}::boolean then ${row.category} else category end,
    clock = case when ${row.due_at} < due_at then ${row.clock} else clock end, due_at = least(due_at, ${row.due_at}), severity = greatest(severity, ${row.severity}), reach = greatest(reach, ${row.reach}),
    record = greatest(record, ${row.record}), rule_id = coalesce(rule_id, ${row.rule_id}::bigint), summary = case when summary = '' then ${row.summary} else summary end,
    details = details || ${row.details}::jsonb, evidence = coalesce(${row.evidence}::jsonb, evidence) where id = ${id}`.execute(tx)
}
export async function insertCasePosts(tx: Tx, id: CaseId, postIds: PostId[]): Promise<void> {
  if (postIds.length) await sql`insert into case_posts (case_id, post_id) select ${id}::bigint, unnest(${postIds}::bigint[]) on conflict do nothing`.execute(tx)
}
export async function selectCase(on: Queries | Tx, id: string): Promise<CaseRow | undefined> {
  const { rows } = await sql<CaseRow>`select ${columns} from cases c where c.id = ${id}`.execute(on)
  return rows[0]
}
export async function lockCase(tx: Tx, id: string): Promise<CaseRow | undefined> {
  const { rows } = await sql<CaseRow>`select ${columns} from cases c where c.id = ${id} for update`.execute(tx)
  return rows[0]
}
export async function selectCasesById(on: Queries | Tx, ids: string[]): Promise<CaseRow[]> {
  const { rows } = await sql<CaseRow>`select ${columns} from cases c where c.id = any(${ids}::bigint[])`.execute(on)
  return rows
}
/** Every case about somebody, as one of those whom it names as well. */
export async function selectIdsAbout(on: Queries, accountId: AccountId): Promise<CaseId[]> {
  const { rows } = await sql<{ id: CaseId }>`select id from cases where account_id = ${accountId} union select id from cases where also_about <> '{}' and also_about @> array[${accountId}::bigint]`.execute(on)
  return rows.map((row) => row.id)
}
/** Others about the same account, newest first. */
export async function selectCasesOf(on: Queries, accountId: AccountId, exceptId: string, most: number): Promise<CaseRow[]> {
  const { rows } = await sql<CaseRow>`select ${columns} from cases c where c.account_id = ${accountId} and c.id <> ${exceptId} and kind <> 'practice' order by c.id desc limit ${most}`.execute(on)
  return rows
}
/** Open cases that are about this media item, or the post that shows it. */
export async function selectOpenWith(tx: Tx, mediaId: string): Promise<CaseId[]> {
  const { rows } = await sql<{ id: CaseId }>`select c.id from cases c where c.state = 'open' and (c.subject = ${`media:${mediaId}`}
    or c.id in (select cp.case_id from case_posts cp join media m on m.post_id = cp.post_id where m.id = ${mediaId})) order by c.id`.execute(tx)
  return rows.map((row) => row.id)
}
export async function updateEvidence(tx: Tx, id: CaseId, evidence: string): Promise<void> {
  await sql`update cases set evidence = ${evidence}::jsonb where id = ${id} and evidence is null`.execute(tx)
}
export async function updateDecided(tx: Tx, row: { id: CaseId; outcome: CaseOutcome; decisionId: string | null; byId: AccountId | null; at: Date; keepUntil: Date }): Promise<void> {
  await sql`update cases set state = 'decided', outcome = ${row.outcome}, decision_id = ${row.decisionId}, decided_by_id = ${row.byId}, decided_at = ${row.at}, first_touched_at = coalesce(first_touched_at, ${row.at}),
    claimed_by_id = null, claimed_until = null, handed_to_id = null, proposal = null, proposed_by_id = null, proposed_at = null, keep_until = ${row.keepUntil}, version = version + 1 where id = ${row.id}`.execute(tx)
}
export async function updateReopened(tx: Tx, id: CaseId, dueAt: Date): Promise<void> {
  await sql`update cases set state = 'open', outcome = null, decision_id = null, decided_by_id = null, decided_at = null, keep_until = null, due_at = greatest(due_at, ${dueAt}), version = version + 1
    where id = ${id} and state = 'decided' and not exists (select 1 from cases o where o.kind = cases.kind and o.subject = cases.subject and o.state = 'open')`.execute(tx)
}
