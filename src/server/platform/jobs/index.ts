import { makeWorkerUtils, Logger, run } from 'graphile-worker'
import type { Runner, TaskList } from 'graphile-worker'
import type { Database, Queries, Tx } from '../db/index.ts'
import { sql } from '../db/sql.ts'
import type { Log } from '../log/index.ts'

export type JobOptions = {
  /** not before */
  runAt?: Date
  /** jobs of one queue run one after another */
  queue?: string
  /** a second job with the same key replaces the waiting first */
  key?: string
  maxAttempts?: number
  priority?: number
}

export type Jobs = {
  /** Adds a job in the caller's transaction: it exists exactly if that commits. The payload is ids and small values. */
  add(on: Tx | Queries, name: string, payload: Record<string, unknown>, options?: JobOptions): Promise<void>
  /** Several of one name in one statement; `keyOf` gives each its key. */
  addAll<Payload extends Record<string, unknown>>(on: Tx | Queries, name: string, payloads: Payload[], options?: Omit<JobOptions, 'key'> & { keyOf?: (payload: Payload) => string }): Promise<void>
  /** Adds a plain job with the last statement of the transaction (`Database.atEnd`), together with all that are added so. */
  addAtEnd(database: Pick<Database, 'atEnd'>, tx: Tx, name: string, payload: Record<string, unknown>): void
}

type Last = { name: string; payload: Record<string, unknown> }
const last = new WeakMap<Tx, Last[]>()

const mostAttempts = 8

export const jobs: Jobs = {
  async add(on, name, payload, options = {}) {
    await sql`select graphile_worker.add_job(${name}, payload := ${JSON.stringify(payload)}::json, queue_name := ${options.queue ?? null},
      run_at := ${options.runAt ?? null}, max_attempts := ${options.maxAttempts ?? mostAttempts}, job_key := ${options.key ?? null}, priority := ${options.priority ?? 0})`.execute(on)
  },
  async addAll(on, name, payloads, options = {}) {
    if (payloads.length === 0) return
    const rows = payloads.map((payload) => ({ payload, key: options.keyOf?.(payload) ?? null }))
    await sql`select graphile_worker.add_job(${name}, payload := x.payload, queue_name := ${options.queue ?? null}, run_at := ${options.runAt ?? null}, max_attempts := ${options.maxAttempts ?? mostAttempts},
      job_key := x.key, priority := ${options.priority ?? 0}) from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (payload json, key text)`.execute(on)
  },
  addAtEnd(database, tx, name, payload) {
    const collected = last.get(tx)
    if (collected) { collected.push({ name, payload }); return }
    const fresh: Last[] = [{ name, payload }]
    last.set(tx, fresh)
    database.atEnd(tx, () => sql`select graphile_worker.add_job(x.name, payload := x.payload, max_attempts := ${mostAttempts}::int, priority := 0) from jsonb_to_recordset(${JSON.stringify(fresh)}::jsonb) as x (name text, payload json)`)
  },
}

/** Jobs that name what caused them, in a field that is taken out again before they run (`causeOf`). */
export function withTraces(jobs: Jobs, traces: { current(): string | null }): Jobs {
  const named = <Payload extends Record<string, unknown>>(payload: Payload): Payload => {
    const cause = traces.current()
    return cause ? { ...payload, [causeField]: cause } : payload
  }
  return {
    add: (on, name, payload, options) => jobs.add(on, name, named(payload), options),
    addAll: (on, name, payloads, options) => jobs.addAll(on, name, payloads.map(named), options),
    addAtEnd: (database, tx, name, payload) => jobs.addAtEnd(database, tx, name, named(payload)),
  }
}
const causeField = '_trace'
/** What a job is to do, and what caused it. */
export function causeOf({ [causeField]: cause, ...payload }: Record<string, unknown>): { payload: Record<string, unknown>; cause: string | null } {
  return { payload, cause: typeof cause === 'string' ? cause : null }
}

const restartMs = 1000
const stopMs = 2500
const quiet = new Logger(() => () => {})

/** What became of a job is told together with what became of others, and told again where the database was away: without this, one that ends at that moment rejects a promise that nobody waits for. */
const batches = { completeJobBatchDelay: 0, failJobBatchDelay: 0 }

/** Creates or updates the queue's own tables. */
export async function migrateJobs(database: Database): Promise<void> {
  const utils = await makeWorkerUtils({ pgPool: database.pool, logger: quiet })
  try { await utils.migrate() } finally { await utils.release() }
}

/** So often an interrupted try doesn't count; then it does: a job that ends its process each time must end, too. */
const mostInterruptions = 50
/** So often it is tried again at once; then it waits, longer and longer, so that whatever ends the process doesn't keep the house from opening, and whoever only happened to be near isn't cut off with it. */
const interruptionsAtOnce = 5
const longestWaitSeconds = 3600

