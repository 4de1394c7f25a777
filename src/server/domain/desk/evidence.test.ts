import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as samples from '../../../../tests/media/samples.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { accountView, setPicture } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { deskQueue, forgetOldEvidence, openCase, setHabits, tidyDesk } from '#server/domain/cases/index.ts'
import { addRule, changeSettings } from '#server/domain/instance/index.ts'
import { acceptUpload, sweepFiles } from '#server/domain/media/index.ts'
import { answerProposal, decide, decideOrPropose, makeReport, openReports, reportFacts, seeReport } from '#server/domain/moderation/index.ts'
import { createPost, editPost, forgetPostsOf, purgeDeletedPosts, removePost } from '#server/domain/posts/index.ts'
import { verifyCommunity } from '#server/verify/index.ts'
import { hashOverview, matchesOf } from '#server/domain/hashes/index.ts'
import { decisionAboutMe, decisionsAboutMe, dsaStatement, setTrustedFlagger, somebodyElseLooks, waitingCounts } from '#server/domain/moderation/index.ts'
import { alikeTo, listNeverAgain, openKept, seeCase, withPlainReason } from './index.ts'

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
const day = 86_400_000
async function picture(owner: Account, width: number): Promise<string> {
  const { id } = await acceptUpload(world.app, owner, Readable.from([await samples.photo(width, 500)]), {})
  for (let round = 0; round < 5; round++) await world.work()
  return id
}
const caseOf = async (by: Account) => (await deskQueue(world.app, by)).items[0]!.id

test('a picture stays for the moderators though its author deletes the post, time passes and everything is swept; then it goes', async () => {
  const { app } = world
  const mediaId = await picture(amal, 640)
  const post = await createPost(app, amal, { text: 'look at this', audience: 'members', mediaIds: [mediaId] })
  await makeReport(app, ben, { postIds: [post.id], category: 'harassment' })
  await editPost(app, amal, post.id, { text: 'nothing to see', mediaIds: [mediaId] })
  await removePost(app, amal, post.id)
  const caseId = await caseOf(mod)
  world.later(40 * day)
  await purgeDeletedPosts(app)
  await forgetPostsOf(app, amal.id)
  await sweepFiles(app)
  const seen = await seeCase(app, mod, caseId)
  expect(seen.posts).toMatchObject([{ text: 'look at this', now: null, media: [{ kind: 'image', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), pdq: expect.stringMatching(/^[0-9a-f]{64}$/) }] }])
  const name = decodeURIComponent(seen.posts[0]!.media[0]!.still!.split('/').at(-1)!)
  const file = await openKept(app, mod, { caseId, mediaId, name, first: true })
  expect((await buffer((await app.files.read(file.stored))!)).length).toBe(file.bytes)
  // Only who has the case open, and only files of this case.
  await expect(openKept(app, other, { caseId, mediaId, name, first: true })).rejects.toMatchObject({ code: 'notFound' })
  await expect(openKept(app, amal, { caseId, mediaId, name, first: true })).rejects.toMatchObject({ code: 'notAllowed' })
  await expect(openKept(app, mod, { caseId, mediaId: '1', name, first: true })).rejects.toMatchObject({ code: 'notFound' })
  expect((await verifyCommunity(app, () => {}, true)).differences).toEqual([])
  await decide(app, mod, { caseId }, { act: 'warn', reason: 'Please don’t.', ruleId })
  world.later(185 * day)
  await forgetOldEvidence(app)
  await sweepFiles(app)
  expect(await app.files.stat(file.stored)).toBeUndefined()
  expect((await seeCase(app, mod, caseId))).toMatchObject({ posts: [], decision: { act: 'warn' } })
})

test('who has not taken hard things on sees nothing of one, neither words nor files', async () => {
  const { app } = world
  const mediaId = await picture(amal, 660)
  const post = await createPost(app, amal, { text: 'praise for the Order of the Grey Triangle', audience: 'members', mediaIds: [mediaId] })
  await makeReport(app, ben, { postIds: [post.id], category: 'terrorism' })
  const caseId = await caseOf(mod)
  expect(JSON.stringify(await seeCase(app, mod, caseId))).not.toContain('Grey Triangle')
  await expect(alikeTo(app, mod, caseId)).rejects.toMatchObject({ code: 'notFound' })
  await setHabits(app, mod, { hard: ['terrorism'], dailyHard: 1, plainMedia: false, breakMinutes: 25 })
  const seen = await seeCase(app, mod, caseId)
  expect(seen).toMatchObject({ closed: null, posts: [{ text: expect.stringContaining('Grey Triangle') }] })
  const { rows } = await app.database.pool.query("select count(*)::int as count from audit_log where act = 'case.open' and subject_id = $1", [caseId])
  expect(rows[0].count).toBe(1)
})

