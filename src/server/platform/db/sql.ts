/** The SQL tag. Only a room's queries.ts may import this (a lint rule says so). */
import { sql } from 'kysely'
export { sql }

/**
 * A few ids as a value that the planner doesn't look into. A prepared statement that says how many there are is planned anew each time,
 * since one id looks cheaper than the ten it assumes: for a statement with thirty tables that costs more than running it.
 */
export const asked = (ids: readonly string[]) => sql`(select ${ids}::bigint[])::bigint[]`
