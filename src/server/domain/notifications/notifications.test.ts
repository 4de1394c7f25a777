import { afterAll, beforeAll, expect, test } from 'vitest'
import { editPreferences } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { boostPost, createPost, editPost, likePost, removePost, unlikePost, votePoll } from '#server/domain/posts/index.ts'
import { acceptFollow, block, follow, mute, unblock, unfollow } from '#server/domain/relationships/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { publishAnnouncement } from '#server/domain/instance/index.ts'
import { dismissAll, dismissGroup, markAllRead, markRead, notificationGroups, tell, tellMany, unreadCount, whoseHome } from './index.ts'

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

test('told twice by a job that ran again is told once, whatever the kind', async () => {
  const [hana, ivo] = [await person(world.app, 'hana'), await person(world.app, 'ivo')]
  for (let n = 0; n < 2; n++) {
    await tell(world.app, { type: 'follow.accepted', followerId: ivo.id, followedId: hana.id })
    await tellMany(world.app, [{ to: hana.id, kind: 'moderation', group: 'decision:7', data: { act: 'warn' } }])
  }
  const rows = await world.app.database.queries.selectFrom('notifications').select('kind').where('account_id', '=', hana.id).orderBy('kind').execute()
  expect(rows.map((row) => row.kind)).toEqual(['follow', 'moderation'])
})

test('who follows, leaves and follows again on another day is told once', async () => {
  const [kaya, lou] = [await person(world.app, 'kaya'), await person(world.app, 'lou')]
  for (let n = 0; n < 3; n++) {
    await follow(world.app, lou, kaya.id)
    await world.work()
    await unfollow(world.app, lou, kaya.id)
    world.later(86_400_000)
  }
  const rows = await world.app.database.queries.selectFrom('notifications').select('id').where('account_id', '=', kaya.id).execute()
  expect(rows).toHaveLength(1)
})

test('a removed post takes its notifications along, and the unread count falls', async () => {
  const [nils, oda] = [await person(world.app, 'nils'), await person(world.app, 'oda')]
  const post = await createPost(world.app, nils, { text: '@oda look', audience: 'members' })
  await world.work()
  expect(await unreadCount(world.app, oda)).toBe(1)
  await removePost(world.app, nils, post.id)
  await world.work()
  expect(await unreadCount(world.app, oda)).toBe(0)
  expect(await told(oda)).toEqual([])
})

test('who is named by a later edit hears of it once', async () => {
  const [pia, quin] = [await person(world.app, 'pia'), await person(world.app, 'quin')]
  const post = await createPost(world.app, pia, { text: 'Bread and salt', audience: 'members' })
  await editPost(world.app, pia, post.id, { text: 'Bread and salt, @quin' })
  await world.work()
  await editPost(world.app, pia, post.id, { text: 'Bread and salt and oil, @quin' })
  expect((await told(quin)).map((group) => group.kind)).toEqual(['mention'])
})

test('who watches somebody hears of posts they may see, and of no others', async () => {
  const [rosa, sami] = [await person(world.app, 'rosa'), await person(world.app, 'sami')]
  await follow(world.app, sami, rosa.id, { notify: true })
  const open = await createPost(world.app, rosa, { text: 'For everybody', audience: 'members' })
  await createPost(world.app, rosa, { text: 'For @mara alone', audience: 'mentioned' })
  expect((await told(sami)).map((group) => [group.kind, group.post?.id])).toEqual([['post', open.id]])
  expect(await unreadCount(world.app, sami)).toBe(1)
})

test('a later block takes a person out of groups and counts; unblocking brings them back', async () => {
  const [theo, uma, vera] = [await person(world.app, 'theo'), await person(world.app, 'uma'), await person(world.app, 'vera')]
  const post = await createPost(world.app, theo, { text: 'Kites', audience: 'members' })
  await likePost(world.app, uma, post.id)
  await likePost(world.app, vera, post.id)
  await world.work()
  await block(world.app, theo, vera.id)
  expect((await told(theo)).map((group) => [group.count, group.accounts.map((one) => one.username)])).toEqual([[1, ['uma']]])
  await block(world.app, theo, uma.id)
  expect(await told(theo)).toEqual([])
  await unblock(world.app, theo, uma.id)
  expect(await told(theo)).toHaveLength(1)
})

