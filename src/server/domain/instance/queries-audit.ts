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

export type AuditFilter = { actorId?: string | null; act?: string | null; subjectKind?: string | null; subjectId?: string | null }

export async function selectAuditPage(on: Queries, filter: AuditFilter, ask: { before: string | null; after: string | null; limit: number }): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`select * from audit_log
    where (${filter.actorId ?? null}::bigint is null or actor_id = ${filter.actorId ?? null}::bigint)
      and (${filter.act ?? null}::text is null or act like ${filter.act ?? null}::text || '%')
      and (${filter.subjectKind ?? null}::text is null or subject_kind = ${filter.subjectKind ?? null}::text)
      and (${filter.subjectId ?? null}::text is null or subject_id = ${filter.subjectId ?? null}::text)
      and (${ask.before}::bigint is null or id < ${ask.before}::bigint)
      and (${ask.after}::bigint is null or id > ${ask.after}::bigint)
    order by case when ${ask.after}::bigint is not null then id end asc, id desc limit ${ask.limit + 1}`.execute(on)
  return rows
}
