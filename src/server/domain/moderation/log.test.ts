import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { addWordsOn } from '#server/domain/cases/index.ts'
import * as instance from '#server/domain/instance/index.ts'
import * as moderation from './index.ts'

let world: World
let owner: Account, mod: Account, member: Account
beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'olga', { role: 'owner' })
  mod = await person(world.app, 'mona', { role: 'moderator' })
  member = await person(world.app, 'ben')
})
afterAll(() => world?.close())
const acts = async (ask: moderation.LogAsk) => (await moderation.auditLog(world.app, mod, ask)).items.map((line) => line.act)

test('each thing that an owner or moderator does leaves a row with who, what and on whom', async () => {
  const { app } = world
  let ruleId = ''
  const verbs: [string, () => Promise<unknown>][] = [
    ['settings.change', () => instance.changeSettings(app, owner, { name: 'Harbour' })],
    ['rule.add', async () => { ruleId = await instance.addRule(app, owner, { text: 'Be kind' }) }],
    ['rule.change', () => instance.changeRule(app, owner, ruleId, { text: 'Be kinder' })],
    ['announcement.publish', () => instance.publishAnnouncement(app, owner, { text: 'Hello' })],
    ['text.write', () => instance.writeInstanceText(app, owner, 'about', { text: 'Our story' })],
    ['role.change', () => moderation.changeRole(app, owner, member.id, 'moderator')],
    ['role.change', () => moderation.changeRole(app, owner, member.id, 'member')],
    ['decision.warn', () => moderation.decide(app, mod, { accountId: member.id }, { act: 'warn', reason: 'Be kinder', ruleId })],
    ['decision.suspend', () => moderation.decide(app, mod, { accountId: member.id }, { act: 'suspend', reason: 'Again', ruleId })],
    ['decision.unsuspend', () => moderation.decide(app, mod, { accountId: member.id }, { act: 'unsuspend' })],
    ['record.export', async () => { for await (const page of await moderation.exportLog(app, owner, {})) expect(page.length).toBeGreaterThan(0) }],
  ]
  for (const [act, verb] of verbs) {
    const before = (await instance.verifyAudit(app)).rows
    await verb()
    const { items } = await instance.auditPage(app, {}, { limit: 1 })
    expect([act, items[0]?.act, items[0]?.actorId === null]).toEqual([act, act, false])
    expect((await instance.verifyAudit(app)).rows).toBe(before + 1)
  }
  expect(await instance.verifyAudit(app)).toMatchObject({ brokenAt: null })
})

test('a row says in which role, and marks from where: the same address the same, and no address to be read', async () => {
  const { app } = world
  const rule = (address: string) => app.place.from(() => null, () => instance.addRule(app, owner, { text: `Be kind at ${address.length}` }), address)
  for (const address of ['192.0.2.7', '192.0.2.7', '2001:db8::7']) await rule(address)
  await instance.addRule(app, owner, { text: 'From nowhere' })
  const rows = (await instance.auditPage(app, { act: 'rule.add' }, { limit: 4 })).items.map((row) => row.details).toReversed()
  expect(rows.map((row) => row.as)).toEqual(['owner', 'owner', 'owner', 'owner'])
  const [one, again, other, none] = rows.map((row) => row.address)
  expect([one === again, one === other, none]).toEqual([true, false, undefined])
  expect(one).toMatch(/^[0-9a-f]{12}$/)
  expect(await instance.verifyAudit(app)).toMatchObject({ brokenAt: null })
})

test('the record is searched by who did it, whom it was about, what, and when', async () => {
  expect(await acts({ by: 'mona' })).toEqual(['decision.unsuspend', 'decision.suspend', 'decision.warn'])
  expect(await acts({ about: '@ben', act: 'role' })).toEqual(['role.change', 'role.change'])
  expect(await acts({ act: 'decision.s' })).toEqual(['decision.suspend'])
  expect(await acts({ by: 'nobody-at-all' })).toEqual([])
  expect(await acts({ by: 'program' })).toEqual([])
  const today = world.app.now().toISOString().slice(0, 10)
  expect((await acts({ from: today, to: today })).length).toBeGreaterThan(8)
  expect(await acts({ to: '2020-01-01' })).toEqual([])
  expect(await acts({ from: 'garbage', to: '9999-99-99' })).toContain('decision.warn')
  await expect(moderation.auditLog(world.app, member, {})).rejects.toMatchObject({ code: 'notAllowed' })
  await expect(moderation.exportLog(world.app, mod, {})).rejects.toMatchObject({ code: 'notAllowed' })
})

