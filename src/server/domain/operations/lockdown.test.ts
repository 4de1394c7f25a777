import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { auditPage, changeSettings, chosenSettings, readSettings, settingsChanged } from '../instance/index.ts'
import type { LockdownMode } from '../instance/index.ts'
import { schedulePost } from '../scheduled/index.ts'
import { openSession, viewerFromSession } from '../sessions/index.ts'
import { beginLockdown, endLockdown, gateOf, mustWait, passes } from './index.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world.close())

const locked = (mode: LockdownMode) => ({ mode, message: '', since: '', by: null })
const who = (mode: LockdownMode | null, method: string, path: string) => gateOf(mode && locked(mode), { method, path })

test('nothing is kept from anybody while nothing is locked', () => {
  for (const path of ['/', '/compose', '/api/v1/statuses', '/media/uploads']) expect(who(null, 'POST', path)).toBe('anybody')
})

test('in a closed community only owners pass, by whatever door; log-in, health and what authorities need stay open', () => {
  for (const path of ['/', '/@mara', '/api/v1/timelines/home', '/api/v1/streaming', '/live', '/media/files/x', '/media/uploads', '/oauth/token', '/feed', '/admin', '/signup']) for (const method of ['GET', 'POST']) expect([path, who('closed', method, path)]).toEqual([path, 'owners'])
  for (const path of ['/login', '/login/passkey', '/health/ready', '/_app/immutable/x.js', '/legal/contact', '/legal/order']) expect([path, who('closed', 'POST', path)]).toEqual([path, 'anybody'])
  for (const path of ['/loginx', '/legalese', '/healthy/../@mara']) expect(who('closed', 'GET', path)).not.toBe(path.startsWith('/health') ? 'nobody' : 'anybody')
})

test('in read-only days everybody reads; only staff write, and only on their own pages', () => {
  for (const path of ['/', '/@mara', '/api/v1/timelines/home', '/live', '/media/files/x']) expect(who('readonly', 'GET', path)).toBe('anybody')
  for (const path of ['/compose', '/act', '/api/v1/statuses', '/api/v1/statuses/1/favourite', '/media/uploads', '/settings/profile', '/report', '/signup', '/api/v1/accounts']) for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect([path, who('readonly', method, path)]).toEqual([path, 'nobody'])
  for (const path of ['/admin/desk/1', '/api/v1/admin/accounts/1/action']) expect(who('readonly', 'POST', path)).toBe('staff')
  for (const path of ['/login', '/logout', '/reset', '/oauth/token']) expect(who('readonly', 'POST', path)).toBe('anybody')
  expect([passes('staff', 'moderator'), passes('staff', 'member'), passes('staff', null), passes('owners', 'admin'), passes('owners', 'owner'), passes('nobody', 'owner')]).toEqual([true, false, false, false, true, false])
})

test('for members only: members go on, nobody joins', () => {
  for (const path of ['/compose', '/api/v1/statuses', '/media/uploads', '/login']) expect(who('members', 'POST', path)).toBe('anybody')
  for (const path of ['/signup', '/invite/abc', '/api/v1/accounts']) expect(who('members', 'POST', path)).toBe('nobody')
})

test('the owner locks and unlocks; everybody is signed out but this browser; each use is on record; settings are as chosen afterwards', async () => {
  const { app } = world
  const [owner, admin, mara] = [await person(app, 'owner', { role: 'owner' }), await person(app, 'admin', { role: 'admin' }), await person(app, 'mara')]
  await changeSettings(app, owner, { joinMode: 'open', readMode: 'everyone' })
  const [own, hers] = [await openSession(app, app.database.queries, owner.id, 'this browser'), await openSession(app, app.database.queries, mara.id, 'hers')]
  const keepSession = (await viewerFromSession(app, own.token))!.sessionId
  await expect(beginLockdown(app, admin, { mode: 'closed' })).rejects.toMatchObject({ code: 'notAllowed' })
  await expect(beginLockdown(app, owner, { mode: 'closed', message: 'x'.repeat(1001) })).rejects.toMatchObject({ code: 'form' })
  expect(await beginLockdown(app, owner, { mode: 'members', message: 'Somebody broke in.', signOut: true, keepSession })).toEqual({ sessions: 1, tokens: 0 })
  expect(await readSettings(app)).toMatchObject({ joinMode: 'closed', readMode: 'members', lockdown: { mode: 'members', message: 'Somebody broke in.', by: owner.id } })
  expect(await viewerFromSession(app, hers.token)).toBeNull()
  expect(await viewerFromSession(app, own.token)).not.toBeNull()
  // The form of settings shows what was chosen, so that saving it changes nothing by accident.
  expect(await chosenSettings(app)).toMatchObject({ joinMode: 'open', readMode: 'everyone' })
  expect(await endLockdown(app, 'command')).toBe(true)
  expect(await endLockdown(app, owner)).toBe(false)
  expect(await readSettings(app)).toMatchObject({ joinMode: 'open', readMode: 'everyone', lockdown: null })
  const acts = (await auditPage(app, { act: 'lockdown' }, {})).items
  expect(acts.map(({ act, actorId, actorKind }) => [act, actorId, actorKind])).toEqual([['lockdown.off', null, 'command'], ['lockdown.on', owner.id, 'account']])
  expect(acts[1]!.details).toMatchObject({ mode: 'members', signedOut: true, sessions: 1 })
})

test('another process hears of it at once', async () => {
  const { app } = world
  await readSettings(app)
  const heard = new Promise<void>((done) => { const stop = app.bus.subscribe((signal) => { if (signal.type === 'settings') { stop(); done() } }) })
  // As another process would: in the database, told by the bus.
  await app.database.inTransaction(async (tx) => {
    await tx.updateTable('instance_settings').set({ lockdown: JSON.stringify({ mode: 'readonly', message: '', since: '', by: null }) }).execute()
    await app.bus.publish(tx, { type: 'settings' })
  })
  await heard
  expect((await readSettings(app)).lockdown?.mode).toBe('readonly')
  // What a later Hearth may have written and this one can't read keeps everybody out, rather than nobody.
  await app.database.pool.query('update instance_settings set lockdown = $1', [JSON.stringify({ mode: 'staff', until: 5 })])
  settingsChanged(app)
  expect((await readSettings(app)).lockdown?.mode).toBe('closed')
  await endLockdown(app, 'command')
})

test('what would speak for members, or destroy something, waits until it is over; nothing of it is lost', async () => {
  const { app } = world
  const mara = await person(app, 'planner')
  await schedulePost(app, mara, { text: 'The ferry at noon', audience: 'members' }, new Date(app.now().getTime() + 3_600_000))
  await beginLockdown(app, 'command', { mode: 'readonly' })
  await app.database.pool.query("update graphile_worker._private_jobs set run_at = now() where task_id = (select id from graphile_worker._private_tasks where identifier = 'publishScheduled')")
  world.later(3_700_000)
  await world.work()
  const posts = async () => (await app.database.pool.query('select count(*)::int as n from posts where author_id = $1', [mara.id])).rows[0].n as number
  expect(await posts()).toBe(0)
  await endLockdown(app, 'command')
  await app.database.pool.query('update graphile_worker._private_jobs set run_at = now() where run_at > now()')
  await world.work()
  expect(await posts()).toBe(1)
  expect([mustWait(locked('members'), 'push'), mustWait(locked('closed'), 'event'), mustWait(locked('closed'), 'sweepVault')]).toEqual([false, false, true])
})
