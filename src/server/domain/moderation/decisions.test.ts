import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { deskQueue } from '#server/domain/cases/index.ts'
import { addRule, verifyAudit } from '#server/domain/instance/index.ts'
import { createPost, purgeDeletedPosts, removePost, seePost } from '#server/domain/posts/index.ts'
import { closeAccount } from '#server/domain/sessions/index.ts'
import * as moderation from './index.ts'
import { misuseStep, reporterStep } from './strikes.ts'

let world: World
let owner: Account, admin: Account, mod: Account, amal: Account, ben: Account
let ruleId: string
beforeAll(async () => {
  world = await openWorld()
  const { app } = world
  owner = await person(app, 'olga', { role: 'owner' })
  admin = await person(app, 'adam', { role: 'admin' })
  mod = await person(app, 'mona', { role: 'moderator' })
  amal = await person(app, 'amal', { displayName: 'Amal' })
  ben = await person(app, 'ben')
  ruleId = await addRule(app, owner, { text: 'Be kind' })
})
afterAll(() => world?.close())
const reasons = () => ({ reason: 'This hurts people.', ruleId })
const write = (author: Account, text: string) => createPost(world.app, author, { text, audience: 'members' })
const whole = async (id: string) => (await world.app.database.pool.query('select state, suspended_until, frozen_at, display_name, bio, posts_count, cover_media_id, avatar_state from accounts where id = $1', [id])).rows[0]
const posts = async (id: string) => (await world.app.database.pool.query('select id, state, sensitive, warning, deleted_at from posts where author_id = $1 order by id', [id])).rows

test('several posts are decided at once, and one step brings all of them back as they were', async () => {
  const { app } = world
  const some = [await write(amal, 'one'), await write(amal, 'two'), await write(amal, 'three')]
  const before = [await whole(amal.id), await posts(amal.id)]
  const id = await moderation.decide(app, mod, { accountId: amal.id }, { act: 'remove_post', postIds: some.map((one) => one.id), ...reasons() })
  expect((await whole(amal.id)).posts_count).toBe(0)
  await moderation.undoDecision(app, mod, id)
  expect([await whole(amal.id), await posts(amal.id)]).toEqual(before)
  expect((await moderation.decisionsAboutMe(app, amal)).items).toEqual([])
  await expect(moderation.undoDecision(app, mod, id)).rejects.toMatchObject({ code: 'alreadySo' })
})

test.each([['mark_sensitive', {}], ['label', { label: 'Disputed' }], ['limit', {}], ['suspend', {}], ['freeze', {}], ['clear_profile', {}], ['warn', {}]] as const)('what %s changed is as it was after it is taken back, and after it is overturned', async (act, more) => {
  const { app } = world
  const post = await write(amal, `for ${act}`)
  const before = [await whole(amal.id), await posts(amal.id)]
  const on = { accountId: amal.id, postId: act === 'mark_sensitive' || act === 'label' ? post.id : null }
  const first = await moderation.decide(app, admin, on, { act, ...more, ...reasons() })
  await moderation.undoDecision(app, admin, first)
  expect([await whole(amal.id), await posts(amal.id)]).toEqual(before)
  const second = await moderation.decide(app, admin, on, { act, ...more, ...reasons() })
  world.later(10 * 60_000)
  await expect(moderation.undoDecision(app, admin, second)).rejects.toMatchObject({ code: 'undoTooLate' })
  await app.database.inTransaction((tx) => moderation.reverseDecision(app, tx, admin, second, { reason: 'We were wrong', byAppeal: false }))
  expect([await whole(amal.id), await posts(amal.id)]).toEqual(before)
  await removePost(app, amal, post.id)
})

test('what counts stops counting when it is overturned, and with time', async () => {
  const { app } = world
  const cleo = await person(app, 'cleo')
  const warned = await moderation.decide(app, mod, { accountId: cleo.id }, { act: 'warn', ...reasons() })
  await moderation.decide(app, mod, { accountId: cleo.id }, { act: 'limit', ...reasons(), endsAt: new Date(app.now().getTime() + 86_400_000) })
  expect(await moderation.strikesOf(app, cleo.id)).toEqual({ weight: 3, warned: true })
  await app.database.inTransaction((tx) => moderation.reverseDecision(app, tx, mod, warned, { reason: 'Sorry', byAppeal: true }))
  expect((await moderation.strikesOf(app, cleo.id)).weight).toBe(2)
  world.later(2 * 86_400_000)
  await moderation.liftEndedSuspensions(app)
  expect((await findAccount(app, cleo.id))?.state).toBe('active')
  world.later(200 * 86_400_000)
  expect((await moderation.strikesOf(app, cleo.id)).weight).toBe(0)
})

