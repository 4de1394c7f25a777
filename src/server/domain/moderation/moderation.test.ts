import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { findAccount } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { addRule, verifyAudit } from '#server/domain/instance/index.ts'
import { notificationGroups } from '#server/domain/notifications/index.ts'
import { createPost, editPost, removePost, seePost } from '#server/domain/posts/index.ts'
import * as moderation from './index.ts'

let world: World
let owner: Account, mod: Account, other: Account, amal: Account, ben: Account, cleo: Account
let ruleId: string
beforeAll(async () => {
  world = await openWorld()
  const { app } = world
  owner = await person(app, 'olga', { role: 'owner' })
  mod = await person(app, 'mona', { role: 'moderator' })
  other = await person(app, 'otto', { role: 'moderator' })
  amal = await person(app, 'amal', { displayName: 'Amal' })
  ben = await person(app, 'ben')
  cleo = await person(app, 'cleo')
  ruleId = await addRule(app, owner, { text: 'Be kind', translations: { ar: { text: 'كن لطيفًا' } } })
})
afterAll(() => world?.close())

const write = (author: Account, text: string) => createPost(world.app, author, { text, audience: 'members' })
const report = (by: Account, postId: string, more = {}) => moderation.makeReport(world.app, by, { postIds: [postId], category: 'harassment', ...more })
const reasons = () => ({ reason: 'This hurts people.', ruleId, note: 'seen before' })

test('a report keeps what was seen, though the author edits and deletes it', async () => {
  const { app } = world
  const post = await write(amal, 'something unkind')
  const id = await report(ben, post.id, { ruleId, comment: 'Look' })
  await editPost(app, amal, post.id, { text: 'something nice' })
  await removePost(app, amal, post.id)
  const seen = await moderation.seeReport(app, mod, id)
  expect(seen).toMatchObject({ category: 'harassment', comment: 'Look', state: 'open', rule: { text: 'Be kind' } })
  expect(seen.evidence.posts[0]).toMatchObject({ text: 'something unkind' })
  expect(seen.postsNow[0]?.text).toBe('something nice')
  await expect(moderation.decide(app, mod, { reportId: id }, { act: 'remove_post', ...reasons() })).rejects.toMatchObject({ code: 'postGone' })
  await moderation.decide(app, mod, { reportId: id }, { act: 'warn', ...reasons() })
})

test('one person’s reports about the same account are joined, also when sent twice at once', async () => {
  const { app } = world
  const one = await write(amal, 'first')
  const two = await write(amal, 'second')
  const ids = await Promise.all([report(cleo, one.id, { comment: 'a' }), report(cleo, one.id, { comment: 'a' })])
  expect(ids[0]).toBe(ids[1])
  expect(await report(cleo, two.id, { comment: 'b' })).toBe(ids[0])
  const seen = await moderation.seeReport(app, mod, ids[0]!)
  expect(seen.evidence.posts.map((post) => post.text)).toEqual(['first', 'second'])
  expect(seen.comment).toBe('a\n\nb')
  await moderation.decide(app, mod, { reportId: ids[0]! }, { act: 'dismiss' })
})

test('what somebody can’t see they can’t report, nor themselves, nor without a category', async () => {
  const { app } = world
  const secret = await createPost(app, amal, { text: 'for nobody', audience: 'mentioned' })
  await expect(report(ben, secret.id)).rejects.toMatchObject({ code: 'notFound' })
  const own = await write(ben, 'mine')
  await expect(report(ben, own.id)).rejects.toMatchObject({ code: 'reportSelf' })
  await expect(report(amal, own.id, { category: 'nonsense' })).rejects.toMatchObject({ problems: [{ field: 'category' }] })
  await expect(moderation.openReports(app, ben)).rejects.toMatchObject({ code: 'notAllowed' })
})

test('a removed post is gone for everyone, the author and every reporter are told, and it can come back', async () => {
  const { app, work } = world
  const post = await write(amal, 'very unkind')
  const first = await report(ben, post.id)
  const second = await report(cleo, post.id)
  await moderation.decide(app, mod, { reportId: first }, { act: 'remove_post', ...reasons() })
  await work()
  await expect(seePost(app, ben, post.id)).rejects.toMatchObject({ code: 'notFound' })
  expect((await moderation.seeReport(app, mod, second)).state).toBe('resolved')
  const [mine] = (await moderation.decisionsAboutMe(app, amal)).items
  expect(mine).toMatchObject({ act: 'remove_post', reason: 'This hurts people.', rule: { text: 'Be kind' }, note: '', moderator: null, reportId: null })
  expect((await moderation.reportsByMe(app, cleo)).items[0]).toMatchObject({ state: 'resolved', reason: '' })
  for (const who of [amal, ben, cleo]) expect((await notificationGroups(app, who, {}, 'all')).items.some((group) => group.kind === 'moderation')).toBe(true)
  await expect(moderation.decide(app, mod, { reportId: first }, { act: 'dismiss' })).rejects.toMatchObject({ code: 'reportDecided' })
  await moderation.decide(app, mod, { accountId: amal.id, postId: post.id }, { act: 'restore_post' })
  expect((await seePost(app, ben, post.id)).text).toBe('very unkind')
  expect((await moderation.decisionsAboutMe(app, amal)).items.find((one) => one.act === 'remove_post')?.reversed).toBe(true)
})

