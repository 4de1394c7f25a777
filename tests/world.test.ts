import { expect, test } from 'vitest'
import { openWorld } from './world.ts'

test('a world has an empty, migrated database of its own', async () => {
  const world = await openWorld()
  const { rows } = await world.app.database.pool.query('select count(*)::int as n from accounts')
  expect(rows[0].n).toBe(0)
  await world.work()
  await world.close()
})
