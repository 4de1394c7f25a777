import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { directory } from '#server/domain/discovery/index.ts'
import { markRead } from '#server/domain/notifications/index.ts'
import { boostPost, createPost } from '#server/domain/posts/index.ts'
import type { Audience } from '#server/domain/posts/index.ts'
import { block } from '#server/domain/relationships/index.ts'
import { communityTimeline, tagTimeline } from '#server/domain/timelines/index.ts'
import { markersOf, setMarkers } from '#server/domain/markers/index.ts'
import { featuredTags, featureTag, suggestedTags, unfeatureTag } from './index.ts'

let world: World
let mara: Account
let jun: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
})
afterAll(() => world.close())
const write = (text: string, audience: Audience = 'public', who = mara) => createPost(world.app, who, { text, audience })

test('a profile shows tags with what the viewer may see of them', async () => {
  for (const text of ['#Gärten', '#garten #sea', 'more #garten']) await write(text)
  const members = await write('#garten among us', 'members')
  await write('#garten #secret between us', 'followers')
  await write('#garten', 'public', jun)
  expect(await suggestedTags(world.app, mara)).toEqual([{ name: 'garten', displayName: 'Gärten' }, { name: 'sea', displayName: 'sea' }])
  const made = await featureTag(world.app, mara, '#Gärten')
  await featureTag(world.app, mara, 'garten')
  expect(await featuredTags(world.app, jun, mara.id)).toEqual([{ id: made.id, name: 'garten', displayName: 'Gärten', postsCount: 4, lastPostAt: members.createdAt }])
  expect(await featuredTags(world.app, null, mara.id)).toMatchObject([{ postsCount: 3 }])
  expect((await suggestedTags(world.app, mara)).map((tag) => tag.name)).toEqual(['sea'])
  await expect(featureTag(world.app, mara, 'two words')).rejects.toMatchObject({ code: 'badTag' })
  await expect(unfeatureTag(world.app, jun, { id: made.id })).rejects.toMatchObject({ code: 'notFound' })
  await unfeatureTag(world.app, mara, { name: 'GARTEN' })
  expect(await featuredTags(world.app, mara, mara.id)).toEqual([])
  const many = await Promise.allSettled(Array.from({ length: 12 }, (_, at) => featureTag(world.app, mara, `tag${at}`)))
  expect(many.filter((one) => one.status === 'fulfilled')).toHaveLength(10)
})

test('a tag’s posts can be asked for with others beside it, or without', async () => {
  const found = async (name: string, more: Parameters<typeof tagTimeline>[3] = {}) => (await tagTimeline(world.app, null, name, more)).items.map((post) => post.text)
  await write('#sea #boats')
  expect(await found('sea')).toEqual(['#sea #boats', '#garten #sea'])
  expect(await found('sea', { all: ['garten'] })).toEqual(['#garten #sea'])
  expect(await found('sea', { none: ['#Gärten'] })).toEqual(['#sea #boats'])
  expect(await found('boats', { any: ['garten'], none: ['sea'] })).toEqual(['#garten', 'more #garten', '#Gärten'])
  expect(await found('boats', { any: ['sea', 'garten'], limit: 2 })).toEqual(['#sea #boats', '#garten'])
  expect(await found('sea', { all: ['not a tag'] })).toEqual([])
})

test('the directory has who wants to be found, the latest writer or the newest member first', async () => {
  const omar = await person(world.app, 'omar')
  const names = async (ask: Parameters<typeof directory>[2] = {}, viewer: Account | null = null) => (await directory(world.app, viewer, ask)).map((one) => one.username)
  await write('I am here', 'public', jun)
  expect(await names()).toEqual(['jun', 'mara', 'omar'])
  expect(await names({ order: 'new' })).toEqual(['omar', 'jun', 'mara'])
  expect(await names({ offset: 1, limit: 1 })).toEqual(['mara'])
  await block(world.app, omar, jun.id)
  expect(await names({}, jun)).toEqual(['jun', 'mara'])
})

test('a boost can be for fewer people than the post, never for more', async () => {
  const omar = await person(world.app, 'omar2')
  const post = await write('hear ye', 'members')
  await boostPost(world.app, jun, post.id, { audience: 'followers' })
  await boostPost(world.app, omar, post.id, { audience: 'public' })
  const { rows } = await world.app.database.pool.query<{ audience: string }>('select audience from posts where boost_of_id = $1 order by id', [post.id])
  expect(rows.map((row) => row.audience)).toEqual(['followers', 'members'])
  await expect(boostPost(world.app, mara, post.id, { audience: 'mentioned' })).rejects.toMatchObject({ code: 'badAudience' })
  expect((await communityTimeline(world.app, null)).items.map((one) => one.text)).not.toContain('hear ye')
})

test('reading goes on where it stopped, in every place', async () => {
  expect(await markersOf(world.app, mara)).toEqual({})
  const [low, high] = [world.app.newId(), world.app.newId()]
  expect(await setMarkers(world.app, mara, { home: high, notifications: high })).toMatchObject({ home: { lastReadId: high, version: 1 }, notifications: { lastReadId: high, version: 1 } })
  expect(await setMarkers(world.app, mara, { home: low, notifications: low })).toMatchObject({ home: { lastReadId: low, version: 2 }, notifications: { lastReadId: high, version: 2 } })
  await markRead(world.app, mara, world.app.newId())
  expect(await markersOf(world.app, mara, ['notifications'])).toMatchObject({ notifications: { version: 3 } })
  await expect(setMarkers(world.app, mara, { home: 'x' })).rejects.toMatchObject({ code: 'badMarker' })
  expect(await markersOf(world.app, jun)).toEqual({})
})
