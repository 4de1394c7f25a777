import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { deskQueue, wordsOn } from '#server/domain/cases/index.ts'
import { addRule, verifyAudit } from '#server/domain/instance/index.ts'
import { decide, decisionsAboutMe, makeNotice, makeReport, noticeOf, reportsByMe } from '#server/domain/moderation/index.ts'
import { notificationGroups } from '#server/domain/notifications/index.ts'
import { createPost, likePost, removePost, seePost } from '#server/domain/posts/index.ts'
import { follow } from '#server/domain/relationships/index.ts'
import { appealDecision, appealNotice, appealOnDesk, appealReport, appealsTo, decideAppeal, sayOnDecision } from './index.ts'

let world: World
let owner: Account, mod: Account, other: Account, amal: Account, ben: Account
let ruleId: string
beforeAll(async () => {
  world = await openWorld()
  const { app } = world
  owner = await person(app, 'olga', { role: 'owner' })
  mod = await person(app, 'mona', { role: 'moderator' })
  other = await person(app, 'otto', { role: 'moderator' })
  amal = await person(app, 'amal')
  ben = await person(app, 'ben')
  ruleId = await addRule(app, owner, { text: 'Be kind' })
})
afterAll(() => world?.close())
const reasons = () => ({ reason: 'This hurts people.', ruleId })
const appealCase = async () => (await deskQueue(world.app, owner, { kind: 'appeal' })).items[0]!

test('an author objects, somebody else overturns it, and everything is as it was: the post, its likes, the counts and the notices', async () => {
  const { app, work } = world
  const post = await createPost(app, amal, { text: 'a harmless riddle', audience: 'members' })
  await likePost(app, ben, post.id)
  await work()
  const before = { posts: (await findAccount(app, amal.id))!, seen: await seePost(app, ben, post.id), notices: (await notificationGroups(app, amal, {}, 'all')).items.filter((one) => one.kind === 'like').length }
  const decisionId = await decide(app, mod, { accountId: amal.id, postId: post.id }, { act: 'remove_post', ...reasons() })
  await work()
  await expect(seePost(app, ben, post.id)).rejects.toMatchObject({ code: 'notFound' })
  await expect(appealDecision(app, ben, decisionId, 'Not mine')).rejects.toMatchObject({ code: 'notFound' })
  await appealDecision(app, amal, decisionId, 'It is only a riddle')
  await expect(appealDecision(app, amal, decisionId, 'Again')).rejects.toMatchObject({ code: 'appealMade' })
  const line = await appealCase()
  expect(line).toMatchObject({ summary: 'It is only a riddle', account: { username: 'amal' } })
  expect((await appealOnDesk(app, mod, line.id))?.notYours).toBe(true)
  await expect(decideAppeal(app, mod, line.id, { outcome: 'upheld', words: 'No' })).rejects.toMatchObject({ code: 'appealNotYours' })
  await decideAppeal(app, other, line.id, { outcome: 'overturned', words: 'You are right, it is a riddle.' })
  await work()
  expect((await seePost(app, ben, post.id))).toMatchObject({ text: 'a harmless riddle', likesCount: before.seen.likesCount })
  expect((await notificationGroups(app, amal, {}, 'all')).items.filter((one) => one.kind === 'like')).toHaveLength(before.notices)
  const { rows } = await app.database.pool.query('select posts_count from accounts where id = $1', [amal.id])
  expect(rows[0].posts_count).toBe(1)
  expect((await appealsTo(app, { decisionIds: [decisionId] })).get(decisionId)).toMatchObject({ state: 'overturned', answer: 'You are right, it is a riddle.', alone: false })
  expect((await decisionsAboutMe(app, amal)).items.find((one) => one.id === decisionId)?.reversed).toBe(true)
})

