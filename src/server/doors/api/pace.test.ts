import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApi } from '../../../../tests/api/door.ts'
import type { Answer, Api } from '../../../../tests/api/door.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import { createAccessToken } from '#server/domain/apps/index.ts'
import { openLimits } from '#server/platform/limits/index.ts'
import type { World } from '../../../../tests/world.ts'

let world: World
let api: Api
beforeAll(async () => {
  // A hundredth: three requests an address, fifteen a member, in five minutes.
  world = await openWorld({ HEARTH_RATE_LIMIT_SCALE: '0.01' })
  api = await openApi(world)
})
afterAll(async () => { await api.close(); await world.close() })
const left = ({ status, headers }: Answer) => [status, headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')]

test('an app reads how much is left, on errors too, and after that waits as it is told', async () => {
  const ada = await person(world.app, 'ada')
  const client = await api.as(ada)
  // Windows begin on the clock: all of this is in one of them.
  world.later(300_000 - world.app.now().getTime() % 300_000 + 1000)
  expect(left(await client('/api/v1/preferences'))).toEqual([200, '15', '14'])
  expect(left(await client('/api/v1/statuses/12'))).toEqual([404, '15', '13'])
  for (let at = 12; at >= 0; at--) expect(left(await client('/api/v1/preferences'))).toEqual([200, '15', String(at)])
  const slowed = await client('/api/v1/preferences')
  expect(left(slowed)).toEqual([429, '15', '0'])
  expect(slowed.json).toMatchObject({ error: expect.any(String) })
  expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(slowed.headers.get('access-control-allow-origin')).toBe('*')
  expect(Date.parse(slowed.headers.get('x-ratelimit-reset')!)).toBeGreaterThan(world.app.now().getTime())
  world.later(300_000)
  expect((await client('/api/v1/preferences')).status).toBe(200)
})

test('who tries tokens that are none is slowed by their address', async () => {
  world.later(300_000)
  const tried = []
  for (let at = 0; at < 5; at++) tried.push((await api.visitor({ path: '/api/v1/preferences', headers: { authorization: `Bearer guess${at}` } })).status)
  expect(tried).toEqual([401, 401, 401, 429, 429])
})

test('several processes count together: what one let through, the others know by the next request', async () => {
  world.later(300_000 - world.app.now().getTime() % 300_000 + 1000)
  const told: Promise<number>[] = []
  const limits = openLimits(world.app.database.queries, world.app.config.rateLimitScale)
  const process = () => openApi({ ...world, app: { ...world.app, caches: new Map(), config: { ...world.app.config, databaseUrl: 'postgres://elsewhere' }, limits: { ...limits, addUp: (...counted) => { const sum = limits.addUp(...counted); told.push(sum); return sum } } } })
  const [one, two] = [await process(), await process()]
  const token = (await createAccessToken(world.app, await person(world.app, 'ben'), 'read')).accessToken
  const seen: number[] = []
  for (const at of [one, two, one, two, one, two, one, two]) {
    seen.push(Number(left(await at.visitor({ path: '/api/v1/preferences', headers: { authorization: `Bearer ${token}` } }))[2]))
    await Promise.all(told)
  }
  await Promise.all([one.close(), two.close()])
  // The first request of a process knows nothing of the others yet.
  expect(seen).toEqual([14, 14, 13, 12, 11, 10, 9, 8])
})
