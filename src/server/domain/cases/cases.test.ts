import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { categories, categoryFacts, categoryTree } from './categories.ts'
import { claimCase, claimMinutes, handOver, releaseCase } from './claim.ts'
import { usualMinutes } from './clocks.ts'
import { alarmDesk, deskQueue, tidyDesk } from './list.ts'
import { openCase } from './open.ts'
import { clockColour, priority, recordOf } from './priority.ts'
import type { Urgency } from './priority.ts'
import { selectCase } from './queries.ts'
import type { NewCase } from './types.ts'
import { addWordsOn } from './words.ts'

let world: World
let owner: Account, mod: Account, other: Account, amal: Account, ben: Account
beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'olga', { role: 'owner' })
  mod = await person(world.app, 'mona', { role: 'moderator' })
  other = await person(world.app, 'otto', { role: 'moderator' })
  amal = await person(world.app, 'amal')
  ben = await person(world.app, 'ben')
})
afterAll(() => world?.close())
const open = (given: NewCase) => world.app.database.inTransaction((tx) => openCase(world.app, tx, given))

const urgency = fc.record({ severity: fc.integer({ min: 0, max: 4 }), reach: fc.integer({ min: 0, max: 1e6 }), record: fc.double({ min: 0, max: 1, noNaN: true }), reports: fc.integer({ min: 1, max: 1000 }), elapsed: fc.integer({ min: 0, max: 1e6 }), allowed: fc.integer({ min: 5, max: 43_200 }) })
test('more of anything never makes a case less urgent, and what waits long enough comes before everything', () => {
  for (const part of ['severity', 'reach', 'record', 'reports', 'elapsed'] as const) {
    fc.assert(fc.property(urgency, urgency, (one, two) => {
      const [low, high]: [Urgency, Urgency] = one[part] <= two[part] ? [one, { ...one, [part]: two[part] }] : [{ ...one, [part]: two[part] }, one]
      expect(priority(high)).toBeGreaterThanOrEqual(priority(low))
    }))
  }
  fc.assert(fc.property(urgency, urgency, (mild, hard) => { expect(priority({ ...mild, elapsed: mild.allowed * 1e7 })).toBeGreaterThan(priority({ ...hard, elapsed: 0 })) }))
})

test('severity weighs more than how many said so', () => {
  const usual = { reach: 50, record: 0.5, elapsed: 0, allowed: 60 }
  expect(priority({ ...usual, severity: 4, reports: 1 })).toBeGreaterThan(priority({ ...usual, severity: 1, reports: 200 }))
})

test('somebody new is believed as a coin; being right raises, being wrong lowers', () => {
  expect(recordOf(0, 0)).toBe(0.5)
  fc.assert(fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 }), (right, wrong) => {
    const record = recordOf(right, right + wrong)
    expect(record).toBeGreaterThan(0)
    expect(record).toBeLessThan(1)
    expect(recordOf(right + 1, right + wrong + 1)).toBeGreaterThan(record)
    expect(recordOf(right, right + wrong + 1)).toBeLessThan(record)
  }))
})

test('the clock turns yellow in its last quarter and red at its end', () => {
  const at = (minutes: number) => new Date(minutes * 60_000)
  expect([10, 44, 46, 60].map((now) => clockColour(at(0), at(60), at(now)))).toEqual(['fine', 'fine', 'soon', 'late'])
})

/** The words of the EU's transparency database (StatementStoreRequest, V2) that a category may have. */
const dsaCategories = ['ANIMAL_WELFARE', 'CONSUMER_INFORMATION', 'CYBER_VIOLENCE', 'CYBER_VIOLENCE_AGAINST_WOMEN', 'DATA_PROTECTION_AND_PRIVACY_VIOLATIONS', 'ILLEGAL_OR_HARMFUL_SPEECH', 'INTELLECTUAL_PROPERTY_INFRINGEMENTS', 'NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS',
  'NOT_SPECIFIED_NOTICE', 'OTHER_VIOLATION_TC', 'PROTECTION_OF_MINORS', 'RISK_FOR_PUBLIC_SECURITY', 'SCAMS_AND_FRAUD', 'SELF_HARM', 'UNSAFE_AND_PROHIBITED_PRODUCTS', 'VIOLENCE']
