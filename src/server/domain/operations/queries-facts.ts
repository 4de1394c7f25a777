import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export async function selectFact(on: Queries, name: string): Promise<unknown> {
  const { rows } = await sql<{ fact: unknown }>`select fact from health_facts where name = ${name}`.execute(on)
  return rows[0]?.fact
}
export async function upsertFact(on: Queries, name: string, fact: object): Promise<void> {
  await sql`insert into health_facts (name, fact) values (${name}, ${JSON.stringify(fact)}::jsonb) on conflict (name) do update set fact = excluded.fact`.execute(on)
}
export async function deleteFact(on: Queries, name: string): Promise<void> {
  await sql`delete from health_facts where name = ${name}`.execute(on)
}
