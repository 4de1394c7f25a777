import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { addRule } from '#server/domain/instance/index.ts'
import { decide, makeReport, ownStanding } from '#server/domain/moderation/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import * as appeals from './index.ts'

let world: World
let mod: Account, amal: Account, ben: Account
let ruleId: string
beforeAll(async () => {
  world = await openWorld()
  mod = await person(world.app, 'mona', { role: 'moderator' })
  amal = await person(world.app, 'amal')
  ben = await person(world.app, 'secretive_ben')
  ruleId = await addRule(world.app, await person(world.app, 'olga', { role: 'owner' }), { text: 'Be kind' })
})
afterAll(() => world?.close())

test('a member sees what counts and which objection waits, and takes all of it along; never who reported, nor who decided', async () => {
  const { app } = world
  const post = await createPost(app, amal, { text: 'something unkind', audience: 'members' })
  const reportId = await makeReport(app, ben, { postIds: [post.id], category: 'harassment' })
  const removed = await decide(app, mod, { reportId }, { act: 'remove_post', reason: 'It hurts.', ruleId, note: 'among us' })
  const turnedDown = await makeReport(app, amal, { accountId: ben.id, category: 'spam' })
  await decide(app, mod, { reportId: turnedDown }, { act: 'dismiss', reason: 'Nothing there.' })
  await appeals.appealDecision(app, amal, removed, 'I meant it kindly')
  await appeals.sayOnDecision(app, amal, removed, 'Please look again')

  expect(await ownStanding(app, amal)).toMatchObject({ weight: 1, counting: [{ id: removed, act: 'remove_post', weight: 1 }], next: { act: 'warn' } })
  expect(await appeals.openObjections(app, amal)).toMatchObject([{ decisionId: removed, reportId: null }])
  expect(await appeals.openObjections(app, ben)).toEqual([])

  let text = ''
  for await (const part of appeals.ownRecord(app, amal)) text += part
  const taken = JSON.parse(text) as { decisions: object[]; reports: object[] }
  expect(taken).toMatchObject({
    username: 'amal', standing: { weight: 1 },
    decisions: [{ id: removed, act: 'remove_post', reason: 'It hurts.', rule: 'Be kind', automated: false, objection: { state: 'open', text: 'I meant it kindly' }, conversation: [{ text: 'Please look again', mine: true }] }],
    reports: [{ about: 'secretive_ben', state: 'dismissed', reason: 'Nothing there.' }],
  })
  expect(text).not.toMatch(/mona|among us/)
  expect(JSON.stringify(taken.decisions)).not.toContain('secretive_ben')
  const nobody = await person(app, 'newcomer')
  text = ''
  for await (const part of appeals.ownRecord(app, nobody)) text += part
  expect(JSON.parse(text)).toMatchObject({ decisions: [], reports: [], standing: { weight: 0, counting: [] } })
})