test('similar words by others and people from the same invitation are found when asked for, and nothing that the moderator may not read', async () => {
  const { app } = world
  const text = 'Buy two buttons today and receive ten of them tomorrow, only here'
  const post = await createPost(app, ben, { text, audience: 'members' })
  await createPost(app, amal, { text: `${text}!!`, audience: 'members' })
  await createPost(app, amal, { text: `${text} (between us)`, audience: 'mentioned' })
  await app.database.pool.query('update accounts set invited_by_id = $1 where id = $2', [amal.id, ben.id])
  await makeReport(app, amal, { postIds: [post.id], category: 'spam' })
  const caseId = (await deskQueue(app, mod)).items.find((one) => one.excerpt === text)!.id
  await seeCase(app, mod, caseId)
  const alike = await alikeTo(app, mod, caseId)
  expect(alike.posts.map((one) => one.text)).toEqual([`${text}!!`])
  expect(alike.accounts).toMatchObject([{ account: { username: 'amal' }, why: 'invitedBy' }])
})

test('a new profile picture is looked at on the desk, and shown when somebody says yes', async () => {
  const { app } = world
  await changeSettings(app, 'command', { picturePolicy: 'review' })
  const dora = await person(app, 'dora')
  const { id } = await acceptUpload(app, dora, Readable.from([await samples.photo(680, 500)]), { purpose: 'avatar' })
  for (let round = 0; round < 5; round++) await world.work()
  await setPicture(app, dora, 'avatar', id)
  await tidyDesk(app)
  const caseId = (await deskQueue(app, mod, { kind: 'avatar' })).items[0]!.id
  const seen = await seeCase(app, mod, caseId)
  expect(seen).toMatchObject({ avatars: [{ id, kind: 'image' }], mayDecide: expect.arrayContaining(['approve_avatar', 'refuse_avatar']) })
  await decide(app, mod, { caseId }, { act: 'approve_avatar' })
  expect((await deskQueue(app, mod, { kind: 'avatar' })).items).toEqual([])
  expect((await accountView(app, dora.id))?.avatarUrl).toContain('/media/files/')
})

test('a moderator who is reported finds no case about themselves, nor who reported them; a colleague does', async () => {
  const { app } = world
  const post = await createPost(app, other, { text: 'words of a moderator', audience: 'members' })
  const [waited, theirs] = [await waitingCounts(app, other), await waitingCounts(app, mod)]
  const reportId = await makeReport(app, ben, { postIds: [post.id], category: 'harassment' })
  const line = (await deskQueue(app, mod)).items.find((one) => one.account?.username === 'otto')!
  expect((await seeCase(app, mod, line.id)).reports).toMatchObject([{ reporter: { username: 'ben' } }])
  expect((await deskQueue(app, other)).items.some((one) => one.id === line.id)).toBe(false)
  // Not even a number tells them.
  expect(await waitingCounts(app, other)).toEqual(waited)
  expect(await waitingCounts(app, mod)).toMatchObject({ desk: theirs.desk + 1, reports: theirs.reports + 1 })
  await expect(seeCase(app, other, line.id)).rejects.toMatchObject({ code: 'notFound' })
  await expect(seeReport(app, other, reportId)).rejects.toMatchObject({ code: 'notFound' })
  expect((await openReports(app, other)).items.some((one) => one.id === reportId)).toBe(false)
  expect([...(await reportFacts(app, other, [reportId])).keys()]).toEqual([])
  await world.work()
  const { rows } = await app.database.pool.query("select account_id from notifications where data->>'reportId' = $1", [reportId])
  expect(rows.map((row) => row.account_id)).toContain(mod.id)
  expect(rows.map((row) => row.account_id)).not.toContain(other.id)
})

test('removed and never again: what a moderator listed from a case is found when somebody else posts it', async () => {
  const { app } = world
  const mediaId = await picture(amal, 720)
  const post = await createPost(app, amal, { text: 'an advertisement', audience: 'members', mediaIds: [mediaId] })
  await makeReport(app, await person(app, 'passerby'), { postIds: [post.id], category: 'spam' })
  const caseId = (await deskQueue(app, mod)).items.find((one) => one.excerpt === 'an advertisement')!.id
  await expect(listNeverAgain(app, other, caseId)).rejects.toMatchObject({ code: 'notFound' })
  await seeCase(app, mod, caseId)
  await decide(app, mod, { caseId }, { act: 'remove_post', reason: 'No advertisements.', ruleId })
  expect(await listNeverAgain(app, mod, caseId)).toBe(1)
  expect((await hashOverview(app, owner)).lists).toMatchObject([{ source: 'own', category: 'spam' }])
  const copy = await picture(ben, 720)
  expect((await matchesOf(app, [copy])).get(copy)?.map((one) => one.list.category)).toContain('spam')
})

