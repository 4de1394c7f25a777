import type pg from 'pg'
import { mostProcesses } from '../ids/index.ts'

/** Versions before this table held one of 64 numbers, each as many ids as 16 of ours, by this lock alone; we share it, they can't. */
const oldLockSpace = 7_268_002
const groupOf = (number: number) => number >> 4

export type Row = { number: number; newest_id: string; now: Date }

/** Lends the lowest free number to this holder; undefined where another process was quicker. Throws when all are taken. */
export async function takeNumber(on: pg.Client, who: { holder: string; roles: string[]; leaseMs: number }): Promise<Row | undefined> {
  for (let from = 0; from < mostProcesses;) {
    const { rows: [free] } = await on.query<{ number: number }>(`select n as number from generate_series($1::int, ${mostProcesses - 1}) n
      where not exists (select 1 from processes p where p.number = n and p.until > clock_timestamp()) order by n limit 1`, [from])
    if (!free) break
    if (!await shareOldLock(on, free.number)) { from = (groupOf(free.number) + 1) << 4; continue }
    const { rows: [row] } = await on.query<Row>(`insert into processes as p (number, holder, roles, until) values ($1, $2, $3, clock_timestamp() + $4 * interval '1 ms')
      on conflict (number) do update set holder = excluded.holder, roles = excluded.roles, until = excluded.until, started_at = now() where p.until <= clock_timestamp()
      returning number, newest_id, clock_timestamp() as now`, [free.number, who.holder, who.roles, who.leaseMs])
    if (!row) await on.query('select pg_advisory_unlock_shared($1, $2)', [oldLockSpace, groupOf(free.number)])
    return row
  }
  throw new Error(`${mostProcesses} Hearth processes already use this database: there is no free process number.`)
}

export async function shareOldLock(on: pg.Client, number: number): Promise<boolean> {
  const { rows: [lock] } = await on.query<{ taken: boolean }>('select pg_try_advisory_lock_shared($1, $2) as taken', [oldLockSpace, groupOf(number)])
  return lock?.taken === true
}

/** Lends it for as long again, if it is still this holder's; the database's clock with it. */
export async function renewNumber(on: pg.Client, { number, holder, newestId, leaseMs }: { number: number; holder: string; newestId: string; leaseMs: number }): Promise<Date | undefined> {
  const { rows: [row] } = await on.query<{ now: Date }>(`update processes set until = clock_timestamp() + $4 * interval '1 ms', newest_id = greatest(newest_id, $3::bigint)
    where number = $1 and holder = $2 returning clock_timestamp() as now`, [number, holder, newestId, leaseMs])
  return row?.now
}

export async function giveNumberBack(on: pg.Client, { number, holder, newestId }: { number: number; holder: string; newestId: string }): Promise<void> {
  await on.query('update processes set until = clock_timestamp(), worker = null, newest_id = greatest(newest_id, $3::bigint) where number = $1 and holder = $2', [number, holder, newestId])
}

export async function nameWorker(on: pg.Client, { number, holder, worker }: { number: number; holder: string; worker: string }): Promise<void> {
  await on.query('update processes set worker = $3 where number = $1 and holder = $2', [number, holder, worker])
}

/** Gives the jobs of processes that are gone back to the queue; tells how many processes that were. */
export async function giveJobsBack(on: pg.Client): Promise<number> {
  const { rows: [row] } = await on.query<{ gone: number }>(`with gone as (
      select number, worker from processes where worker is not null and until <= clock_timestamp() for update skip locked),
    forgotten as (update processes p set worker = null from gone where p.number = gone.number returning p.number),
    freed as (select graphile_worker.force_unlock_workers(array(select worker from gone)) where exists (select 1 from gone))
    select (select count(*) from forgotten)::int as gone, (select count(*) from freed) as freed`)
  return row?.gone ?? 0
}

/** The newest id in use, so that ids rise even when the clock was set back between two starts. */
export async function newestId(on: pg.Client): Promise<string> {
  const { rows: [row] } = await on.query<{ newest: string }>(
    'select greatest((select max(id) from posts), (select max(id) from accounts), (select max(id) from notifications), 1)::text as newest')
  return row?.newest ?? '1'
}