test('every category stands in one group of the form, has the law’s word, and the hardest have the shortest clocks', () => {
  expect(categoryTree().flatMap((one) => one.categories).toSorted()).toEqual(categories.toSorted())
  for (const category of categories) expect(dsaCategories).toContain(categoryFacts(category).dsa)
  expect(usualMinutes[categoryFacts('child_safety').clock]).toBe(60)
  expect(categories.filter((one) => categoryFacts(one).unnamed)).toEqual(['child_safety'])
  for (const category of categories.filter((one) => categoryFacts(one).severity === 4)) expect(categoryFacts(category).hard).toBe(true)
  expect(categoryFacts('constructor').dsa).toBe('OTHER_VIOLATION_TC')
})

test('what is said twice is one case with a counter; the harder reading and the earlier clock win; what was seen first stays', async () => {
  const post = await createPost(world.app, amal, { text: 'unkind words', audience: 'members' })
  const first = await open({ source: 'report', accountId: amal.id, category: 'other', postIds: [post.id] })
  await world.app.database.pool.query('update posts set text = $1 where id = $2', ['kind words', post.id])
  const second = await open({ source: 'outside', accountId: amal.id, category: 'hatred', postIds: [post.id] })
  expect(second).toEqual({ caseId: first.caseId, fresh: false })
  const row = await selectCase(world.app.database.queries, first.caseId)
  expect(row).toMatchObject({ reports_count: 2, category: 'hatred', clock: 'illegal', severity: 3, evidence: { posts: [{ text: 'unkind words' }] } })
})

test('the same said ten times at once is still one case', async () => {
  const post = await createPost(world.app, ben, { text: 'hm', audience: 'members' })
  const made = await Promise.all(Array.from({ length: 10 }, () => open({ source: 'report', accountId: ben.id, category: 'spam', postIds: [post.id] })))
  expect(new Set(made.map((one) => one.caseId)).size).toBe(1)
  expect((await selectCase(world.app.database.queries, made[0]!.caseId))?.reports_count).toBe(10)
})

test('screening puts a hold on the desk beside the reports', async () => {
  const post = await createPost(world.app, ben, { text: 'greyword', audience: 'members' })
  const { caseId } = await open({ source: 'screening', accountId: ben.id, category: 'spam', postIds: [post.id], summary: 'Rule 3', details: { rule: 3 } })
  expect((await deskQueue(world.app, mod, { kind: 'hold' })).items).toMatchObject([{ id: caseId, kind: 'hold', summary: 'Rule 3', excerpt: 'greyword' }])
})

test('the database sorts as the formula says, also across pages', async () => {
  const { app } = world
  const seen: string[] = []
  for (let from: string | null = null; ;) {
    const page = await deskQueue(app, owner, { from, limit: 1 })
    seen.push(...page.items.map((one) => one.id))
    if (!page.next) break
    from = page.next
  }
  const rows = await Promise.all(seen.map((id) => selectCase(app.database.queries, id)))
  const now = app.now().getTime()
  const scores = rows.map((row) => priority({ severity: row!.severity, reach: row!.reach, record: row!.record, reports: row!.reports_count, elapsed: now - row!.created_at.getTime(), allowed: row!.due_at.getTime() - row!.created_at.getTime() }))
  expect(seen.length).toBe(3)
  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
})