test('a case about several people: nobody of them decides or proposes, though they moderate and know its number; files of all of them can be listed', async () => {
  const { app } = world
  const [mine, theirs] = [await picture(amal, 730), await picture(other, 740)]
  const first = await createPost(app, amal, { text: 'named first', audience: 'members', mediaIds: [mine] })
  const second = await createPost(app, other, { text: 'named second', audience: 'members', mediaIds: [theirs] })
  const { caseId } = await app.database.inTransaction((tx) => openCase(app, tx, { source: 'community', accountId: amal.id, category: 'spam', postIds: [first.id], others: [{ accountId: other.id, postIds: [second.id] }] }))
  await expect(decide(app, other, { caseId }, { act: 'dismiss' })).rejects.toMatchObject({ code: 'notFound' })
  await expect(decideOrPropose(app, other, caseId, { act: 'erase_post', postId: first.id, reason: 'Gone for good.', ruleId })).rejects.toMatchObject({ code: 'notFound' })
  expect(await decideOrPropose(app, mod, caseId, { act: 'erase_post', postId: first.id, reason: 'Gone for good.', ruleId })).toEqual({ decisionId: null })
  await expect(answerProposal(app, other, caseId, 'no', 'Let me be.')).rejects.toMatchObject({ code: 'notFound' })
  await seeCase(app, mod, caseId)
  expect(await listNeverAgain(app, mod, caseId)).toBe(2)
  expect(await listNeverAgain(app, mod, caseId, { postIds: [second.id] })).toBe(1)
})

test('what a trusted flagger reports comes before the same from somebody else, with the law’s clock, and the statement says so', async () => {
  const { app } = world
  const [first, second] = [await createPost(app, amal, { text: 'first of two', audience: 'members' }), await createPost(app, other, { text: 'second of two', audience: 'members' })]
  await makeReport(app, await person(app, 'somebody'), { postIds: [first.id], category: 'rule' })
  const hotline = await person(app, 'hotline')
  await expect(setTrustedFlagger(app, mod, hotline.id, true)).rejects.toMatchObject({ code: 'notAllowed' })
  await setTrustedFlagger(app, owner, hotline.id, true)
  await makeReport(app, hotline, { postIds: [second.id], category: 'rule' })
  const lines = (await deskQueue(app, mod)).items.filter((one) => one.excerpt.endsWith('of two'))
  expect(lines.map((one) => [one.excerpt, one.clock, one.trusted])).toEqual([['second of two', 'illegal', true], ['first of two', 'rules', false]])
  await app.database.pool.query("update accounts set role = 'member' where id = $1", [other.id])
  const decisionId = await decide(app, mod, { caseId: lines[0]!.id }, { act: 'label', label: 'x', reason: 'Because.', ruleId })
  await app.database.pool.query("update accounts set role = 'moderator' where id = $1", [other.id])
  expect(await decisionAboutMe(app, other, decisionId)).toMatchObject({ act: 'label' })
  const { rows } = await app.database.pool.query('select * from decisions where id = $1', [decisionId])
  expect(dsaStatement(rows[0], 'Be kind')).toMatchObject({ source_type: 'SOURCE_TRUSTED_FLAGGER', decision_visibility: ['DECISION_VISIBILITY_CONTENT_LABELLED'] })
})

test('where the only person who looks after the place is reported, whoever reports is told so', async () => {
  const { app } = world
  expect(await somebodyElseLooks(app, owner.id)).toBe(true)
  await app.database.pool.query("update accounts set role = 'member' where id = any($1)", [[mod.id, other.id]])
  expect(await somebodyElseLooks(app, owner.id)).toBe(false)
  expect(await somebodyElseLooks(app, ben.id)).toBe(true)
  await app.database.pool.query("update accounts set role = 'moderator' where id = any($1)", [[mod.id, other.id]])
})

test('a tired moderator names the rule and presses once; the member reads why in their own language', async () => {
  const { app } = world
  const nora = await person(app, 'nora')
  await app.database.pool.query("update accounts set locale = 'ar' where id = $1", [nora.id])
  const post = await createPost(app, nora, { text: 'rough words', audience: 'members' })
  await makeReport(app, await person(app, 'wanda'), { postIds: [post.id], category: 'rule', ruleId })
  const caseId = (await deskQueue(app, mod)).items.find((one) => one.excerpt === 'rough words')!.id
  const seen = await seeCase(app, mod, caseId)
  expect(seen.ruleId).toBe(ruleId)
  expect(await withPlainReason(app, mod, caseId, { act: 'suspend', ruleId })).toEqual({ act: 'suspend', ruleId })
  await decide(app, mod, { caseId }, await withPlainReason(app, mod, caseId, { act: 'remove_post', ruleId: seen.ruleId }))
  expect((await decisionsAboutMe(app, nora)).items).toMatchObject([{ act: 'remove_post', reason: 'هذا يخالف قاعدتنا: Be kind', rule: { id: ruleId } }])
})