/** Hands jobs of processes that are gone back to the queue; the try that was interrupted doesn't count. Only for a database that no other process can be using. */
export async function releaseLostJobs(database: Database): Promise<void> {
  await database.pool.query(`
    with lost as (select id, coalesce(substring(last_error from '^interrupted ([0-9]+) times$')::int, 0) + 1 as times from graphile_worker._private_jobs where locked_at is not null for update)
    update graphile_worker._private_jobs j set locked_at = null, locked_by = null, run_at = least(j.run_at, now()) + case when lost.times > $2 then least(power(2, least(lost.times - $2, 20)), $3) * interval '1 second' else interval '0' end, last_error = 'interrupted ' || lost.times || ' times',
      attempts = case when lost.times > $1 then j.attempts else greatest(j.attempts - 1, 0) end
    from lost where lost.id = j.id`, [mostInterruptions, interruptionsAtOnce, longestWaitSeconds])
  await database.pool.query('update graphile_worker._private_job_queues set locked_at = null, locked_by = null where locked_at is not null')
}

export type Task = (payload: Record<string, unknown>, job: { /** the same at each attempt */ id: string; attempts: number; maxAttempts: number }) => Promise<void>

/**
 * Works through the queue. `timetable` is crontab lines (`* * * * * taskName`), each run once across all processes.
 * `worksAs` is told, before the first job is taken, under which name this process holds its jobs.
 */
export async function startWorker(database: Database, log: Log, tasks: Record<string, Task>, timetable: string, worksAs: (name: string) => Promise<void>, concurrency = 4): Promise<{ stop(): Promise<void> }> {
  const taskList: TaskList = Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, async (payload, helpers) => {
    try {
      await task((payload ?? {}) as Record<string, unknown>, { id: helpers.job.id, attempts: helpers.job.attempts, maxAttempts: helpers.job.max_attempts })
    } catch (error) {
      log.warn('a job failed', { job: name, attempt: helpers.job.attempts, error: error instanceof Error ? error.message : String(error) })
      throw error
    }
  }]))
  const begin = () => {
    let told: Promise<void> | undefined
    const presence: GraphileConfig.Plugin = { name: 'HearthPresence', version: '1', worker: { hooks: { async startWorker(_context, { worker }) { await (told ??= worksAs(worker.workerPool.id)) } } } }
    return run({ pgPool: database.pool, taskList, crontab: timetable, concurrency, noHandleSignals: true, pollInterval: 2000, logger: quiet, preset: { plugins: [presence], worker: batches } })
  }
  let runner: Runner | undefined = await begin()
  let stopping = false
  let again: NodeJS.Timeout | undefined
  // It gives up when the database is away for long: then another is begun, until one stays.
  const watch = (running: Runner) => {
    const ended = (error?: unknown) => {
      runner = undefined
      if (stopping) return
      log.warn('the worker ended and is begun again', { error: String(error ?? 'without an error') })
      again = setTimeout(() => { begin().then((fresh) => { runner = fresh; watch(fresh) }, ended) }, restartMs)
      again.unref()
    }
    running.promise.then(() => ended(), ended)
  }
  watch(runner)
  return {
    async stop() {
      stopping = true
      clearTimeout(again)
      if (!runner) return
      // What takes longer is given back to the queue, and begun again elsewhere or later.
      const cut = setTimeout(() => { runner?.kill().catch(() => {}) }, stopMs)
      await runner.stop().catch(() => {}).finally(() => clearTimeout(cut))
    },
  }
}

/** Runs everything that waits, then returns: for tests and the command line. Rejects with the first job's error. */
export async function runWaitingJobs(database: Database, tasks: Record<string, Task>): Promise<void> {
  const { runOnce } = await import('graphile-worker')
  let failure: unknown
  const taskList: TaskList = Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, async (payload, helpers) => {
    try { await task((payload ?? {}) as Record<string, unknown>, { id: helpers.job.id, attempts: helpers.job.attempts, maxAttempts: helpers.job.max_attempts }) }
    catch (error) { failure ??= error; throw error }
  }]))
  // A queue is free again a moment after its job is done (in a batch, which is waited for at the end): then once more, for what waited behind.
  do await runOnce({ pgPool: database.pool, taskList, logger: quiet, noHandleSignals: true, preset: { worker: batches } })
  while (failure === undefined && await anyWaits(database))
  if (failure) throw failure
}

async function anyWaits(database: Database): Promise<boolean> {
  const { rows } = await database.pool.query(`select 1 from graphile_worker._private_jobs j left join graphile_worker._private_job_queues q on q.id = j.job_queue_id
    where j.run_at <= now() and j.locked_at is null and q.locked_at is null and j.attempts < j.max_attempts limit 1`)
  return rows.length > 0
}
