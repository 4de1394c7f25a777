import type { Queries, Tx } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type JobCount = { name: string; waiting: number; later: number; running: number; failed: number; oldest: number | null }

/** What the queue holds, by name. `oldest`: seconds that the first of those which could run has been waiting. */
export async function selectJobCounts(on: Queries): Promise<JobCount[]> {
  const { rows } = await sql<JobCount>`
    select t.identifier as name,
      count(*) filter (where j.locked_at is null and j.attempts < j.max_attempts and j.run_at <= now())::int as waiting,
      count(*) filter (where j.locked_at is null and j.attempts < j.max_attempts and j.run_at > now())::int as later,
      count(*) filter (where j.locked_at is not null)::int as running,
      count(*) filter (where j.locked_at is null and j.attempts >= j.max_attempts)::int as failed,
      extract(epoch from now() - min(j.run_at) filter (where j.locked_at is null and j.attempts < j.max_attempts and j.run_at <= now()))::float8 as oldest
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id group by 1 order by 1`.execute(on)
  return rows
}

export type JobState = 'waiting' | 'later' | 'running' | 'failed'
export type JobRow = { id: string; name: string; payload: unknown; attempts: number; max_attempts: number; last_error: string | null; run_at: Date; created_at: Date; locked_at: Date | null; state: JobState }

const stateOf = sql<JobState>`case when j.locked_at is not null then 'running' when j.attempts >= j.max_attempts then 'failed' when j.run_at <= now() then 'waiting' else 'later' end`

/** Newest first, by id; of one state and one name, or all. */
export async function selectJobs(on: Queries, which: { state: JobState | null; name: string | null }, ask: { before: string | null; after: string | null; limit: number }): Promise<JobRow[]> {
  const { rows } = await sql<JobRow>`select j.id::text as id, t.identifier as name, j.payload, j.attempts, j.max_attempts, left(j.last_error, 1000) as last_error, j.run_at, j.created_at, j.locked_at, ${stateOf} as state
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where (${which.state}::text is null or ${stateOf} = ${which.state}::text) and (${which.name}::text is null or t.identifier = ${which.name}::text)
      and (${ask.before}::bigint is null or j.id < ${ask.before}::bigint) and (${ask.after}::bigint is null or j.id > ${ask.after}::bigint)
    order by case when ${ask.after}::bigint is not null then j.id end asc, j.id desc limit ${ask.limit + 1}`.execute(on)
  return rows
}
/** Those that aren't running now start again from their first attempt. Gives their names. */
export async function retryJobs(tx: Tx, which: { ids: string[] } | { failed: true; name: string | null }): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`with chosen as (
      select j.id, t.identifier from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where j.locked_at is null and ${'ids' in which ? sql`j.id = any(${which.ids}::bigint[])` : sql`j.attempts >= j.max_attempts and (${which.name}::text is null or t.identifier = ${which.name}::text)`} limit 10000),
    again as (select id from graphile_worker.reschedule_jobs(array(select id from chosen), run_at := now(), attempts := 0))
    select c.id::text as id, c.identifier as name from again a join chosen c on c.id = a.id`.execute(tx)
  return rows
}
/** Takes jobs out that aren't running. Gives their names. */
export async function forgetJobs(tx: Tx, ids: string[]): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`with chosen as (
      select j.id, t.identifier from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where j.locked_at is null and j.id = any(${ids}::bigint[])),
    gone as (select id from graphile_worker.complete_jobs(array(select id from chosen)))
    select c.id::text as id, c.identifier as name from gone g join chosen c on c.id = g.id`.execute(tx)
  return rows
}
