import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { beginLockdown, endLockdown } from '#server/domain/operations/index.ts'
import { running } from './doctor.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world?.close())

const found = async () => Object.fromEntries((await running(world.app)).map((one) => [one.check, [one.state, one.found]]))
const minute = (process: string, roles: string, version: string) => world.app.database.pool.query(`insert into health_minutes (at, process, roles, version, started_at, requests, refused, errors, latency, jobs, jobs_failed, mails, mails_failed, memory, loop_lag, streams, connections_waiting)
  values (date_trunc('minute', $4::timestamptz), $1, $2, $3, $4, 0, 0, 0, '{}', 0, 0, 0, 0, 0, 0, 0, 0)`, [process, roles, version, world.app.now()])

test('the doctor names what nobody sees otherwise: no worker, two versions, letters that failed, a lockdown', async () => {
  const { app } = world
  expect(await found()).toMatchObject({ processes: ['note', expect.any(String)], jobs: ['ok', expect.any(String)] })
  await minute('one', 'web', '0.1.0')
  expect((await found()).processes).toEqual(['bad', '1 with pages, 0 with jobs'])
  await minute('two', 'worker', '0.1.0')
  const well = await found()
  expect(well.processes).toEqual(['ok', '1 with pages, 1 with jobs'])
  expect([well.letters, well.lockdown]).toEqual([undefined, undefined])
  await minute('three', 'web', '0.2.0')
  expect((await found()).processes).toEqual(['bad', '2 with pages, 1 with jobs, of versions 0.1.0 and 0.2.0'])
  await app.database.pool.query("insert into outbox_mails (id, to_address, subject, body_text, kind, state) values ($1, 'a@example.org', 'Hello', 'Hello', 'other', 'failed')", [app.newId()])
  await beginLockdown(app, 'command', { mode: 'readonly' })
  expect(await found()).toMatchObject({ letters: ['note', '1 could not be sent'], lockdown: ['note', expect.stringContaining('readonly since')] })
  await endLockdown(app, 'command')
})