test('an objection that is right in part: the removal is gone, something milder stands on the same rule, and may be objected to again', async () => {
  const { app, work } = world
  const post = await createPost(app, amal, { text: 'a rough riddle', audience: 'members' })
  const decisionId = await decide(app, mod, { accountId: amal.id, postId: post.id }, { act: 'remove_post', ...reasons() })
  await appealDecision(app, amal, decisionId, 'It is only rough')
  const { id } = await appealCase()
  const answer = (instead: { act: string; label?: string }) => decideAppeal(app, other, id, { outcome: 'partly', words: 'Rough, but it may stay.', instead })
  await expect(answer({ act: 'suspend' })).rejects.toMatchObject({ problems: [{ field: 'instead' }] })
  await expect(answer({ act: 'label' })).rejects.toMatchObject({ problems: [{ field: 'label' }] })
  await expect(seePost(app, ben, post.id)).rejects.toMatchObject({ code: 'notFound' })
  await answer({ act: 'label', label: 'Rough' })
  await work()
  expect(await seePost(app, ben, post.id)).toMatchObject({ text: 'a rough riddle', label: 'Rough' })
  expect((await appealsTo(app, { decisionIds: [decisionId] })).get(decisionId)).toMatchObject({ state: 'partly' })
  const [milder] = (await decisionsAboutMe(app, amal)).items
  expect(milder).toMatchObject({ act: 'label', ground: 'rule', reason: 'Rough, but it may stay.', appealUntil: expect.any(String) })
  await appealDecision(app, amal, milder!.id, 'Not even rough')
  await decideAppeal(app, owner, (await appealCase()).id, { outcome: 'overturned', words: 'Indeed.' })
  expect((await seePost(app, ben, post.id)).label).toBe('')
  await removePost(app, amal, post.id)
})

test('a suspension that went on too long is made shorter', async () => {
  const { app } = world
  const now = app.now().getTime()
  const day = 86_400_000
  const decisionId = await decide(app, mod, { accountId: ben.id }, { act: 'suspend', ...reasons(), endsAt: new Date(now + 30 * day) })
  await appealDecision(app, (await findAccount(app, ben.id))!, decisionId, 'So long?')
  const { id } = await appealCase()
  const answer = (days: number) => decideAppeal(app, other, id, { outcome: 'partly', words: 'A week is enough.', instead: { act: 'suspend', endsAt: new Date(now + days * day) } })
  await expect(answer(60)).rejects.toMatchObject({ problems: [{ field: 'endsAt' }] })
  await answer(7)
  const { rows } = await app.database.pool.query('select state, suspended_until from accounts where id = $1', [ben.id])
  expect(rows[0]).toEqual({ state: 'suspended', suspended_until: new Date(now + 7 * day) })
  await decide(app, owner, { accountId: ben.id }, { act: 'unsuspend' })
})

test('a suspension that is overturned ends, and counts no more', async () => {
  const { app } = world
  await follow(app, ben, amal.id)
  const decisionId = await decide(app, mod, { accountId: amal.id }, { act: 'suspend', ...reasons() })
  await appealDecision(app, (await findAccount(app, amal.id))!, decisionId, 'Please')
  await decideAppeal(app, owner, (await appealCase()).id, { outcome: 'overturned', words: 'We were wrong.' })
  expect((await findAccount(app, amal.id))?.state).toBe('active')
  const { rows } = await app.database.pool.query("select (select count(*)::int from follows where followed_id = $1 and state = 'accepted') as followers, (select coalesce(sum(strike), 0)::int from decisions where account_id = $1 and reversed_by_id is null) as strikes", [amal.id])
  expect(rows[0]).toEqual({ followers: 1, strikes: 0 })
})

test('who reported and was turned down may object; then it is looked at again', async () => {
  const { app } = world
  const post = await createPost(app, amal, { text: 'hm', audience: 'members' })
  const reportId = await makeReport(app, ben, { postIds: [post.id], category: 'harassment' })
  await decide(app, mod, { reportId }, { act: 'dismiss', reason: 'We see nothing in it.' })
  expect((await reportsByMe(app, ben)).items[0]).toMatchObject({ state: 'dismissed', appealUntil: expect.any(String) })
  await appealReport(app, ben, reportId, 'Look at the second line')
  await decideAppeal(app, other, (await appealCase()).id, { outcome: 'overturned', words: 'We look again.' })
  expect((await reportsByMe(app, ben)).items[0]).toMatchObject({ state: 'open' })
  expect((await deskQueue(app, mod, { kind: 'report' })).items.some((one) => one.excerpt === 'hm')).toBe(true)
})

