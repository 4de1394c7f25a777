import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { homeTimeline } from '#server/domain/timelines/index.ts'
import * as rel from './index.ts'

let world: World
let mara: Account
let jun: Account
let lina: Account
let omar: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  lina = await person(world.app, 'lina')
  omar = await person(world.app, 'omar')
})
afterAll(() => world.close())
const between = async (viewer: Account, other: Account) => (await rel.relationshipViews(world.app, viewer, [other.id])).get(other.id)!

test('a note about somebody is only for who wrote it', async () => {
  expect((await rel.noteAccount(world.app, mara, jun.id, ' met at the harbour ')).note).toBe('met at the harbour')
  expect((await between(jun, mara)).note).toBe('')
  expect((await between(lina, jun)).note).toBe('')
  expect((await rel.noteAccount(world.app, mara, jun.id, '')).note).toBe('')
  await expect(rel.noteAccount(world.app, mara, jun.id, 'x'.repeat(2001))).rejects.toMatchObject({ problems: [{ field: 'comment' }] })
  await expect(rel.noteAccount(world.app, mara, '12', 'x')).rejects.toMatchObject({ code: 'notFound' })
})

test('people are shown on a profile while they are followed', async () => {
  await expect(rel.endorse(world.app, mara, jun.id)).rejects.toMatchObject({ code: 'notFound' })
  for (const one of [jun, lina]) { await rel.follow(world.app, mara, one.id); await rel.endorse(world.app, mara, one.id) }
  expect((await rel.endorse(world.app, mara, jun.id)).endorsed).toBe(true)
  const shown = async (viewer: Account | null) => (await rel.endorsedBy(world.app, viewer, mara.id)).items.map((one) => one.username)
  expect(await shown(null)).toEqual(['lina', 'jun'])
  await rel.block(world.app, lina, omar.id)
  expect(await shown(omar)).toEqual(['jun'])
  await rel.unblock(world.app, lina, omar.id)
  await rel.unfollow(world.app, mara, jun.id)
  expect(await shown(null)).toEqual(['lina'])
  expect((await rel.unendorse(world.app, mara, lina.id)).endorsed).toBe(false)
  expect(await shown(null)).toEqual([])
})

test('who among those one follows knows somebody', async () => {
  await rel.follow(world.app, mara, jun.id)
  for (const one of [jun, lina, mara]) await rel.follow(world.app, one, omar.id)
  const known = async () => [...await rel.familiarFollowers(world.app, mara, [omar.id, jun.id, 'x'])].map(([id, people]) => [id, people.map((one) => one.username)])
  expect(await known()).toEqual([[omar.id, ['lina', 'jun']], [jun.id, []]])
  await rel.unfollow(world.app, mara, lina.id)
  expect(await known()).toEqual([[omar.id, ['jun']], [jun.id, []]])
})

test('somebody can be followed for some languages only', async () => {
  const write = (text: string, language?: string) => createPost(world.app, jun, { text, audience: 'members', language })
  await write('english', 'en')
  await write('deutsch', 'de-CH')
  await write('no language')
  const home = async () => (await homeTimeline(world.app, mara)).items.map((post) => post.text)
  expect(await home()).toEqual(['no language', 'deutsch', 'english'])
  expect(await rel.follow(world.app, mara, jun.id, { languages: ['de', 'AR'] })).toMatchObject({ languages: ['de', 'ar'] })
  expect(await home()).toEqual(['no language', 'deutsch'])
  expect((await rel.follow(world.app, mara, jun.id, { notify: true })).languages).toEqual(['de', 'ar'])
  expect((await rel.follow(world.app, mara, jun.id, { languages: [] })).languages).toBeNull()
  expect(await home()).toHaveLength(3)
  await expect(rel.follow(world.app, mara, jun.id, { languages: ['klingon!'] })).rejects.toMatchObject({ code: 'badLanguage' })
  await rel.mute(world.app, mara, jun.id, { hideNotifications: false })
  expect(await between(mara, jun)).toMatchObject({ muting: true, mutingNotifications: false })
})
