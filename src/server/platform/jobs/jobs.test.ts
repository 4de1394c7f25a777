import { expect, test } from 'vitest'
import { openWorld } from '../../../../tests/world.ts'
import { jobs, releaseLostJobs, runWaitingJobs } from './index.ts'

test('a job whose process was killed runs again after the next start', async () => {
  const world = await openWorld()
  const { database } = world.app
  await jobs.add(database.queries, 'bake', { bread: 'rye' })
  await database.pool.query("update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a worker that was killed', attempts = 1")
  const done: unknown[] = []
  const bake = { bake: async (payload: Record<string, unknown>) => { done.push(payload.bread) } }
  await runWaitingJobs(database, bake)
  expect(done).toEqual([])
  await releaseLostJobs(database)
  await runWaitingJobs(database, bake)
  expect(done).toEqual(['rye'])
  await world.close()
})

test('tries that were cut off do not count against a job, unless it is cut off again and again', async () => {
  const world = await openWorld()
  const { database } = world.app
  await jobs.add(database.queries, 'bake', { bread: 'rye' }, { maxAttempts: 2 })
  const interrupt = async (times: number) => {
    for (let at = 0; at < times; at++) {
      await database.pool.query("update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a worker that was killed', attempts = attempts + 1")
      await releaseLostJobs(database)
    }
    return (await database.pool.query<{ attempts: number }>('select attempts from graphile_worker._private_jobs')).rows[0]?.attempts
  }
  expect(await interrupt(40)).toBe(0)
  expect(await interrupt(20)).toBe(10)
  await world.close()
})

test('what was cut off often waits longer and longer, so that it cannot end one start after the other', async () => {
  const world = await openWorld()
  const { database } = world.app
  await jobs.add(database.queries, 'bake', { bread: 'rye' })
  const waits: number[] = []
  for (let at = 0; at < 20; at++) {
    await database.pool.query("update graphile_worker._private_jobs set run_at = now(), locked_at = now(), locked_by = 'a worker that was killed', attempts = attempts + 1")
    await releaseLostJobs(database)
    waits.push(Number((await database.pool.query('select round(extract(epoch from run_at - now()))::int as wait from graphile_worker._private_jobs')).rows[0].wait))
  }
  expect(waits.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 2, 4, 8, 16])
  expect(waits.at(-1)).toBe(3600)
  await world.close()
})

test('what waits behind another in a queue runs before the work is called done', async () => {
  const world = await openWorld()
  const { database } = world.app
  for (const bread of ['rye', 'oat', 'corn', 'rice']) await jobs.add(database.queries, 'bake', { bread }, { queue: 'oven' })
  const done: unknown[] = []
  await runWaitingJobs(database, { bake: async (payload) => { done.push(payload.bread) } })
  expect(done).toEqual(['rye', 'oat', 'corn', 'rice'])
  await world.close()
})