test('an outsider sends a notice without an account, sees what came of it by its secret, and objects', async () => {
  const { app, work } = world
  const post = await createPost(app, amal, { text: 'a stolen poem', audience: 'public' })
  const from = { address: '192.0.2.1', locale: 'ar' as const }
  const draft = { addresses: `${app.config.publicUrl}/@amal/${post.id}`, category: 'copyright', reasons: 'It is mine', law: '', name: 'Rana', email: 'rana@example.org', goodFaith: true }
  await expect(makeNotice(app, { ...draft, name: '', email: '', goodFaith: false }, from)).rejects.toMatchObject({ problems: [{ field: 'name' }, { field: 'email' }, { field: 'goodFaith' }] })
  await expect(makeNotice(app, { ...draft, addresses: 'https://elsewhere.example/@amal' }, from)).rejects.toMatchObject({ problems: [{ field: 'addresses', message: 'error.addressElsewhere' }] })
  const { token } = await makeNotice(app, draft, from)
  await makeNotice(app, { ...draft, category: 'child_safety', name: '', email: '' }, from)
  expect(await noticeOf(app, token)).toMatchObject({ state: 'open', category: 'copyright' })
  await expect(noticeOf(app, token.replace(/^./, (one) => one === 'a' ? 'b' : 'a'))).rejects.toMatchObject({ code: 'notFound' })
  const line = (await deskQueue(app, owner)).items.find((one) => one.source === 'outside')!
  expect(line).toMatchObject({ reports: 2, clock: 'child' })
  await decide(app, owner, { caseId: line.id }, { act: 'dismiss', reason: 'It is a quotation.' })
  await work()
  const { rows } = await app.database.pool.query("select kind, subject from outbox_mails where to_address = 'rana@example.org' order by id")
  expect(rows.map((row) => row.kind)).toEqual(['noticeReceived', 'noticeDismissed'])
  expect(await noticeOf(app, token)).toMatchObject({ state: 'dismissed', reason: 'It is a quotation.' })
  await appealNotice(app, token, 'It is the whole poem', from.address)
  await decideAppeal(app, other, (await appealCase()).id, { outcome: 'upheld', words: 'It stays.' })
  expect((await noticeOf(app, token)).appeal).toMatchObject({ state: 'upheld', answer: 'It stays.' })
})

test('a notice about a post that only some may read is taken without telling whether it is there', async () => {
  const { app } = world
  const secret = await createPost(app, amal, { text: 'for nobody', audience: 'mentioned' })
  const from = { address: '192.0.2.2', locale: 'en' as const }
  const draft = { category: 'hatred', reasons: 'x', law: '', name: 'R', email: 'r@example.org', goodFaith: true }
  for (const id of [secret.id, String(BigInt(secret.id) + 1n)]) expect((await makeNotice(app, { ...draft, addresses: `/@amal/${id}` }, from)).token).toHaveLength(43)
})

test('where there is only one person to decide, the same may judge the objection, and says so', async () => {
  const { app } = world
  await app.database.pool.query("update accounts set role = 'member' where id = any($1)", [[mod.id, other.id]])
  const decisionId = await decide(app, owner, { accountId: ben.id }, { act: 'warn', ...reasons() })
  await appealDecision(app, ben, decisionId, 'Why?')
  await decideAppeal(app, owner, (await appealCase()).id, { outcome: 'upheld', words: 'Because.' })
  expect((await appealsTo(app, { decisionIds: [decisionId] })).get(decisionId)).toMatchObject({ alone: true })
  await app.database.pool.query("update accounts set role = 'moderator' where id = any($1)", [[mod.id, other.id]])
})

test('after six months it is too late', async () => {
  const { app } = world
  const decisionId = await decide(app, mod, { accountId: ben.id }, { act: 'warn', ...reasons() })
  world.later(185 * 86_400_000)
  await expect(appealDecision(app, ben, decisionId, 'Late')).rejects.toMatchObject({ code: 'appealTooLate' })
})

test('a member and the moderators talk about a decision; the moderator has no name there, and others read nothing', async () => {
  const { app, work } = world
  const decisionId = await decide(app, mod, { accountId: ben.id }, { act: 'warn', ...reasons() })
  const caseId = (await decisionsAboutMe(app, ben)).items[0]!.caseId!
  await sayOnDecision(app, ben, decisionId, 'What can I do better?')
  await expect(sayOnDecision(app, amal, decisionId, 'Me too')).rejects.toMatchObject({ code: 'notFound' })
  await work()
  const { rows } = await app.database.pool.query("select count(*)::int as count from notifications where account_id = $1 and data->>'words' = 'answer'", [mod.id])
  expect(rows[0].count).toBeGreaterThan(0)
  const words = await wordsOn(app, caseId, { staff: false, id: ben.id, room: 'member' })
  expect(words).toMatchObject([{ text: 'What can I do better?', mine: true }])
  expect(await wordsOn(app, caseId, { staff: false, id: amal.id, room: 'member' })).toEqual([])
  expect(await verifyAudit(app)).toMatchObject({ brokenAt: null })
})
