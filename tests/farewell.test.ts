import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAccount } from '../src/server/domain/accounts/index.ts'
import { boostPost, createPost, likePost, purgeDeletedPosts, votePoll } from '../src/server/domain/posts/index.ts'
import { follow } from '../src/server/domain/relationships/index.ts'
import { createMember, deleteAccount } from '../src/server/domain/sessions/index.ts'
import { verifyCommunity } from '../src/server/verify/index.ts'
import { person } from './people.ts'
import { openWorld } from './world.ts'
import type { World } from './world.ts'

let world: World
beforeAll(async () => { world = await openWorld() })
afterAll(() => world.close())

test('who leaves takes their words, reactions and ties along, and every counter still agrees', async () => {
  const { app } = world
  const mara = await person(app, 'mara')
  const tomasId = await app.database.inTransaction((tx) => createMember(app, tx, { username: 'tomas', password: 'three warm loaves of bread' }))
  const tomas = (await findAccount(app, tomasId))!
  await follow(app, tomas, mara.id)
  await follow(app, mara, tomas.id)
  const poll = await createPost(app, mara, { text: 'Soup or cake?', audience: 'members', poll: { options: ['soup', 'cake'], multiple: false, hideTotals: false, seconds: 86_400 } })
  await votePoll(app, tomas, poll.id, [1])
  await likePost(app, tomas, poll.id)
  await boostPost(app, tomas, poll.id)
  const own = await createPost(app, tomas, { text: 'I was here #harbour', audience: 'members', replyToId: poll.id })
  await likePost(app, mara, own.id)
  await boostPost(app, mara, own.id)
  await deleteAccount(app, tomas, 'three warm loaves of bread')
  await world.work()
  await world.work()
  expect((await verifyCommunity(app)).differences).toEqual([])
  const left = await app.database.queries.selectFrom('posts').select(['text', 'deleted_at']).where('author_id', '=', tomas.id).execute()
  expect(left.every((row) => row.text === '' && row.deleted_at !== null)).toBe(true)
  const after = await app.database.queries.selectFrom('posts').select(['likes_count', 'boosts_count', 'replies_count']).where('id', '=', poll.id).executeTakeFirstOrThrow()
  expect(after).toEqual({ likes_count: 0, boosts_count: 0, replies_count: 0 })
  world.later(31 * 86_400_000)
  await purgeDeletedPosts(app)
  expect(await app.database.queries.selectFrom('posts').select('id').where('author_id', '=', tomas.id).execute()).toEqual([])
  expect((await verifyCommunity(app)).differences).toEqual([])
})
