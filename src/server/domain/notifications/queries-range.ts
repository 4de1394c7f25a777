import { sql } from '#server/platform/db/sql.ts'
import { isId } from '#server/platform/ids/index.ts'

/** A part of a list whose bounds are sure to be good. */
export type CleanRange = { maxId: string | null; sinceId: string | null; minId: string | null; limit: number }

/** Bad ids count as none; the limit is 1–80. */
export function cleanRange(ask: { maxId?: string; sinceId?: string; minId?: string; limit?: number }, usual = 40): CleanRange {
  const id = (text: string | undefined) => isId(text) ? text : null
  return { maxId: id(ask.maxId), sinceId: id(ask.sinceId), minId: id(ask.minId), limit: Number.isFinite(ask.limit) ? Math.min(80, Math.max(1, Math.floor(ask.limit!))) : usual }
}

/** The bounds as a condition on the row `alias`. */
export function rangeOf(alias: string, { maxId, sinceId, minId }: CleanRange) {
  const id = sql.ref(`${alias}.id`)
  return sql<boolean>`(${maxId ? sql`${id} < ${maxId}::bigint` : sql`true`} and ${sinceId ? sql`${id} > ${sinceId}::bigint` : sql`true`} and ${minId ? sql`${id} > ${minId}::bigint` : sql`true`})`
}
