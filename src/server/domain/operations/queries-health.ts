import type { Queries } from '#server/platform/db/index.ts'
import { sql } from '#server/platform/db/sql.ts'

export type MinuteRow = {
  at: Date; process: string; roles: string; version: string; started_at: Date; requests: number; refused: number; errors: number; latency: number[]
  jobs: number; jobs_failed: number; mails: number; mails_failed: number; memory: number; loop_lag: number; streams: number; connections_waiting: number
}

/** Adds to what this process has written of the same minute already. */
export async function insertMinute(on: Queries, row: MinuteRow): Promise<void> {
  await sql`insert into health_minutes (at, process, roles, version, started_at, requests, refused, errors, latency, jobs, jobs_failed, mails, mails_failed, memory, loop_lag, streams, connections_waiting)
    values (${row.at}, ${row.process}, ${row.roles}, ${row.version}, ${row.started_at}, ${row.requests}, ${row.refused}, ${row.errors}, ${row.latency}, ${row.jobs}, ${row.jobs_failed}, ${row.mails}, ${row.mails_failed}, ${Math.round(row.memory)}, ${row.loop_lag}, ${row.streams}, ${row.connections_waiting})
    on conflict (at, process) do update set requests = health_minutes.requests + excluded.requests, refused = health_minutes.refused + excluded.refused, errors = health_minutes.errors + excluded.errors,
      latency = array(select coalesce(a, 0) + coalesce(b, 0) from unnest(health_minutes.latency, excluded.latency) as both_of (a, b)), jobs = health_minutes.jobs + excluded.jobs, jobs_failed = health_minutes.jobs_failed + excluded.jobs_failed,
      mails = health_minutes.mails + excluded.mails, mails_failed = health_minutes.mails_failed + excluded.mails_failed, memory = excluded.memory, loop_lag = greatest(health_minutes.loop_lag, excluded.loop_lag)`.execute(on)
}

/** What all share; the first process of a minute writes it. */
export async function insertCommunity(on: Queries, at: Date, jobs: { waiting: number; failed: number; oldest: number; media: number }, diskFree: number | null): Promise<void> {
  await sql`insert into health_community (at, jobs_waiting, jobs_given_up, jobs_oldest, media_waiting, database_bytes, media_bytes, disk_free)
    select ${at}, ${jobs.waiting}, ${jobs.failed}, ${jobs.oldest}, ${jobs.media}, pg_database_size(current_database()), coalesce((select distinct_bytes from media_counted limit 1), 0), ${diskFree === null ? null : Math.round(diskFree)}::bigint
    where not exists (select from health_community where at = ${at}) on conflict (at) do nothing`.execute(on)
}

export type Span = { from: Date; to: Date; stepSeconds: number }
export type ProcessPart = { at: Date; process: string; requests: number; refused: number; errors: number; jobs: number; jobs_failed: number; mails: number; mails_failed: number; memory: number; loop_lag: number; streams: number; connections_waiting: number }

const bin = (step: number) => sql`date_bin(make_interval(secs => ${step}), at, timestamptz '2020-01-01 00:00:00+00')`

/** Each process's sums (of what is counted) and most (of what is measured) in each step. */
export async function selectParts(on: Queries, { from, to, stepSeconds }: Span): Promise<ProcessPart[]> {
  const { rows } = await sql<ProcessPart>`select ${bin(stepSeconds)} as at, process, sum(requests)::int as requests, sum(refused)::int as refused, sum(errors)::int as errors, sum(jobs)::int as jobs, sum(jobs_failed)::int as jobs_failed,
      sum(mails)::int as mails, sum(mails_failed)::int as mails_failed, max(memory)::float8 as memory, max(loop_lag)::float8 as loop_lag, max(streams) as streams, max(connections_waiting) as connections_waiting
    from health_minutes where at >= ${from} and at < ${to} group by 1, 2`.execute(on)
  return rows
}
/** How many answers took how long in each step, all processes together. */
export async function selectLatency(on: Queries, { from, to, stepSeconds }: Span): Promise<{ at: Date; place: number; count: number }[]> {
  const { rows } = await sql<{ at: Date; place: number; count: number }>`select ${bin(stepSeconds)} as at, l.place::int - 1 as place, sum(l.count)::float8 as count
    from health_minutes cross join lateral unnest(latency) with ordinality as l (count, place) where at >= ${from} and at < ${to} group by 1, 2 having sum(l.count) > 0`.execute(on)
  return rows
}
export type CommunityPart = { at: Date; jobs_waiting: number; jobs_given_up: number; jobs_oldest: number; media_waiting: number; database_bytes: number; media_bytes: number; disk_free: number | null }
export async function selectCommunity(on: Queries, { from, to, stepSeconds }: Span): Promise<CommunityPart[]> {
  const { rows } = await sql<CommunityPart>`select ${bin(stepSeconds)} as at, max(jobs_waiting) as jobs_waiting, max(jobs_given_up) as jobs_given_up, max(jobs_oldest)::float8 as jobs_oldest, max(media_waiting) as media_waiting,
      max(database_bytes)::float8 as database_bytes, max(media_bytes)::float8 as media_bytes, min(disk_free)::float8 as disk_free
    from health_community where at >= ${from} and at < ${to} group by 1`.execute(on)
  return rows
}
/** Who has written since then, each with its newest row. */
export async function selectProcesses(on: Queries, since: Date): Promise<{ process: string; roles: string; version: string; started_at: Date; at: Date; memory: number }[]> {
  const { rows } = await sql<{ process: string; roles: string; version: string; started_at: Date; at: Date; memory: number }>`
    select distinct on (process) process, roles, version, started_at, at, memory::float8 as memory from health_minutes where at >= ${since} order by process, at desc limit 200`.execute(on)
  return rows
}
/** Letters that could not be sent, and those that wait. */
export async function selectMailCounts(on: Queries): Promise<{ failed: number; queued: number }> {
  const { rows } = await sql<{ failed: number; queued: number }>`select count(*) filter (where state = 'failed')::int as failed, count(*) filter (where state = 'queued')::int as queued from outbox_mails where state in ('failed', 'queued')`.execute(on)
  return rows[0]!
}
export async function deleteHealthBefore(on: Queries, before: Date): Promise<void> {
  await sql`delete from health_minutes where at < ${before}`.execute(on)
  await sql`delete from health_community where at < ${before}`.execute(on)
}
