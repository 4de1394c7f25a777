import type { AccountId } from '#server/domain/accounts/index.ts'
import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'
import type { CleanAsk } from '#server/platform/page/index.ts'
import type { ScheduledId, ScheduledView } from './types.ts'

export type Row = { id: ScheduledId; account_id: AccountId; publish_at: Date; draft: ScheduledView['draft']; failed_at: Date | null; error: string | null }
const columns = sql.raw('id, account_id, publish_at, draft, failed_at, error')

/** How many wait in all, and on the same day (UTC) as `at`, one plan left out; waits for another plan of the author. */
export async function countPlans(tx: Tx, accountId: AccountId, at: Date, except: ScheduledId | null = null): Promise<{ all: number; day: number }> {
  await sql`select 1 from accounts where id = ${accountId} for no key update`.execute(tx)
  const { rows } = await sql<{ all: number; day: number }>`select count(*)::int as all, count(*) filter (where (publish_at at time zone 'UTC')::date = (${at}::timestamptz at time zone 'UTC')::date)::int as day
    from scheduled_posts where account_id = ${accountId} and id is distinct from ${except}::bigint`.execute(tx)
  return rows[0]!
}

export async function insertPlan(tx: Tx, row: { id: ScheduledId; accountId: AccountId; publishAt: Date; draft: ScheduledView['draft']; at: Date }): Promise<void> {
  await tx.insertInto('scheduled_posts').values({ id: row.id, account_id: row.accountId, publish_at: row.publishAt, draft: JSON.stringify(row.draft), created_at: row.at }).execute()
}

/** Moves a plan to another time; one that failed waits again. */
export async function updateTime(tx: Tx, accountId: AccountId, id: ScheduledId, publishAt: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('scheduled_posts').set({ publish_at: publishAt, failed_at: null, error: null }).where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** True when the plan was still there: whoever deletes it may publish it. */
export async function deletePlan(tx: Tx, accountId: AccountId, id: ScheduledId): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('scheduled_posts').where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

export async function deletePlans(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.deleteFrom('scheduled_posts').where('account_id', '=', accountId).execute()
}

/** Writes down why; false when it isn't waiting (any more). */
export async function updateFailed(tx: Tx, id: ScheduledId, error: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('scheduled_posts').set({ failed_at: at, error }).where('id', '=', id).where('failed_at', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function selectPlan(on: Queries, id: ScheduledId): Promise<Row | undefined> {
  const { rows } = await sql<Row>`select ${columns} from scheduled_posts where id = ${id}`.execute(on)
  return rows[0]
}

export async function selectPlans(on: Queries, accountId: AccountId, ask: CleanAsk): Promise<Row[]> {
  const { rows } = await sql<Row>`select ${columns} from scheduled_posts where account_id = ${accountId} and ${ask.before ? sql`id < ${ask.before}::bigint` : ask.after ? sql`id > ${ask.after}::bigint` : sql`true`}
    order by id ${ask.after ? sql`asc` : sql`desc`} limit ${ask.limit + 1}`.execute(on)
  return rows
}
