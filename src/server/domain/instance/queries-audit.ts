import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

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

/** `aboutId`: an account that it was done to, or that it is about · `fromId`, `beforeId`: ids rise with time. */
export type AuditFilter = { actorId?: string | null; actorKind?: AuditRow['actor_kind'] | null; act?: string | null; subjectKind?: string | null; subjectId?: string | null; aboutId?: string | null; caseId?: string | null; fromId?: string | null; beforeId?: string | null }

const matching = (filter: AuditFilter) => sql`(${filter.actorId ?? null}::bigint is null or actor_id = ${filter.actorId ?? null}::bigint)
      and (${filter.actorKind ?? null}::text is null or actor_kind = ${filter.actorKind ?? null}::text)
      and (${filter.act ?? null}::text is null or starts_with(act, ${filter.act ?? null}::text))
      and (${filter.subjectKind ?? null}::text is null or subject_kind = ${filter.subjectKind ?? null}::text)
      and (${filter.subjectId ?? null}::text is null or subject_id = ${filter.subjectId ?? null}::text)
      and (${filter.aboutId ?? null}::text is null or (subject_kind = 'account' and subject_id = ${filter.aboutId ?? null}::text) or details->>'account' = ${filter.aboutId ?? null}::text)
      and (${filter.caseId ?? null}::text is null or (case when subject_kind = 'case' then subject_id else details->>'case' end) = ${filter.caseId ?? null}::text)
      and (${filter.fromId ?? null}::bigint is null or id >= ${filter.fromId ?? null}::bigint) and (${filter.beforeId ?? null}::bigint is null or id < ${filter.beforeId ?? null}::bigint)`

export async function selectAuditPage(on: Queries, filter: AuditFilter, ask: { before: string | null; after: string | null; limit: number }): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`select * from audit_log where ${matching(filter)}
      and (${ask.before}::bigint is null or id < ${ask.before}::bigint)
      and (${ask.after}::bigint is null or id > ${ask.after}::bigint)
    order by case when ${ask.after}::bigint is not null then id end asc, id desc limit ${ask.limit + 1}`.execute(on)
  return rows
}
/** The oldest first, above an id. */
export async function selectAuditPart(on: Queries, filter: AuditFilter, afterId: string, limit: number): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`select * from audit_log where ${matching(filter)} and id > ${afterId} order by id limit ${limit}`.execute(on)
  return rows
}
/** Is there such a row already? For what may run twice. */
export async function hasAudit(tx: Tx, act: string, subjectId: string, key: string, value: string): Promise<boolean> {
  const { rows } = await sql`select 1 from audit_log where subject_id = ${subjectId} and act = ${act} and details->>${key} = ${value} limit 1`.execute(tx)
  return rows.length > 0
}
