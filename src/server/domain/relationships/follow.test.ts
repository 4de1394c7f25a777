import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import * as rel from './index.ts'

let world: World
let mara: Account
let jun: Account
let lina: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  lina = await person(world.app, 'lina', { locked: true })
})
afterAll(() => world.close())

const counts = async (id: string) => {
  const { rows } = await world.app.database.pool.query('select followers_count as followers, following_count as following from accounts where id = $1', [id])
  return rows[0]
}
const between = async (viewer: Account, other: Account) => (await rel.relationshipViews(world.app, viewer, [other.id])).get(other.id)!

test('mara follows jun once, however often she presses the button at once', async () => {
  await Promise.all([1, 2, 3, 4].map(() => rel.follow(world.app, mara, jun.id)))
  expect((await between(mara, jun)).following).toBe(true)
  expect((await between(jun, mara)).followedBy).toBe(true)
  expect(await counts(jun.id)).toEqual({ followers: 1, following: 0 })
  expect((await rel.followers(world.app, null, jun.id)).items.map((one) => one.username)).toEqual(['mara'])
  await rel.follow(world.app, mara, jun.id, { notify: true, showBoosts: false })
  expect(await between(mara, jun)).toMatchObject({ notify: true, showBoosts: false })
  await rel.unfollow(world.app, mara, jun.id)
  await rel.unfollow(world.app, mara, jun.id)
  expect(await counts(jun.id)).toEqual({ followers: 0, following: 0 })
})

test('a locked account is asked, and answers', async () => {
  expect(await rel.follow(world.app, mara, lina.id)).toMatchObject({ following: false, requested: true })
  expect(await counts(lina.id)).toEqual({ followers: 0, following: 0 })
  expect((await rel.followRequests(world.app, lina)).items.map((one) => one.username)).toEqual(['mara'])
  expect(await rel.acceptFollow(world.app, lina, mara.id)).toMatchObject({ followedBy: true, requestedBy: false })
  await rel.acceptFollow(world.app, lina, mara.id)
  expect(await counts(lina.id)).toEqual({ followers: 1, following: 0 })
  await rel.removeFollower(world.app, lina, mara.id)
  expect(await counts(mara.id)).toEqual({ followers: 0, following: 0 })
  await expect(rel.acceptFollow(world.app, lina, mara.id)).rejects.toMatchObject({ code: 'notFound' })
  await rel.follow(world.app, mara, lina.id)
  await rel.refuseFollow(world.app, lina, mara.id)
  expect((await between(mara, lina)).requested).toBe(false)
})

test('a block ends follows both ways, and neither can follow again', async () => {
  await rel.follow(world.app, mara, jun.id)
  await rel.follow(world.app, jun, mara.id)
  expect(await rel.block(world.app, mara, jun.id)).toMatchObject({ following: false, followedBy: false, blocking: true })
  expect(await counts(mara.id)).toEqual({ followers: 0, following: 0 })
  await expect(rel.follow(world.app, jun, mara.id)).rejects.toMatchObject({ code: 'notFound' })
  await expect(rel.follow(world.app, mara, jun.id)).rejects.toMatchObject({ code: 'notFound' })
  expect((await between(jun, mara)).blockedBy).toBe(true)
  expect(await rel.hiddenAccountIds(world.app, jun)).toEqual(new Set([mara.id]))
  expect((await rel.blockedAccounts(world.app, mara)).items).toHaveLength(1)
  await rel.unblock(world.app, mara, jun.id)
  expect((await rel.follow(world.app, jun, mara.id)).following).toBe(true)
})

test('nobody follows themselves, the suspended, the deleted or the unknown', async () => {
  await expect(rel.follow(world.app, mara, mara.id)).rejects.toMatchObject({ code: 'followSelf' })
  for (const state of ['suspended', 'deleted', 'pending'] as const) {
    const gone = await person(world.app, `gone-${state}`, { state })
    await expect(rel.follow(world.app, mara, gone.id)).rejects.toMatchObject({ code: 'notFound' })
  }
  for (const id of ['1', 'x', '99999999999999999999']) await expect(rel.follow(world.app, mara, id)).rejects.toMatchObject({ code: 'notFound' })
})

test('a mute ends by itself', async () => {
  await rel.mute(world.app, mara, lina.id, { seconds: 3600 })
  expect((await between(mara, lina)).muting).toBe(true)
  expect((await rel.mutedAccounts(world.app, mara)).items).toHaveLength(1)
  world.later(3_601_000)
  expect((await between(mara, lina)).muting).toBe(false)
  expect(await rel.hiddenAccountIds(world.app, mara)).toEqual(new Set())
})

test('followers are paged by key, both ways', async () => {
  const star = await person(world.app, 'star')
  for (let at = 0; at < 7; at++) await rel.follow(world.app, await person(world.app, `fan${at}`), star.id)
  const names = (page: Awaited<ReturnType<typeof rel.followers>>) => page.items.map((one) => one.username)
  const first = await rel.followers(world.app, null, star.id, { limit: 3 })
  const second = await rel.followers(world.app, null, star.id, { limit: 3, before: first.older! })
  const third = await rel.followers(world.app, null, star.id, { limit: 3, before: second.older! })
  expect([names(first), names(second), names(third)]).toEqual([['fan6', 'fan5', 'fan4'], ['fan3', 'fan2', 'fan1'], ['fan0']])
  expect([first.newer, third.older]).toEqual([null, null])
  expect(names(await rel.followers(world.app, null, star.id, { limit: 3, after: third.newer! }))).toEqual(names(second))
})

test('tags can be followed before anybody used them', async () => {
  await rel.followTag(world.app, mara, '#Gärten')
  await rel.followTag(world.app, mara, 'garten')
  expect(await rel.followedTags(world.app, mara)).toEqual([{ name: 'garten', displayName: 'Gärten' }])
  await rel.unfollowTag(world.app, mara, 'GARTEN')
  expect(await rel.followedTags(world.app, mara)).toEqual([])
  await expect(rel.followTag(world.app, mara, 'two words')).rejects.toMatchObject({ code: 'badTag' })
})