test('a claim keeps others off, ends by itself, and can be handed to a colleague who hears of it', async () => {
  const { app, work } = world
  const { caseId } = await open({ source: 'report', accountId: ben.id, category: 'rule', subject: 'a profile' })
  await claimCase(app, mod, caseId)
  await expect(claimCase(app, other, caseId)).rejects.toMatchObject({ code: 'reportTaken' })
  await expect(releaseCase(app, other, caseId)).rejects.toMatchObject({ code: 'reportTaken' })
  await handOver(app, mod, caseId, other.id, 'You know him, @otto')
  await work()
  expect((await deskQueue(app, other, { mine: true })).items.map((one) => [one.id, one.handedToMe])).toEqual([[caseId, true]])
  const { rows } = await app.database.pool.query("select count(*)::int as count from notifications where account_id = $1 and data->>'words' = 'note'", [other.id])
  expect(rows[0].count).toBe(1)
  await claimCase(app, other, caseId)
  world.later((claimMinutes + 1) * 60_000)
  await claimCase(app, mod, caseId)
  await expect(claimCase(app, ben, caseId)).rejects.toMatchObject({ code: 'notAllowed' })
  await releaseCase(app, mod, caseId)
  const both = await Promise.allSettled([mod, other].map((who) => claimCase(app, who, caseId)))
  expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test('a moderator whom a case is about doesn’t hear of it: named in a note, handed it, or by its number', async () => {
  const { app, work } = world
  const { caseId } = await open({ source: 'report', accountId: other.id, category: 'rule', subject: 'otto himself' })
  await addWordsOn(app, mod, caseId, 'staff', 'This is about @otto, @olga')
  await expect(handOver(app, mod, caseId, other.id, '')).rejects.toMatchObject({ code: 'form' })
  for (const own of [() => claimCase(app, other, caseId), () => releaseCase(app, other, caseId), () => addWordsOn(app, other, caseId, 'staff', 'hm')]) await expect(own()).rejects.toMatchObject({ code: 'notFound' })
  await work()
  const { rows } = await app.database.pool.query("select account_id from notifications where data->>'caseId' = $1", [caseId])
  expect(rows.map((row) => row.account_id)).toEqual([owner.id])
})

test('somebody who hasn’t chosen hard things sees that they wait, never what they say', async () => {
  const post = await createPost(world.app, amal, { text: 'long live the Order of the Grey Triangle', audience: 'members' })
  const { caseId } = await open({ source: 'report', accountId: amal.id, category: 'terrorism', postIds: [post.id] })
  const line = (await deskQueue(world.app, mod)).items.find((one) => one.id === caseId || one.category === 'terrorism')
  expect(line).toMatchObject({ hidden: true, excerpt: '', account: null, summary: '' })
  expect((await deskQueue(world.app, owner)).items.find((one) => one.category === 'terrorism')).toMatchObject({ hidden: false, excerpt: expect.stringContaining('Grey Triangle') })
})

test('who asks to join stands on the desk until somebody answered, wherever they did', async () => {
  const { app } = world
  const nils = await person(app, 'nils', { state: 'pending' })
  await app.database.pool.query("update accounts set join_reason = 'please' where id = $1", [nils.id])
  await tidyDesk(app)
  await tidyDesk(app)
  expect((await deskQueue(app, mod, { kind: 'signup' })).items).toMatchObject([{ account: { username: 'nils' } }])
  await app.database.pool.query("update accounts set state = 'active' where id = $1", [nils.id])
  await tidyDesk(app)
  expect((await deskQueue(app, mod, { kind: 'signup' })).items).toEqual([])
})

test('when time runs out and nobody is on it, those who take such things on hear of it, once', async () => {
  const { app, work } = world
  const post = await createPost(app, amal, { text: 'hurry', audience: 'members' })
  const { caseId } = await open({ source: 'report', accountId: amal.id, category: 'child_safety', postIds: [post.id], subject: 'hurry' })
  const heard = async () => { await alarmDesk(app); await work(); return (await app.database.pool.query("select account_id from notifications where data->>'caseId' = $1 and data->>'words' = 'late'", [caseId])).rows.map((row) => row.account_id) }
  expect(await heard()).toEqual([])
  world.later(50 * 60_000)
  expect(await heard()).toEqual([owner.id])
  world.later(3_600_000)
  expect(await heard()).toEqual([owner.id])
})