test('more misuse never suggests less, and the first thing is always a warning', () => {
  const order = [null, 'warn', 'limit', 'suspend']
  fc.assert(fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }), fc.boolean(), (a, b, warned) => {
    const [less, more] = [misuseStep({ weight: Math.min(a, b), warned }), misuseStep({ weight: Math.max(a, b), warned })]
    expect(order.indexOf(more.act)).toBeGreaterThanOrEqual(order.indexOf(less.act))
    if (less.act === more.act) expect(more.days).toBeGreaterThanOrEqual(less.days)
    if (!warned) expect([null, 'warn']).toContain(more.act)
  }))
  fc.assert(fc.property(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }), (upheld, wrong) => {
    const record = { decided: upheld + wrong, upheld }
    expect(reporterStep({ ...record, warned: false })).not.toBe('pause')
    if (upheld * 5 > record.decided) expect(reporterStep({ ...record, warned: true })).toBe('none')
  }))
})

test('a frozen account is unreachable, and nothing of it can be deleted until the freeze ends', async () => {
  const { app } = world
  const dora = await person(app, 'dora')
  const [kept, gone] = [await write(dora, 'kept'), await write(dora, 'deleted before')]
  await removePost(app, dora, gone.id)
  await moderation.decide(app, mod, { accountId: dora.id }, { act: 'freeze', ...reasons() })
  await expect(seePost(app, ben, kept.id)).rejects.toMatchObject({ code: 'notFound' })
  world.later(60 * 86_400_000)
  await purgeDeletedPosts(app)
  expect(await posts(dora.id)).toHaveLength(2)
  await expect(app.database.inTransaction((tx) => closeAccount(app, tx, dora.id))).rejects.toMatchObject({ code: 'accountFrozen' })
  await expect(moderation.decide(app, mod, { accountId: dora.id }, { act: 'unsuspend' })).rejects.toMatchObject({ code: 'alreadySo' })
  await moderation.liftEndedSuspensions(app)
  await moderation.decide(app, mod, { accountId: dora.id }, { act: 'unfreeze' })
  expect((await seePost(app, ben, kept.id)).text).toBe('kept')
})

test('a text with something left open is never sent', async () => {
  const { app } = world
  expect(moderation.fillPlaceholders('Dear {name}, {rule}', { name: 'Amal' })).toBe('Dear Amal, {rule}')
  await expect(moderation.decide(app, mod, { accountId: amal.id }, { act: 'warn', reason: 'Dear {name}', ruleId })).rejects.toMatchObject({ problems: [{ field: 'reason', message: 'error.placeholderLeft' }] })
  fc.assert(fc.property(fc.string(), (text) => { expect(moderation.openPlaceholders(moderation.fillPlaceholders(text.replace(/[{}]/g, ''), {}))).toEqual([]) }))
})

test('closing an account for good needs a second person who may; who proposed can’t say yes themselves', async () => {
  const { app } = world
  const eva = await person(app, 'eva')
  await moderation.makeReport(app, ben, { accountId: eva.id, category: 'spam', subjects: ['profile', 'avatar'] })
  const caseId = (await deskQueue(app, admin)).items.find((one) => one.account?.username === 'eva')!.id
  await expect(moderation.decide(app, mod, { caseId }, { act: 'delete_account', ...reasons() })).rejects.toMatchObject({ code: 'notAllowedOnThem' })
  await expect(moderation.decide(app, admin, { caseId }, { act: 'delete_account', ...reasons() })).rejects.toMatchObject({ code: 'secondNeeded' })
  expect(await moderation.decideOrPropose(app, admin, caseId, { act: 'delete_account', ...reasons() })).toEqual({ decisionId: null })
  await expect(moderation.answerProposal(app, admin, caseId, 'yes', '')).rejects.toMatchObject({ code: 'secondIsYou' })
  await expect(moderation.answerProposal(app, mod, caseId, 'yes', '')).rejects.toMatchObject({ code: 'notAllowedOnThem' })
  await moderation.answerProposal(app, owner, caseId, 'yes', '')
  expect((await findAccount(app, eva.id))?.state).toBe('deleted')
})