test('one group is dismissed and comes back when something new happens', async () => {
  const [wim, xenia, yara] = [await person(world.app, 'wim'), await person(world.app, 'xenia'), await person(world.app, 'yara')]
  const post = await createPost(world.app, wim, { text: 'A boat', audience: 'members' })
  await likePost(world.app, xenia, post.id)
  await dismissGroup(world.app, wim, (await told(wim))[0]!.key)
  expect(await told(wim)).toEqual([])
  await likePost(world.app, yara, post.id)
  expect((await told(wim)).map((group) => group.accounts.map((one) => one.username))).toEqual([['yara']])
  await markAllRead(world.app, wim)
  expect(await unreadCount(world.app, wim)).toBe(0)
})

test('a locked account is asked, and once it accepts nobody hears twice', async () => {
  const [zoe, abel] = [await person(world.app, 'zoe', { locked: true }), await person(world.app, 'abel')]
  await follow(world.app, abel, zoe.id)
  expect((await told(zoe)).map((group) => group.kind)).toEqual(['follow_request'])
  await acceptFollow(world.app, zoe, abel.id)
  await tell(world.app, { type: 'follow.accepted', followerId: abel.id, followedId: zoe.id })
  expect((await told(zoe)).map((group) => group.kind)).toEqual(['follow'])
})

test('an announcement reaches every member once in their language, and one that starts later waits', async () => {
  const [owner, bea] = [await person(world.app, 'cleo', { role: 'owner' }), await person(world.app, 'bea')]
  await publishAnnouncement(world.app, owner, { text: 'The fair is on Saturday', translations: { ar: 'المعرض يوم السبت' } })
  await publishAnnouncement(world.app, owner, { text: 'Tomorrow', startsAt: new Date(world.app.now().getTime() + 86_400_000) })
  expect((await told(bea)).map((group) => [group.kind, group.data['text']])).toEqual([['announcement', 'The fair is on Saturday']])
  expect((await told({ ...bea, locale: 'ar' }, 'community')).map((group) => group.data['text'])).toEqual(['المعرض يوم السبت'])
  expect(await told(owner)).toEqual([])
})

test('a post comes to the open homes of followers and of those who follow its tag, not to those who muted its author', async () => {
  const [dana, eva, finn, gus] = [await person(world.app, 'dana'), await person(world.app, 'eva'), await person(world.app, 'finn'), await person(world.app, 'gus')]
  for (const one of [eva, finn]) await follow(world.app, one, dana.id)
  await mute(world.app, finn, dana.id)
  const everybody = [dana, eva, finn, gus].map((one) => one.id)
  const open = await createPost(world.app, dana, { text: 'Morning', audience: 'members' })
  expect([...await whoseHome(world.app, open.id, everybody)]).toEqual([eva.id])
  const answer = await createPost(world.app, dana, { text: 'To somebody you do not follow', audience: 'members', replyToId: (await createPost(world.app, gus, { text: 'Hm', audience: 'members' })).id })
  expect([...await whoseHome(world.app, answer.id, everybody)]).toEqual([])
  const secret = await createPost(world.app, dana, { text: 'Only @gus', audience: 'mentioned' })
  expect([...await whoseHome(world.app, secret.id, everybody)]).toEqual([])
})

test('a hundred likes of one post do not hide what is older: pages go on beyond them', async () => {
  const [hugo, iris] = [await person(world.app, 'hugo'), await person(world.app, 'iris')]
  const first = await createPost(world.app, iris, { text: '@hugo the first', audience: 'members' })
  await world.work()
  const post = await createPost(world.app, hugo, { text: 'Popular', audience: 'members' })
  const fans = await Promise.all(Array.from({ length: 40 }, (_, n) => person(world.app, `fan${n}`)))
  await tellMany(world.app, fans.map((fan) => ({ to: hugo.id, kind: 'like', from: fan.id, postId: post.id, group: `like:${post.id}` })))
  const page = await notificationGroups(world.app, hugo, { limit: 1 })
  expect(page.items[0]).toMatchObject({ kind: 'like', count: 40 })
  const older = await notificationGroups(world.app, hugo, { limit: 1, before: page.older! })
  expect(older.items[0]?.post?.id).toBe(first.id)
  expect(older.older).toBeNull()
})
