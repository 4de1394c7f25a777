import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world.close())

test('what was acknowledged before is known after settling, every time, however many ask at once', async () => {
  const { changes, database } = world.app
  const kept = changes.keeper<number>(1_000_000)
  for (let round = 0; round < 200; round++) {
    kept.keep('one', round, { words: new Set(['p1']), until: Infinity }, { bytes: 1, since: kept.mark() })
    expect(kept.get('one', 0)).toBe(round)
    const others = Array.from({ length: 5 }, () => changes.settled())
    await database.pool.query("select pg_notify('hearth_changes', 'p1')")
    const answers = await Promise.all([changes.settled(), changes.settled(), ...others])
    expect(answers.every(Boolean)).toBe(true)
    expect(kept.get('one', 0)).toBeUndefined()
  }
})

test('a reading knows what it depends on, and so does what surrounds it', async () => {
  const { changes } = world.app
  changes.note(['p1'])
  const outer = await changes.reading(async () => {
    changes.note(['p2'])
    const [inner] = await Promise.all([changes.reading(async () => { await Promise.resolve(); changes.note(['p3']); changes.holdsUntil(7) }), changes.reading(async () => changes.note(['p4']))])
    return inner.noted
  })
  expect([[...outer.noted.words].sort(), outer.noted.until]).toEqual([['p2', 'p3', 'p4'], 7])
  expect([[...outer.result.words], outer.result.until]).toEqual([['p3'], 7])
})

test('while changes aren’t heard of nothing counts as settled, and what was kept is forgotten', async () => {
  const { changes, database } = world.app
  const kept = changes.keeper<number>(1_000_000)
  kept.keep('one', 1, { words: new Set(['p1']), until: Infinity }, { bytes: 1, since: kept.mark() })
  await database.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query in ('listen hearth_changes', '')")
  await expect.poll(() => kept.get('one', 0)).toBeUndefined()
  await expect.poll(() => changes.settled(), { timeout: 20_000 }).toBe(true)
})
