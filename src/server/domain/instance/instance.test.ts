import { afterAll, beforeAll, expect, test } from 'vitest'
import fc from 'fast-check'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { worstContrast } from './colour.ts'
import * as instance from './index.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world?.close())

const admin = { id: '5', role: 'admin' } as const
const member = { id: '6', role: 'member' } as const

test('a fresh community has careful defaults', async () => {
  expect(await instance.readSettings(world.app)).toMatchObject({ name: 'Hearth', joinMode: 'approval', readMode: 'everyone', picturePolicy: 'allowed', defaultAudience: 'members', logoUrl: null })
})

test('an admin changes the settings and everybody reads the new ones; a member may not', async () => {
  await instance.changeSettings(world.app, admin, { name: '  Maple  Street ', joinMode: 'open' })
  expect(await instance.readSettings(world.app)).toMatchObject({ name: 'Maple Street', joinMode: 'open', readMode: 'everyone' })
  await expect(instance.changeSettings(world.app, member, { name: 'Mine' })).rejects.toMatchObject({ code: 'notAllowed' })
  await expect(instance.changeSettings(world.app, admin, { name: '', contactEmail: 'x' })).rejects.toMatchObject({ problems: [{ field: 'name', message: 'error.required' }, { field: 'contactEmail', message: 'error.badEmail' }] })
  expect((await instance.readSettings(world.app)).name).toBe('Maple Street')
})

test('any accent colour becomes one that can be read in both themes', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
    const colour = instance.readableAccent(`#${value.toString(16).padStart(6, '0')}`)
    expect(worstContrast(colour)).toBeGreaterThanOrEqual(4.5)
  }), { numRuns: 300 })
  expect(instance.readableAccent('#c2410c')).toBe('#c2410c')
})

test('rules are added, translated, moved and removed', async () => {
  const one = await instance.addRule(world.app, admin, { text: 'Be kind', translations: { ar: { text: 'كن لطيفًا' } } })
  const two = await instance.addRule(world.app, admin, { text: 'No spam' })
  await instance.moveRule(world.app, admin, two, -1)
  expect((await instance.rules(world.app, 'ar')).map((rule) => rule.text)).toEqual(['No spam', 'كن لطيفًا'])
  await instance.removeRule(world.app, admin, one)
  expect((await instance.rules(world.app)).map((rule) => rule.id)).toEqual([two])
  expect((await instance.rulesById(world.app, [one])).get(one)?.text).toBe('Be kind')
  await expect(instance.addRule(world.app, member, { text: 'Mine' })).rejects.toMatchObject({ code: 'notAllowed' })
  await expect(instance.addRule(world.app, admin, { text: ' ' })).rejects.toMatchObject({ code: 'form' })
})

test('an announcement shows in its time, in the reader’s language, safely', async () => {
  const hour = 3_600_000
  const reader = { id: '6', locale: 'ar' }
  const id = await instance.publishAnnouncement(world.app, admin, { text: 'Hi <script>x</script> https://example.org', translations: { ar: 'مرحبا' }, startsAt: new Date(Date.now() + hour), endsAt: new Date(Date.now() + 3 * hour) })
  expect(await instance.currentAnnouncements(world.app, reader)).toEqual([])
  world.later(2 * hour)
  expect(await instance.currentAnnouncements(world.app, reader)).toMatchObject([{ id, text: 'مرحبا' }])
  const [english] = await instance.currentAnnouncements(world.app, null, 'en')
  expect(english!.html).not.toContain('<script')
  expect(english!.html).toContain('href="https://example.org"')
  world.later(2 * hour)
  expect(await instance.currentAnnouncements(world.app, reader)).toEqual([])
  await instance.editAnnouncement(world.app, admin, id, { text: 'Now', emphasised: true })
  expect(await instance.currentAnnouncements(world.app, reader)).toMatchObject([{ text: 'Now', emphasised: true }])
  await instance.setAnnouncementPublished(world.app, admin, id, false)
  expect(await instance.currentAnnouncements(world.app, reader)).toEqual([])
})

test('the set-up link works once, and not after a newer one was made', async () => {
  const old = await instance.newSetUpToken(world.app)
  const token = await instance.newSetUpToken(world.app)
  await expect(instance.checkSetUpToken(world.app, old!)).rejects.toMatchObject({ code: 'notFound' })
  await instance.checkSetUpToken(world.app, token!)
  const both = await Promise.allSettled([1, 2].map(() => world.app.database.inTransaction((tx) => instance.takeSetUpToken(world.app, tx, token!))))
  expect(both.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await instance.isSetUp(world.app)).toBe(true)
  expect(await instance.newSetUpToken(world.app)).toBeNull()
})

test('the record is chained: many at once stay whole, a changed or missing row is found', async () => {
  await Promise.all(Array.from({ length: 12 }, (_, at) => world.app.database.inTransaction((tx) => instance.audit(world.app, tx, admin, 'test', { kind: 'account', id: String(at) }, { b: 1, a: 'x' }))))
  const whole = await instance.verifyAudit(world.app)
  expect(whole.brokenAt).toBeNull()
  expect(whole.rows).toBeGreaterThanOrEqual(12)
  const { items } = await instance.auditPage(world.app, { act: 'test' }, {})
  expect(items).toHaveLength(12)
  for (const statement of ["update audit_log set act = 'other'", 'delete from audit_log', 'truncate audit_log']) await expect(world.app.database.pool.query(statement)).rejects.toThrow('only added to')
  expect(await instance.verifyAudit(world.app)).toEqual(whole)
})

test('whoever has the database itself is found out: a changed row, a row that is missing, rows cut off after a head was noted', async () => {
  const pool = world.app.database.pool
  await instance.noteAuditHead(world.app)
  await instance.noteAuditHead(world.app)
  const head = (await instance.auditHead(world.app))!
  await world.app.database.inTransaction((tx) => instance.audit(world.app, tx, 'program', 'test.later', { kind: 'account', id: '1' }))
  const whole = await instance.verifyAudit(world.app, { head: head.hash })
  expect(whole).toMatchObject({ brokenAt: null, why: null, rows: head.rows + 1 })
  expect(await instance.verifyAudit(world.app, { head: 'ab'.repeat(32) })).toMatchObject({ why: 'head' })
  const { items } = await instance.auditPage(world.app, { act: 'test' }, {})
  await pool.query('alter table audit_log disable trigger audit_log_stays')
  await pool.query("update audit_log set act = 'test.other' where id = $1", [items[5]!.id])
  expect(await instance.verifyAudit(world.app)).toMatchObject({ brokenAt: items[5]!.id, why: 'changed' })
  await pool.query("update audit_log set act = 'test' where id = $1", [items[5]!.id])
  expect(await instance.verifyAudit(world.app)).toMatchObject({ brokenAt: null })
  await pool.query('delete from audit_log where id = $1', [head.id])
  expect(await instance.verifyAudit(world.app)).toMatchObject({ brokenAt: items[0]!.id, why: 'gap' })
  await pool.query('delete from audit_log where id >= $1', [head.id])
  expect(await instance.verifyAudit(world.app)).toMatchObject({ brokenAt: head.id, why: 'head' })
})
