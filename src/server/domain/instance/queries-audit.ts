import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { RawBuilder } from 'kysely'

export type AuditRow = {
  id: string
  actor_id: string | null
  actor_kind: 'account' | 'command' | 'program'
  act: string
  subject_kind: string
  subject_id: string
  details: Record<string, unknown>
  created_at: Date
  previous_hash: Buffer
  hash: Buffer
}

/** One writer at a time, until the transaction ends: the chain has one end. */
export async function lockAudit(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('hearth audit'))`.execute(tx)
}
/** The chain's end. */
export async function lastAudit(tx: Tx): Promise<{ id: string; hash: Buffer } | undefined> {
  const { rows } = await sql<{ id: string; hash: Buffer }>`select id, hash from audit_log order by id desc limit 1`.execute(tx)
  return rows[0]
}
export async function insertAudit(tx: Tx, row: AuditRow): Promise<void> {
  await sql`insert into audit_log (id, actor_id, actor_kind, act, subject_kind, subject_id, details, created_at, previous_hash, hash)
    values (${row.id}, ${row.actor_id}, ${row.actor_kind}, ${row.act}, ${row.subject_kind}, ${row.subject_id}, ${JSON.stringify(row.details)}::jsonb, ${row.created_at}, ${row.previous_hash}, ${row.hash})`.execute(tx)
}

export async function selectAuditAfter(on: Queries, afterId: string, limit: number): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`select * from audit_log where id > ${afterId} order by id limit ${limit}`.execute(on)
  return rows
}

export async function selectAuditCount(on: Queries): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from audit_log`.execute(on)
  return Number(rows[0]!.count)
}
export async function selectAuditHead(on: Queries): Promise<{ id: string; hash: Buffer } | undefined> {
  const { rows } = await sql<{ id: string; hash: Buffer }>`select id, hash from audit_log order by id desc limit 1`.execute(on)
  return rows[0]
}

/** What is kept from one reader: what others did about them, in these cases and about these reports. */
export type Hidden = { from: string; cases: string[]; reports: string[] }
/** `aboutId`: an account that it was done to, or that it is about · `fromId`, `beforeId`: ids rise with time. */
export type AuditFilter = { actorId?: string | null; actorKind?: AuditRow['actor_kind'] | null; act?: string | null; subjectKind?: string | null; subjectId?: string | null; aboutId?: string | null; caseId?: string | null; hidden?: Hidden | null; fromId?: string | null; beforeId?: string | null }

const caseOf = sql`(case when subject_kind = 'case' then subject_id else details->>'case' end)`
/** Rows that say that there is, or was, something against somebody: who reported, who looks at it and who decides isn't for them to find out here. */
const isHidden = ({ from, cases, reports }: Hidden) => sql`coalesce(actor_id is distinct from ${from}::bigint and act ~ '^(case|decision|report|order|vault|appeal|screening|hashes)[.]'
  and (${caseOf} = any(${cases}::text[]) or (subject_kind = 'report' and subject_id = any(${reports}::text[])) or (subject_kind = 'account' and subject_id = ${from}::text) or details->>'account' = ${from}::text), false)`
/** Only what is asked for stands in the query, so that each question finds its index. */
function matching(filter: AuditFilter): RawBuilder<unknown> {
  const asked = [
    filter.actorId && sql`actor_id = ${filter.actorId}`, filter.actorKind && sql`actor_kind = ${filter.actorKind}`, filter.act && sql`act like ${`${filter.act.replace(/[\\%_]/g, '\\$&')}%`}`,
    filter.subjectKind && sql`subject_kind = ${filter.subjectKind}`, filter.subjectId && sql`subject_id = ${filter.subjectId}`,
    filter.aboutId && sql`id in (select id from audit_log where subject_id = ${filter.aboutId} and subject_kind = 'account' union all select id from audit_log where details ? 'account' and details->>'account' = ${filter.aboutId})`,
    filter.caseId && sql`(subject_kind = 'case' or details ? 'case') and ${caseOf} = ${filter.caseId}`,
    filter.hidden && sql`not ${isHidden(filter.hidden)}`,
    filter.fromId && sql`id >= ${filter.fromId}`, filter.beforeId && sql`id < ${filter.beforeId}`,
  ].filter((one) => one !== null && one !== undefined && one !== '')
  return asked.length ? sql`(${sql.join(asked, sql` and `)})` : sql`true`
}

export async function selectAuditPage(on: Queries, filter: AuditFilter, ask: { before: string | null; after: string | null; limit: number }): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`select * from audit_log where ${matching(filter)}
      ${ask.before ? sql`and id < ${ask.before}` : sql``} ${ask.after ? sql`and id > ${ask.after}` : sql``}
    order by id ${ask.after ? sql`asc` : sql`desc`} limit ${ask.limit + 1}`.execute(on)
  return rows
}
/** The oldest first, above an id; what is kept from the reader is marked, not left out. */
export async function selectAuditPart(on: Queries, { hidden, ...filter }: AuditFilter, afterId: string, limit: number): Promise<(AuditRow & { hidden: boolean })[]> {
  const { rows } = await sql<AuditRow & { hidden: boolean }>`select *, ${hidden ? isHidden(hidden) : sql`false`} as hidden from audit_log where ${matching(filter)} and id > ${afterId} order by id limit ${limit}`.execute(on)
  return rows
}
/** Is there such a row already? For what may run twice. */
export async function hasAudit(tx: Tx, act: string, subjectId: string, key: string, value: string): Promise<boolean> {
  const { rows } = await sql`select 1 from audit_log where subject_id = ${subjectId} and act = ${act} and details->>${key} = ${value} limit 1`.execute(tx)
  return rows.length > 0
}
