import { afterAll, beforeAll, expect, test } from 'vitest'
import { editPreferences } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { boostPost, createPost, likePost, unlikePost, votePoll } from '#server/domain/posts/index.ts'
import { block, follow, mute } from '#server/domain/relationships/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { dismissAll, markRead, notificationGroups, unreadCount } from './index.ts'

let world: World
let cast: Record<'mara' | 'tomas' | 'olga' | 'bram' | 'leila', Account>
beforeAll(async () => {
  world = await openWorld()
  const names = ['mara', 'tomas', 'olga', 'bram', 'leila'] as const
  cast = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await person(world.app, name)]))) as typeof cast
})
afterAll(() => world.close())
const told = async (who: Account, filter: Parameters<typeof notificationGroups>[3] = 'all') => {
  await world.work()
  return (await notificationGroups(world.app, who, {}, filter)).items
}

test('likes of one post are one line, newest first, and liking twice is told once', async () => {
  const { mara, tomas, olga, bram } = cast
  const post = await createPost(world.app, mara, { text: 'Bread is ready', audience: 'members' })
  for (const who of [tomas, olga, bram]) await likePost(world.app, who, post.id)
  await unlikePost(world.app, bram, post.id)
  await likePost(world.app, bram, post.id)
  const [group, ...rest] = await told(mara)
  expect(rest).toEqual([])
  expect([group!.kind, group!.count, group!.accounts.map((one) => one.username), group!.unread]).toEqual(['like', 3, ['bram', 'olga', 'tomas'], true])
  expect(await unreadCount(world.app, mara)).toBe(1)
  await markRead(world.app, mara, group!.latestId)
  expect(await unreadCount(world.app, mara)).toBe(0)
  expect((await told(mara))[0]!.unread).toBe(false)
})

test('nobody hears of their own acts, of muted people, or of somebody behind a block', async () => {
  const { olga, tomas, bram } = cast
  await mute(world.app, olga, tomas.id)
  await block(world.app, olga, bram.id)
  const post = await createPost(world.app, olga, { text: 'Evening walk', audience: 'public' })
  await likePost(world.app, olga, post.id)
  await likePost(world.app, tomas, post.id)
  await boostPost(world.app, tomas, post.id)
  await createPost(world.app, bram, { text: '@olga hello', audience: 'public' })
  expect(await told(olga)).toEqual([])
})

test('a mention in a post that the reader may not see is not told', async () => {
  const { leila, tomas } = cast
  await createPost(world.app, tomas, { text: 'Only for followers, @leila', audience: 'followers' })
  const groups = await told(leila)
  // Who is named in a post for followers may see it: that is the rule of the posts room.
  expect(groups.map((group) => group.kind)).toEqual(['mention'])
  await dismissAll(world.app, leila)
  expect(await told(leila)).toEqual([])
})

test('an answer is told as an answer, not as a mention as well, and the filter finds it', async () => {
  const { mara, leila } = cast
  const post = await createPost(world.app, leila, { text: 'Anyone up?', audience: 'members' })
  await createPost(world.app, mara, { text: '@leila I am', audience: 'members', replyToId: post.id })
  expect((await told(leila)).map((group) => group.kind)).toEqual(['reply'])
  expect((await told(leila, 'mentions')).map((group) => group.kind)).toEqual(['reply'])
  expect(await told(leila, 'likes')).toEqual([])
})

test('a kind that a member switched off is not told', async () => {
  const { bram, mara } = cast
  await editPreferences(world.app, bram, { notify: { follow: false } })
  await follow(world.app, mara, bram.id)
  expect(await told(bram)).toEqual([])
})

test('when a poll ends its author and those who voted are told, once', async () => {
  const { mara, tomas, leila } = cast
  await dismissAll(world.app, mara)
  await dismissAll(world.app, tomas)
  const post = await createPost(world.app, mara, { text: 'Soup or cake?', audience: 'members', poll: { options: ['soup', 'cake'], multiple: false, hideTotals: false, seconds: 300 } })
  await votePoll(world.app, tomas, post.id, [0])
  world.later(301_000)
  const { endPolls } = await import('#server/domain/posts/index.ts')
  await endPolls(world.app)
  await endPolls(world.app)
  expect((await told(mara)).filter((group) => group.kind === 'poll')).toHaveLength(1)
  expect((await told(tomas)).filter((group) => group.kind === 'poll')).toHaveLength(1)
  expect((await told(leila)).filter((group) => group.kind === 'poll')).toHaveLength(0)
})

test('groups page older and newer without repeating', async () => {
  const { leila, mara } = cast
  for (let n = 0; n < 25; n++) await createPost(world.app, mara, { text: `@leila number ${n}`, audience: 'members' })
  const all = (await notificationGroups(world.app, leila, { limit: 80 })).items
  await world.work()
  const first = await notificationGroups(world.app, leila, { limit: 10 })
  const second = await notificationGroups(world.app, leila, { limit: 10, before: first.older! })
  expect(new Set([...first.items, ...second.items].map((group) => group.key)).size).toBe(20)
  const back = await notificationGroups(world.app, leila, { limit: 10, after: second.newer! })
  expect(back.items.map((group) => group.key)).toEqual(first.items.map((group) => group.key))
  expect(all.length).toBeLessThanOrEqual(80)
})