test('a hard act needs words and a rule or the law', async () => {
  const post = await write(amal, 'third')
  const id = await report(ben, post.id)
  await expect(moderation.decide(world.app, mod, { reportId: id }, { act: 'remove_post' })).rejects.toMatchObject({ problems: [{ field: 'reason' }, { field: 'ruleId' }] })
  await expect(moderation.decide(world.app, mod, { reportId: id }, { act: 'burn', ...reasons() })).rejects.toMatchObject({ problems: [{ field: 'act' }] })
  await moderation.decide(world.app, mod, { reportId: id }, { act: 'remove_post', reason: 'Unlawful.', ground: 'law' })
})

test('a suspension ends by itself, and an earlier limit still holds', async () => {
  const { app, work } = world
  await moderation.decide(app, mod, { accountId: ben.id }, { act: 'limit', ...reasons() })
  await moderation.decide(app, mod, { accountId: ben.id }, { act: 'suspend', ...reasons(), endsAt: new Date(app.now().getTime() + 3_600_000) })
  await moderation.liftEndedSuspensions(app)
  expect((await findAccount(app, ben.id))?.state).toBe('suspended')
  world.later(2 * 3_600_000)
  await moderation.liftEndedSuspensions(app)
  await moderation.liftEndedSuspensions(app)
  await work()
  expect((await findAccount(app, ben.id))?.state).toBe('limited')
  await moderation.decide(app, mod, { accountId: ben.id }, { act: 'unlimit' })
  expect((await findAccount(app, ben.id))?.state).toBe('active')
  await expect(moderation.decide(app, mod, { accountId: ben.id }, { act: 'unlimit' })).rejects.toMatchObject({ code: 'alreadySo' })
})

test('a moderator can’t act on a colleague or the owner; members decide nothing', async () => {
  const { app } = world
  for (const target of [other, owner, mod]) await expect(moderation.decide(app, mod, { accountId: target.id }, { act: 'warn', ...reasons() })).rejects.toMatchObject({ code: 'notAllowedOnThem' })
  await expect(moderation.decide(app, amal, { accountId: cleo.id }, { act: 'warn', ...reasons() })).rejects.toMatchObject({ code: 'notAllowed' })
})

test('one moderator claims a report, another can’t until it is given back', async () => {
  const { app } = world
  const id = await report(cleo, (await write(ben, 'hm')).id)
  await moderation.claimReport(app, mod, id)
  await expect(moderation.claimReport(app, other, id)).rejects.toMatchObject({ code: 'reportTaken' })
  expect((await moderation.openReports(app, mod, 'mine')).items.map((one) => one.id)).toEqual([id])
  await moderation.releaseReport(app, mod, id)
  await moderation.claimReport(app, other, id)
})

test('newcomers are let in or refused once', async () => {
  const { app } = world
  const yes = await person(app, 'yara', { state: 'pending' })
  const no = await person(app, 'nils', { state: 'pending' })
  await app.database.pool.query("update accounts set join_reason = 'please' where state = 'pending'")
  expect((await moderation.waitingMembers(app, mod)).map((one) => one.account.username)).toEqual(['yara', 'nils'])
  expect(await moderation.waitingCounts(app, mod)).toMatchObject({ approvals: 2 })
  await moderation.approveMember(app, mod, yes.id)
  await moderation.refuseMember(app, mod, no.id, 'Not now')
  await expect(moderation.approveMember(app, mod, no.id)).rejects.toMatchObject({ code: 'alreadySo' })
  expect((await findAccount(app, yes.id))?.state).toBe('active')
})

test('roles are given by admins and the owner; members are found by name, role and state', async () => {
  const { app } = world
  await expect(moderation.changeRole(app, mod, cleo.id, 'moderator')).rejects.toMatchObject({ code: 'notAllowedOnThem' })
  await moderation.changeRole(app, owner, cleo.id, 'moderator')
  await expect(moderation.changeRole(app, owner, cleo.id, 'owner')).rejects.toMatchObject({ code: 'notAllowedOnThem' })
  expect((await moderation.listMembers(app, owner, { role: 'moderator' })).items.map((one) => one.account.username).sort()).toEqual(['cleo', 'mona', 'otto'])
  expect((await moderation.listMembers(app, owner, { q: 'AMÁL' })).items.map((one) => one.account.username)).toEqual(['amal'])
  expect(await moderation.seeMember(app, owner, amal.id)).toMatchObject({ mayGive: ['moderator', 'admin'] })
})

test('the numbers for the plots add up, and everything above is on a whole record', async () => {
  const { app } = world
  const stats = await moderation.communityStats(app, mod)
  expect(stats.days).toHaveLength(90)
  expect(stats.members.at(-1)).toBe(7)
  expect(stats.posts.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(5)
  expect(await verifyAudit(app)).toMatchObject({ brokenAt: null })
  const log = await moderation.auditLog(app, mod, { act: 'decision' })
  expect(log.items.every((line) => line.act.startsWith('decision.'))).toBe(true)
  await expect(moderation.outbox(app, mod)).rejects.toMatchObject({ code: 'notAllowed' })
})
