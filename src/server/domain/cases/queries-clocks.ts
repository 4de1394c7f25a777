import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { Clock } from './categories.ts'

export async function selectClocks(on: Queries | Tx): Promise<{ clock: Clock; minutes: number }[]> {
  const { rows } = await sql<{ clock: Clock; minutes: number }>`select clock, minutes from case_clocks`.execute(on)
  return rows
}
export async function upsertClock(tx: Tx, row: { clock: Clock; minutes: number }): Promise<void> {
  await sql`insert into case_clocks (clock, minutes) values (${row.clock}, ${row.minutes}) on conflict (clock) do update set minutes = excluded.minutes`.execute(tx)
}
