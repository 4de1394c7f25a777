import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import pg from 'pg'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { idMaker } from '../ids/index.ts'
import { jobs, runWaitingJobs } from '../jobs/index.ts'
import { joinProcesses } from './index.ts'
import type { Presence } from './index.ts'

let world: World
const joined: Presence[] = []
const clients: pg.Client[] = []
beforeEach(async () => { world = await openWorld() })
afterEach(async () => {
  await Promise.all(joined.splice(0).map((one) => one.close()))
  await world.close()
})

const connect = () => {
  const client = new pg.Client({ ...inject('postgres'), database: world.app.database.pool.options.database })
  clients.push(client)
  return client
}
async function join(options: { leaseMs?: number; renewMs?: number } = {}, by = connect): Promise<Presence> {
  const presence = await joinProcesses(by, world.app.log, options)
  joined.push(presence)
  return presence
}

test('many that come at once get a number each, and a number given back goes to the next', async () => {
  const all = await Promise.all(Array.from({ length: 12 }, () => join()))
  const numbers = all.map((one) => one.place().number)
  expect(new Set([...numbers, world.app.presence.place().number]).size).toBe(13)
  await all[4]!.close()
  expect((await join()).place().number).toBe(numbers[4])
})

test('a process that is cut off stops making ids before its number goes to another, and takes a new one when it is back', async () => {
  let cut = false
  const one = await join({ leaseMs: 600, renewMs: 50 }, () => { if (cut) throw new Error('no way there'); return connect() })
  const { number } = one.place()
  const newId = idMaker(one)
  newId()
  cut = true
  await clients.at(-1)!.end()
  // Whenever the database would lend the number to another, no id is made with it any more.
  const states = new Set<string>()
  await expect.poll(async () => {
    const { rows: [row] } = await world.app.database.pool.query<{ free: boolean }>('select until <= clock_timestamp() as free from processes where number = $1', [number])
    const made = (() => { try { return Boolean(newId()) } catch (error) { expect(error).toMatchObject({ code: 'databaseAway' }); return false } })()
    states.add(`${row?.free ? 'free' : 'held'}, ${made ? 'made' : 'refused'}`)
    return row?.free
  }, { interval: 5, timeout: 10_000 }).toBe(true)
  expect(states).not.toContain('free, made')
  const heir = await join()
  expect(heir.place().number).toBe(number)
  cut = false
  await expect.poll(() => { try { return one.place().number !== number } catch { return false } }).toBe(true)
  newId()
})

test('a number that the version before holds is left alone', async () => {
  const before = connect()
  await before.connect()
  // 0 is shared by the world's own process.
  await before.query('select pg_advisory_lock(7268002, 1)')
  await world.app.database.pool.query("insert into processes (number, holder, until) select n, gen_random_uuid(), now() + interval '1 hour' from generate_series(0, 15) n on conflict do nothing")
  expect((await join()).place().number).toBe(32)
  await before.end()
})

test('the jobs of a process that is gone are done by another, those of a living one are left alone', async () => {
  const { database } = world.app
  const done: unknown[] = []
  const bake = { bake: async (payload: Record<string, unknown>) => { done.push(payload.bread) } }
  for (const bread of ['rye', 'oat']) await jobs.add(database.queries, 'bake', { bread })
  const alive = await join({ leaseMs: 400, renewMs: 40 })
  await alive.worksAs('the living')
  await database.pool.query("insert into processes (number, holder, worker, until) values (900, gen_random_uuid(), 'the dead', now())")
  await database.pool.query("update graphile_worker._private_jobs set locked_at = now(), attempts = 1, locked_by = case payload->>'bread' when 'rye' then 'the dead' else 'the living' end")
  await expect.poll(async () => { await runWaitingJobs(database, bake); return done }).toEqual(['rye'])
})
