import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import pg from 'pg'
import { openBus } from '../../src/server/platform/bus/index.ts'
import type { Bus, Signal } from '../../src/server/platform/bus/index.ts'
import { openWorld } from '../world.ts'
import type { World } from '../world.ts'
import { startNats, startRedis } from './programs.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world.close())

type Ear = { bus: Bus; heard: string[] }
async function join(address?: string): Promise<Ear> {
  const { database, log } = world.app
  const bus = await openBus({ connect: () => new pg.Client({ ...inject('postgres'), database: database.pool.options.database }), database, log, address })
  const heard: string[] = []
  bus.subscribe((signal) => heard.push('accountId' in signal ? signal.accountId : signal.type))
  return { bus, heard }
}
const say = ({ bus }: Ear, ...ids: string[]) => world.app.database.inTransaction((tx) => bus.publishAll(tx, ids.map((accountId): Signal => ({ type: 'account.changed', accountId }))))

test.each(['redis', 'nats'] as const)('over %s everybody hears each signal once, when it is committed, and while it is away by the database', { timeout: 60_000 }, async (kind) => {
  const start = { redis: startRedis, nats: startNats }[kind]
  let service = await start()
  const [one, two] = [await join(service.url), await join(service.url)]
  try {
    await say(one, '1', '2')
    await expect(world.app.database.inTransaction(async (tx) => {
      await one.bus.publish(tx, { type: 'account.changed', accountId: 'never' })
      throw new Error('it did not happen')
    })).rejects.toThrow('it did not happen')
    await say(two, '3')
    for (const ear of [one, two]) await expect.poll(() => ear.heard.filter((word) => word !== 'missed')).toEqual(['1', '2', '3'])

    await service.stop()
    await say(one, '4')
    for (const ear of [one, two]) await expect.poll(() => ear.heard.filter((word) => word !== 'missed').at(-1)).toBe('4')
    service = await start(service.port)
    // Until both are connected again some come this way and some that; each comes, and once.
    let at = 10
    await expect.poll(async () => {
      await say(two, String(at++))
      return carried(kind, service.port)
    }, { timeout: 20_000, interval: 100 }).toBe(true)
    const all = ['1', '2', '3', '4', ...Array.from({ length: at - 10 }, (_, n) => String(10 + n))]
    for (const ear of [one, two]) await expect.poll(() => ear.heard.filter((word) => word !== 'missed').toSorted((a, b) => Number(a) - Number(b))).toEqual(all)
  } finally {
    await Promise.all([one, two].map((ear) => ear.bus.close()))
    await service.stop()
  }
})

/** Does it carry again? Redis can be asked; NATS keeps nothing that would tell. */
async function carried(kind: 'redis' | 'nats', port: number): Promise<boolean> {
  if (kind === 'nats') return true
  const { createClient } = await import('@redis/client')
  const client = createClient({ url: `redis://127.0.0.1:${port}` })
  client.on('error', () => {})
  await client.connect()
  try { return await client.xLen('hearth') > 0 } finally { client.destroy() }
}

test('a process that starts while the bus is away runs all the same, and speaks with those who have another setting', async () => {
  const service = await startRedis()
  await service.stop()
  const [alone, plain] = [await join(service.url), await join()]
  await say(alone, '7')
  await say(plain, '8')
  for (const ear of [alone, plain]) await expect.poll(() => ear.heard.filter((word) => word !== 'missed')).toEqual(['7', '8'])
  await Promise.all([alone, plain].map((ear) => ear.bus.close()))
})