test('whoever moderates and is reported finds nothing of it in the record, nor in what they take out of it', async () => {
  const { app } = world
  const ana = await person(app, 'ana', { role: 'admin' })
  const reportId = await moderation.makeReport(app, member, { accountId: ana.id, category: 'harassment', comment: 'She was rude' })
  const { rows: [{ case_id: caseId }] } = await app.database.pool.query('select case_id from reports where id = $1', [reportId])
  await moderation.sortReport(app, mod, reportId, { category: 'rule', ruleId: null })
  await addWordsOn(app, mod, caseId, 'staff', 'I know her')
  await moderation.setTrustedFlagger(app, ana, member.id, true)
  const of = async (who: Account) => (await moderation.auditLog(app, who, {})).items.filter((row) => row.subjectId === reportId || row.caseId === caseId).map((row) => row.act)
  expect([await of(mod), await of(owner), await of(ana)]).toEqual([['case.note', 'report.sort'], ['case.note', 'report.sort'], []])
  expect((await moderation.auditLog(app, ana, { caseId })).items).toEqual([])
  // What she did herself, and what was done to her openly, she sees.
  expect((await moderation.auditLog(app, ana, { by: 'ana' })).items.map((row) => row.act)).toEqual(['flagger.trust'])
  const rows: (instance.AuditEntry & { previousHash: string; hash: string })[] = []
  for await (const page of await moderation.exportLog(app, ana, {})) rows.push(...page)
  expect(rows.filter((row) => row.act === 'withheld').map(({ subjectId, actorId, details }) => [subjectId, actorId, details])).toEqual([['', null, {}], ['', null, {}]])
  expect(JSON.stringify(rows)).not.toContain(caseId)
  // The chain is there all the same.
  expect(rows.slice(1).every((row, at) => row.previousHash === rows[at]!.hash)).toBe(true)
})

test('a letter that could not be sent is sent again by those who run the place, once each time; one that went out is not', async () => {
  const app = { ...world.app, mailer: { ...world.app.mailer, sends: true } }
  await app.database.inTransaction((tx) => app.mailer.post(tx, { to: 'ben@example.org', subject: 'Welcome', text: 'Hello', kind: 'other' as never }))
  const [letter] = (await moderation.outbox(world.app, owner)).items
  const put = (state: string) => app.database.pool.query('update outbox_mails set state = $2, error = $3 where id = $1', [letter!.id, state, 'no such box'])
  const jobs = async () => (await app.database.pool.query("select count(*)::int as n from graphile_worker.jobs where key = $1", [`mail-again-${letter!.id}`])).rows[0].n as number
  await put('failed')
  await expect(moderation.sendAgain(app, mod, letter!.id)).rejects.toMatchObject({ code: 'notAllowed' })
  await expect(moderation.sendAgain(world.app, owner, letter!.id)).rejects.toMatchObject({ code: 'noMailServer' })
  expect(await jobs()).toBe(0)
  await moderation.sendAgain(app, owner, letter!.id)
  expect([await jobs(), (await moderation.outbox(app, owner)).items[0]]).toMatchObject([1, { state: 'queued' }])
  await put('sent')
  await expect(moderation.sendAgain(app, owner, letter!.id)).rejects.toMatchObject({ code: 'notFound' })
  expect(await acts({ act: 'mail.again' })).toEqual(['mail.again'])
})

/** Acts of staff that change nothing for anybody else, or that are written down elsewhere. */
const elsewhere = /(cases\/(list|habits|staff|index)|desk\/practice|screening\/dry-run|hashes\/try|media\/overview|trust\/standing|operations\/lockdown)\.ts$/

test('no file that asks for a role and then writes goes without the record', () => {
  const folder = join(import.meta.dirname, '..')
  const files = readdirSync(folder, { recursive: true }).map(String).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !elsewhere.test(file))
  const silent = files.filter((file) => { const text = readFileSync(join(folder, file), 'utf8'); return /demand(Staff|Admin|Owner)\(/.test(text) && text.includes('inTransaction(') && !/\b(audit|noted?)\(app, tx/.test(text) })
  expect(silent).toEqual([])
})
