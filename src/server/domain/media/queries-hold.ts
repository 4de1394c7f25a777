import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

/** Keeps free media of the owner for a planned post, in the given order. Returns those it could keep. */
export async function keepForPlan(tx: Tx, ownerId: string, ids: string[], scheduledId: string): Promise<{ kind: string; state: string }[]> {
  const { rows } = await sql<{ kind: string; state: string }>`update media set scheduled_id = ${scheduledId}, position = x.at - 1 from unnest(${ids}::bigint[]) with ordinality as x (id, at)
    where media.id = x.id and account_id = ${ownerId} and post_id is null and scheduled_id is null and purpose = 'post' returning kind, state`.execute(tx)
  return rows
}

/** Media of planned posts, in their order. */
export async function selectKept(on: Queries, scheduledIds: string[]): Promise<{ id: string; scheduled_id: string }[]> {
  const { rows } = await sql<{ id: string; scheduled_id: string }>`select id, scheduled_id from media where scheduled_id = any(${scheduledIds}::bigint[]) order by position, id`.execute(on)
  return rows
}
