import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { unavailable } from '../errors.ts'
import type { Place } from '../ids/index.ts'
import { compareIds } from '../ids/index.ts'
import type { Log } from '../log/index.ts'
import { giveJobsBack, giveNumberBack, nameWorker, newestId, renewNumber, shareOldLock, takeNumber } from './queries.ts'

/** This process among all that share the database. */
export type Presence = {
  /** By which number ids are made. Throws `unavailable` while it isn't certain that it is ours alone. */
  place(): Place
  /** Tells the newest id made, for who has the number next. */
  made(id: string): void
  /** By which name this process holds jobs: they are given back to the queue when it is gone. */
  worksAs(worker: string): Promise<void>
  close(): Promise<void>
}

const usual = { leaseMs: 20_000, renewMs: 4_000 }
const mostSkewMs = 2_000

/**
 * Joins the processes of this database, on a connection of its own: lends one of 1,024 numbers, renews that, and gives back the
 * jobs of processes that didn't renew theirs. Ids are made only while the number is ours by our own watch, which
 * begins before the database's and ends a fifth earlier; after a cut nobody else has it by then.
 */
export async function joinProcesses(connect: () => pg.Client, log: Log, options: { roles?: string[]; leaseMs?: number; renewMs?: number } = {}): Promise<Presence> {
  const { leaseMs, renewMs } = { ...usual, ...options }
  const roles = options.roles ?? []
  const holder = randomUUID()
  const watch = () => performance.now()
  let client: pg.Client | undefined
  let place: Place = { number: -1, above: '1' }
  let newest = '1'
  let worker: string | undefined
  let oursUntil = 0
  let inTouchSince = 0
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const open = async (): Promise<pg.Client> => {
    const fresh = connect()
    fresh.on('error', () => {})
    fresh.once('end', () => { if (client === fresh) client = undefined })
    await fresh.connect()
    return fresh
  }
  const lend = async (on: pg.Client, asked: number): Promise<Date> => {
    const row = await takeNumber(on, { holder, roles, leaseMs })
    if (!row) return lend(on, watch())
    const above = await newestId(on)
    place = { number: row.number, above: compareIds(above, row.newest_id) > 0 ? above : row.newest_id }
    oursUntil = asked + leaseMs * 0.8
    if (worker) await nameWorker(on, { number: place.number, holder, worker })
    return row.now
  }
  const renew = async (): Promise<void> => {
    const asked = watch()
    const fresh = client ? undefined : await open()
    const on = client ?? fresh!
    try {
      let now = !fresh || await shareOldLock(on, place.number) ? await renewNumber(on, { number: place.number, holder, newestId: newest, leaseMs }) : undefined
      if (now) oursUntil = asked + leaseMs * 0.8
      else {
        log.warn('another process has our number for ids: taking a new one', { number: place.number })
        now = await lend(on, asked)
      }
      // Whoever was cut off for a while waits until the others, who may have been as well, have come back.
      if (fresh || watch() - asked > renewMs) inTouchSince = asked
      else if (asked - inTouchSince > leaseMs) {
        const gone = await giveJobsBack(on)
        if (gone) log.warn('jobs of processes that are gone were given back', { processes: gone })
      }
      const skew = Math.round(Date.now() - now.getTime())
      if (Math.abs(skew) > mostSkewMs + (watch() - asked)) log.warn("this machine's clock differs from the database's: set both by NTP", { ms: skew })
      if (fresh && !closed) client = fresh
    } catch (error) {
      // It may be cut off without knowing: nobody waits for its end.
      client = undefined
      on.end().catch(() => {})
      throw error
    }
  }
  const again = (ms: number) => {
    timer = setTimeout(() => renew().then(() => again(renewMs), () => again(Math.min(250, renewMs))), ms)
    timer.unref()
  }
  const first = await open()
  try { await lend(first, watch()) } catch (error) { await first.end(); throw error }
  client = first
  inTouchSince = watch()
  again(renewMs)
  return {
    place() {
      if (watch() > oursUntil) throw unavailable('databaseAway', 5)
      return place
    },
    made(id) { newest = id },
    async worksAs(name) {
      worker = name
      if (client) await nameWorker(client, { number: place.number, holder, worker: name })
    },
    async close() {
      closed = true
      clearTimeout(timer)
      const on = client
      client = undefined
      if (!on) return
      await giveNumberBack(on, { number: place.number, holder, newestId: newest }).catch(() => {})
      await on.end().catch(() => {})
    },
  }
}
