import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '#server/domain/accounts/index.ts'
import { createPost, likePost, removePost } from '#server/domain/posts/index.ts'
import { block, follow } from '#server/domain/relationships/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { countNotifications, dismissAppGroup, dismissNotification, groupAccounts, groupedNotifications, kindsOfTypes, markAllRead, notificationList, seeGroup, seeNotification, tellMany } from './index.ts'

let world: World
let mara: Account
let fans: Account[]
let liked: string
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  fans = await Promise.all(Array.from({ length: 12 }, (_, n) => person(world.app, `fan${n}`)))
  const post = await createPost(world.app, mara, { text: 'Warm bread', audience: 'members' })
  liked = post.id
  // Told one after another, so that their order is known: like, mention, like, …
  for (const [n, fan] of fans.entries()) {
    await likePost(world.app, fan, post.id)
    await world.work()
    if (n % 4 === 0) { await createPost(world.app, fan, { text: `@mara number ${n}`, audience: 'members' }); await world.work() }
  }
  await follow(world.app, fans[0]!, mara.id)
  await world.work()
})
afterAll(() => world.close())

const ids = async (ask: Parameters<typeof notificationList>[2]) => (await notificationList(world.app, mara, ask)).items.map((one) => one.id)

test('the list pages downwards, from a point on, and directly above a point', async () => {
  const all = await ids({})
  expect(all).toHaveLength(16)
  const first = await notificationList(world.app, mara, { limit: 5 })
  expect([first.items.map((one) => one.id), first.full]).toEqual([all.slice(0, 5), true])
  expect(await ids({ limit: 5, maxId: first.last! })).toEqual(all.slice(5, 10))
  expect(await ids({ limit: 2, minId: all[10]! })).toEqual(all.slice(8, 10))
  expect(await ids({ limit: 2, sinceId: all[10]! })).toEqual(all.slice(0, 2))
  expect(await ids({ maxId: 'rubbish', minId: '-1', limit: 500 })).toEqual(all)
})

test('types are apps\' words, several kinds of ours may be one of them', async () => {
  expect(kindsOfTypes(['mention', 'nonsense'])).toEqual(['mention', 'reply'])
  expect((await notificationList(world.app, mara, { kinds: kindsOfTypes(['mention']) })).items.map((one) => one.kind)).toEqual(['mention', 'mention', 'mention'])
  expect(await ids({ fromId: fans[4]!.id })).toHaveLength(2)
  expect(await ids({ fromId: 'nobody' })).toEqual([])
})

test('what a moderator decided is told to apps, what came of a report and announcements are not', async () => {
  const olga = await person(world.app, 'olga')
  await tellMany(world.app, [
    { to: olga.id, kind: 'moderation', group: 'decision:1', data: { decisionId: '1', act: 'warn' } },
    { to: olga.id, kind: 'moderation', group: 'report-outcome:1', data: { reportId: '1', state: 'resolved' } },
    { to: olga.id, kind: 'announcement', group: 'announcement:1', data: { announcementId: '1' } },
  ])
  expect((await notificationList(world.app, olga)).items.map((one) => one.data)).toEqual([{ decisionId: '1', act: 'warn' }])
})

test('likes and follows are grouped where the newest of them stands; mentions stand alone', async () => {
  const { items } = await groupedNotifications(world.app, mara)
  expect(items.map((one) => [one.kind, one.count])).toEqual([['follow', 1], ['like', 12], ['mention', 1], ['mention', 1], ['mention', 1]])
  const like = items[1]!
  expect(like.accounts.map((one) => one.username)).toEqual(fans.slice(4).reverse().map((one) => one.username))
  expect(like.key).toBe(`like-${liked}`)
  expect(items[2]!.key).toMatch(/^ungrouped-[0-9]+$/)
  const [head] = (await groupedNotifications(world.app, mara, { limit: 2 })).items.slice(1)
  // The part ends where its last group stands: the next part begins there and misses nothing.
  expect(head!.minId).toBe(head!.latestId)
  const rest = await groupedNotifications(world.app, mara, { maxId: head!.minId })
  expect(rest.items.map((one) => one.kind)).toEqual(['mention', 'mention', 'mention'])
})

test('an app that cannot show a kind in groups gets it one by one', async () => {
  const { items } = await groupedNotifications(world.app, mara, {}, ['follow'])
  expect(items.filter((one) => one.kind === 'like')).toHaveLength(12)
  expect(new Set(items.map((one) => one.key)).size).toBe(16)
})

test('a group is found by its key with everybody in it; somebody else\'s is not', async () => {
  const key = `like-${liked}`
  expect((await seeGroup(world.app, mara, key)).count).toBe(12)
  const some = await groupAccounts(world.app, mara, key, { limit: 10 })
  const more = await groupAccounts(world.app, mara, key, { limit: 10, maxId: some.last! })
  expect([...some.items, ...more.items].map((one) => one.username)).toEqual(fans.toReversed().map((one) => one.username))
  const [mention] = (await groupedNotifications(world.app, mara, { kinds: ['mention'] })).items
  expect((await seeGroup(world.app, mara, mention!.key)).post?.id).toBe(mention!.post?.id)
  for (const bad of [key, mention!.key, 'ungrouped-1', 'ungrouped-99999999999999999999', "x'\0"]) await expect(seeGroup(world.app, fans[0]!, bad)).rejects.toMatchObject({ code: 'notFound' })
  expect((await groupAccounts(world.app, fans[0]!, key)).items).toEqual([])
})

test('what is unread is counted one by one or in groups, and not beyond what was asked', async () => {
  expect(await countNotifications(world.app, mara)).toBe(16)
  expect(await countNotifications(world.app, mara, {}, ['like', 'follow'])).toBe(5)
  expect(await countNotifications(world.app, mara, { kinds: ['like'] }, [], 5)).toBe(5)
})

test('what can no longer be seen is left out, and the ends of a part still lead on', async () => {
  const [bram, lou] = [await person(world.app, 'bram'), await person(world.app, 'lou')]
  for (let n = 0; n < 3; n++) { await createPost(world.app, bram, { text: `@lou ${n}`, audience: 'members' }); await world.work() }
  const before = await notificationList(world.app, lou, { limit: 1 })
  await removePost(world.app, bram, before.items[0]!.post!.id)
  await world.work()
  expect((await notificationList(world.app, lou)).items).toHaveLength(2)
  await block(world.app, bram, lou.id)
  expect((await notificationList(world.app, lou)).items).toEqual([])
  await expect(seeNotification(world.app, lou, before.first!)).rejects.toMatchObject({ code: 'notFound' })
})

test('one notification, a group and everything are dismissed by their owner alone', async () => {
  const [first] = (await notificationList(world.app, mara)).items
  await expect(dismissNotification(world.app, fans[1]!, first!.id)).rejects.toMatchObject({ code: 'notFound' })
  await dismissNotification(world.app, mara, first!.id)
  await expect(dismissNotification(world.app, mara, first!.id)).rejects.toMatchObject({ code: 'notFound' })
  await dismissAppGroup(world.app, mara, `like-${liked}`)
  expect((await notificationList(world.app, mara)).items.map((one) => one.kind)).toEqual(['mention', 'mention', 'mention'])
  const [mention] = (await groupedNotifications(world.app, mara)).items
  await dismissAppGroup(world.app, mara, mention!.key)
  expect(await countNotifications(world.app, mara)).toBe(2)
  await markAllRead(world.app, mara)
  expect(await countNotifications(world.app, mara)).toBe(0)
})
