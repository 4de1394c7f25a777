import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { appealDecision, decideAppeal } from '#server/domain/appeals/index.ts'
import { deskQueue } from '#server/domain/cases/index.ts'
import { notificationGroups } from '#server/domain/notifications/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { saveRule } from '#server/domain/screening/index.ts'
import * as moderation from './index.ts'

let world: World
let owner: Account, author: Account
beforeAll(async () => {
  world = await openWorld()
  owner = await person(world.app, 'olga', { role: 'owner' })
  author = { ...await person(world.app, 'amal'), locale: 'ar' }
  await world.app.database.queries.updateTable('accounts').set({ locale: 'ar' }).where('id', '=', author.id).execute()
  await saveRule(world.app, owner, null, { name: 'Secret threshold', note: '', state: 'on', why: 'tests', definition: { subjects: ['post'], when: { signal: 'links', atLeast: 3 }, outcome: 'limit', category: 'spam' } })
})
afterAll(() => world?.close())

const limitedPost = async (word: string) => {
  const post = await createPost(world.app, author, { text: `${word} https://${word}-a.example https://${word}-b.example https://${word}-c.example`, audience: 'public' })
  await world.work()
  const line = (await deskQueue(world.app, owner, { limit: 80 })).items.find((one) => one.excerpt.includes(word))!
  const decision = (await moderation.decisionsAboutMe(world.app, author)).items.find((one) => one.postId === post.id)
  return { post, caseId: line.id, decision: decision! }
}
const isLimited = async (id: string) => (await world.app.database.queries.selectFrom('posts').select('limited').where('id', '=', id).executeTakeFirstOrThrow()).limited

test('whose post a rule takes out of public lists is told so at once, that no person decided it, and how to object', async () => {
  const { post, decision } = await limitedPost('first')
  expect(await isLimited(post.id)).toBe(true)
  expect(decision).toMatchObject({ act: 'limit_post', automated: true, detectedByMachine: true, ground: 'rule', category: 'spam', reversed: false, moderator: null })
  expect(decision.reason).toContain('قاعدة')
  expect(JSON.stringify(decision)).not.toContain('threshold')
  expect(decision.appealUntil).not.toBeNull()
  expect((await notificationGroups(world.app, author, {}, 'all')).items.some((one) => one.kind === 'moderation')).toBe(true)
})

test('a person who finds nothing wrong ends it, and the author hears that, too; once', async () => {
  const { app, work } = world
  const { post, caseId, decision } = await limitedPost('second')
  await moderation.decide(app, owner, { caseId }, { act: 'dismiss' })
  await work()
  expect(await isLimited(post.id)).toBe(false)
  await moderation.endDecisionByRule(app, caseId)
  await moderation.decidedByRule(app, caseId)
  const [after, before] = (await moderation.decisionsAboutMe(app, author)).items.filter((one) => one.postId === post.id)
  expect([after, before]).toMatchObject([{ act: 'unlimit_post', automated: false }, { id: decision.id, reversed: true }])
})

test('an objection before anybody looked gives the post its reach back', async () => {
  const { app, work } = world
  const { post, decision } = await limitedPost('third')
  await appealDecision(app, author, decision.id, 'These are my own pages')
  const appeal = (await deskQueue(app, owner, { limit: 80 })).items.find((one) => one.kind === 'appeal')!
  await decideAppeal(app, owner, appeal.id, { outcome: 'overturned', words: 'So they are.' })
  await work()
  expect(await isLimited(post.id)).toBe(false)
  expect((await moderation.decisionAboutMe(app, author, decision.id)).reversed).toBe(true)
})