test('the statement has the fields of the EU’s transparency database, without personal data', async () => {
  const { app } = world
  const post = await write(ben, 'ben says his telephone number')
  await moderation.makeReport(app, amal, { postIds: [post.id], category: 'hatred', door: 'illegal', law: 'Section 1' })
  const caseId = (await deskQueue(app, mod)).items.find((one) => one.account?.username === 'ben')!.id
  const id = await moderation.decide(app, mod, { caseId }, { act: 'remove_post', reason: 'Ben, this is hatred.', ground: 'law', law: 'Section 1', explanation: 'It calls for harm.', territory: ['de', 'FR'] })
  const { rows } = await app.database.pool.query('select * from decisions where id = $1', [id])
  const statement = moderation.dsaStatement(rows[0], '')!
  expect(statement).toMatchObject({
    decision_visibility: ['DECISION_VISIBILITY_CONTENT_DISABLED'], decision_ground: 'DECISION_GROUND_ILLEGAL_CONTENT', illegal_content_legal_ground: 'Section 1', illegal_content_explanation: 'It calls for harm.',
    category: 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH', category_specification: ['KEYWORD_HATE_SPEECH'], territorial_scope: ['DE', 'FR'], source_type: 'SOURCE_ARTICLE_16', automated_detection: 'No', automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED', puid: `hearth-${id}`,
  })
  expect(JSON.stringify(statement)).not.toMatch(/ben|telephone|amal/i)
  expect(moderation.dsaStatement({ ...rows[0], act: 'warn' }, '')).toBeNull()
})

test('who reports often without ground is warned, then not heard for a while, but always about children', async () => {
  const { app } = world
  const finn = await person(app, 'finn')
  for (const text of ['a', 'b']) await moderation.makeReport(app, finn, { postIds: [(await write(amal, text)).id], category: 'spam' })
  await expect(moderation.stepAgainstReporter(app, mod, finn.id, 'pause', 'No')).rejects.toMatchObject({ problems: [{ field: 'step' }] })
  await moderation.stepAgainstReporter(app, mod, finn.id, 'warn', 'Please look twice.')
  await moderation.stepAgainstReporter(app, mod, finn.id, 'pause', 'Again.')
  const more = await write(amal, 'c')
  await expect(moderation.makeReport(app, finn, { postIds: [more.id], category: 'spam' })).rejects.toMatchObject({ code: 'reportsPaused' })
  await moderation.makeReport(app, finn, { postIds: [more.id], category: 'child_safety' })
  expect(await moderation.ownReporting(app, finn)).toMatchObject({ reason: 'Again.', pausedUntil: expect.any(String) })
  expect(await moderation.invalidateReportsOf(app, mod, finn.id)).toBeGreaterThan(0)
  expect(await moderation.reporterRecord(app, mod, finn.id)).toMatchObject({ open: 0, upheld: 0 })
  expect(await verifyAudit(app)).toMatchObject({ brokenAt: null })
})

test('two moderators at once decide a case once', async () => {
  const { app } = world
  const post = await write(amal, 'at once')
  const gina = await person(app, 'gina')
  const reportId = await moderation.makeReport(app, gina, { postIds: [post.id], category: 'spam' })
  const both = await Promise.allSettled([mod, admin].map((who) => moderation.decide(app, who, { reportId }, { act: 'warn', ...reasons() })))
  expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test('a letter about a decision goes out when it can’t be taken back any more, in the member’s language, and none about a slip', async () => {
  const { app, work } = world
  const hugo = await person(app, 'hugo')
  await app.database.pool.query("update accounts set locale = 'ar' where id = $1", [hugo.id])
  await app.database.pool.query("insert into credentials (account_id, email, email_key, email_confirmed_at) values ($1, 'hugo@example.org', 'hugo@example.org', now())", [hugo.id])
  const letters = async () => (await app.database.pool.query("select subject, body_text from outbox_mails where to_address = 'hugo@example.org' order by id")).rows
  const slip = await moderation.decide(app, mod, { accountId: hugo.id }, { act: 'warn', ...reasons() })
  await work()
  await moderation.undoDecision(app, mod, slip)
  const meant = await moderation.decide(app, mod, { accountId: hugo.id }, { act: 'warn', ...reasons() })
  await work()
  for (const id of [slip, meant]) await moderation.mailDecision(app, id)
  const [letter, ...more] = await letters()
  expect(more).toEqual([])
  expect(letter.subject).toMatch(/قرار/)
  expect(letter.body_text).toContain(`/standing/${meant}`)
  expect(letter.body_text).not.toContain('This hurts people.')
})
