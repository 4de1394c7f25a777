import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Account } from '#server/domain/accounts/index.ts'
import { boostPost, createPost, editPost, likePost, removePost } from '#server/domain/posts/index.ts'
import { block, follow } from '#server/domain/relationships/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { acceptRequests, dismissRequests, notificationGroups, notificationList, notificationPolicy, notificationRequest, notificationRequests, setNotificationPolicy, unreadCount } from './index.ts'

let world: World
let [mara, stranger, friend] = [] as unknown as [Account, Account, Account]
let run = 0
beforeAll(async () => { world = await openWorld() })
beforeEach(async () => {
  const names = ['mara', 'stranger', 'friend'].map((name) => `${name}${++run}`)
  ;[mara, stranger, friend] = await Promise.all(names.map((name) => person(world.app, name))) as [Account, Account, Account]
  await follow(world.app, mara, friend.id)
})
afterAll(() => world.close())

const post = (who: Account, text: string, audience: 'members' | 'mentioned' = 'members', replyToId?: string) => createPost(world.app, who, { text, audience, replyToId })
const heard = async () => { await world.work(); return (await notificationList(world.app, mara)).items.map((one) => [one.kind, one.from?.username]) }
const waiting = async () => (await notificationRequests(world.app, mara)).items.map((one) => [one.from.username, one.count])

test('everybody comes through at first; what strangers do waits as one request each when the member says so', async () => {
  await post(stranger, `@${mara.username} hello`)
  expect(await heard()).toEqual([['mention', stranger.username]])
  await setNotificationPolicy(world.app, mara, { notFollowing: 'filter' })
  const own = await post(mara, 'Bread')
  const second = await post(stranger, `@${mara.username} again`)
  await likePost(world.app, stranger, own.id)
  await likePost(world.app, friend, own.id)
  expect(await heard()).toEqual([['like', friend.username], ['mention', stranger.username]])
  expect(await waiting()).toEqual([[stranger.username, 2]])
  const [request] = (await notificationRequests(world.app, mara)).items
  expect(request!.lastPost?.id).toBe(own.id)
  expect((await notificationPolicy(world.app, mara)).summary).toEqual({ requests: 1, notifications: 2 })
  // Neither the page nor the number in the title shows them; apps may ask for them.
  expect((await notificationGroups(world.app, mara)).items.flatMap((group) => group.accounts.map((one) => one.username))).toEqual([friend.username, stranger.username])
  expect(await unreadCount(world.app, mara)).toBe(2)
  expect((await notificationList(world.app, mara, { withFiltered: true })).items.filter((one) => one.filtered).map((one) => one.post?.id)).toEqual([own.id, second.id])
})

test('who is accepted comes through with all they did before, and from then on', async () => {
  await setNotificationPolicy(world.app, mara, { notFollowing: 'filter' })
  await post(stranger, `@${mara.username} one`)
  expect(await heard()).toEqual([])
  const [request] = (await notificationRequests(world.app, mara)).items
  await acceptRequests(world.app, mara, [request!.id])
  expect(await heard()).toEqual([['mention', stranger.username]])
  await post(stranger, `@${mara.username} two`)
  expect(await heard()).toHaveLength(2)
  expect(await waiting()).toEqual([])
  await expect(notificationRequest(world.app, mara, request!.id)).rejects.toMatchObject({ code: 'notFound' })
})

test('a dismissed request is gone with what it held; who tries again is asked about again', async () => {
  await setNotificationPolicy(world.app, mara, { notFollowing: 'filter' })
  await post(stranger, `@${mara.username} one`)
  await world.work()
  const [request] = (await notificationRequests(world.app, mara)).items
  // A request is its receiver's alone.
  await dismissRequests(world.app, stranger, [request!.id, 'x', '99'])
  expect(await waiting()).toEqual([[stranger.username, 1]])
  await dismissRequests(world.app, mara, [request!.id])
  expect(await waiting()).toEqual([])
  await post(stranger, `@${mara.username} two`)
  await world.work()
  expect(await waiting()).toEqual([[stranger.username, 1]])
})

test('what a policy drops leaves no trace', async () => {
  await setNotificationPolicy(world.app, mara, { notFollowing: 'drop', newAccounts: 'filter' })
  await post(stranger, `@${mara.username} hello`)
  expect([await heard(), await waiting()]).toEqual([[], []])
})

test('new members, and those who do not follow, wait when asked to; a follow counts after three days', async () => {
  await setNotificationPolicy(world.app, mara, { newAccounts: 'filter' })
  await post(stranger, `@${mara.username} hello`)
  expect(await heard()).toEqual([])
  world.later(31 * 86_400_000)
  await post(stranger, `@${mara.username} I have been here for a month`)
  expect(await heard()).toHaveLength(1)
  await setNotificationPolicy(world.app, mara, { notFollowers: 'filter', newAccounts: 'accept' })
  await follow(world.app, stranger, mara.id)
  await post(stranger, `@${mara.username} I just followed`)
  expect((await heard()).filter(([kind]) => kind === 'mention')).toHaveLength(1)
  world.later(4 * 86_400_000)
  await post(stranger, `@${mara.username} I follow you`)
  expect((await heard()).filter(([kind]) => kind === 'mention')).toHaveLength(2)
})

test('a private word from a stranger waits when asked to, an answer to the own private word does not', async () => {
  await setNotificationPolicy(world.app, mara, { privateMentions: 'filter' })
  await post(stranger, `@${mara.username} psst`, 'mentioned')
  await post(friend, `@${mara.username} psst`, 'mentioned')
  await post(stranger, `@${mara.username} loud`)
  expect(await heard()).toEqual([['mention', stranger.username], ['mention', friend.username]])
  const own = await post(mara, `@${stranger.username} a question`, 'mentioned')
  await post(stranger, `@${mara.username} an answer`, 'mentioned', own.id)
  expect((await heard())[0]).toEqual(['reply', stranger.username])
})

test('whose reach moderators limited waits, unless they are followed; moderators never wait', async () => {
  const limited = await person(world.app, `limited${run}`, { state: 'limited' })
  const moderator = await person(world.app, `ines${run}`, { role: 'moderator' })
  await follow(world.app, limited, mara.id)
  expect(await heard()).toEqual([])
  expect((await waiting()).map(([name]) => name)).toEqual([limited.username])
  await setNotificationPolicy(world.app, mara, { notFollowing: 'drop' })
  await follow(world.app, moderator, mara.id)
  expect(await heard()).toEqual([['follow', moderator.username]])
})

test('a blocked sender and a removed post take the request away', async () => {
  await setNotificationPolicy(world.app, mara, { notFollowing: 'filter' })
  const said = await post(stranger, `@${mara.username} hello`)
  await world.work()
  await removePost(world.app, stranger, said.id)
  await world.work()
  expect(await waiting()).toEqual([])
  await post(stranger, `@${mara.username} hello again`)
  await world.work()
  expect(await waiting()).toHaveLength(1)
  await block(world.app, mara, stranger.id)
  expect([await waiting(), (await notificationPolicy(world.app, mara)).summary]).toEqual([[], { requests: 0, notifications: 0 }])
})

test('who boosted a post hears of its edits, once each', async () => {
  const said = await post(friend, 'The ferry leaves at nine')
  await boostPost(world.app, mara, said.id)
  await editPost(world.app, friend, said.id, { text: 'The ferry leaves at ten' })
  expect(await heard()).toEqual([['edit', friend.username]])
  world.later(1000)
  await editPost(world.app, friend, said.id, { text: 'The ferry leaves at eleven' })
  expect(await heard()).toEqual([['edit', friend.username], ['edit', friend.username]])
})
