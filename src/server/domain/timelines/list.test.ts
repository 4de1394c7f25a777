import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { addToList, changeList, createList } from '#server/domain/lists/index.ts'
import type { ListView } from '#server/domain/lists/index.ts'
import { boostPost, createPost } from '#server/domain/posts/index.ts'
import type { Draft, Page, PostView } from '#server/domain/posts/index.ts'
import { block, follow, mute, unblock, unmute } from '#server/domain/relationships/index.ts'
import { homeTimeline, listsOfPost, listTimeline } from './index.ts'

let world: World
let mara: Account
let jun: Account
let lina: Account
let omar: Account
let list: ListView
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  lina = await person(world.app, 'lina')
  omar = await person(world.app, 'omar')
  for (const one of [jun, lina]) await follow(world.app, mara, one.id)
  list = await createList(world.app, mara, { title: 'Close' })
  await addToList(world.app, mara, list.id, [jun.id])
})
afterAll(() => world.close())
const write = (who: Account, text: string, more: Partial<Draft> = {}) => createPost(world.app, who, { text, audience: 'members', ...more })
const texts = (page: Page<PostView>) => page.items.map((post) => post.boostOf ? `boost: ${post.boostOf.text}` : post.text)
const onList = async (who = mara) => texts(await listTimeline(world.app, who, list.id))
const home = async () => texts(await homeTimeline(world.app, mara))

test('a list shows its members’ posts, and answers as its policy has it', async () => {
  const [fromMara, fromJun, fromLina, fromOmar] = [await write(mara, 'mara'), await write(jun, 'jun'), await write(lina, 'lina'), await write(omar, 'omar')]
  await write(jun, 'to mara', { replyToId: fromMara.id })
  await write(jun, 'to jun', { replyToId: fromJun.id })
  await write(jun, 'to lina', { replyToId: fromLina.id })
  const toOmar = await write(jun, 'to omar', { replyToId: fromOmar.id })
  await boostPost(world.app, jun, fromOmar.id)
  expect(await onList()).toEqual(['boost: omar', 'to jun', 'to mara', 'jun'])
  await changeList(world.app, mara, list.id, { repliesPolicy: 'followed' })
  expect(await onList()).toEqual(['boost: omar', 'to lina', 'to jun', 'to mara', 'jun'])
  await changeList(world.app, mara, list.id, { repliesPolicy: 'none' })
  expect(await onList()).toEqual(['boost: omar', 'to jun', 'to mara', 'jun'])
  expect(await listsOfPost(world.app, fromJun.id, [list.id])).toEqual(new Set([list.id]))
  expect(await listsOfPost(world.app, toOmar.id, [list.id])).toEqual(new Set())
  await expect(onList(lina)).rejects.toMatchObject({ code: 'notFound' })
  const first = await listTimeline(world.app, mara, list.id, { limit: 2 })
  expect(texts(await listTimeline(world.app, mara, list.id, { limit: 2, before: first.older! }))).toEqual(['to mara', 'jun'])
})

test('a list never shows what its owner may not see', async () => {
  await write(jun, 'for lina alone @lina', { audience: 'mentioned' })
  expect((await onList())[0]).toBe('boost: omar')
  await mute(world.app, mara, omar.id)
  expect(await onList()).not.toContain('boost: omar')
  await unmute(world.app, mara, omar.id)
  await block(world.app, omar, mara.id)
  expect(await onList()).not.toContain('boost: omar')
  await unblock(world.app, omar, mara.id)
  expect(await onList()).toContain('boost: omar')
})

test('an exclusive list keeps its members out of the home; others stay', async () => {
  expect(await home()).toContain('jun')
  await changeList(world.app, mara, list.id, { exclusive: true })
  expect(await home()).not.toContain('jun')
  expect(await home()).toContain('lina')
  await changeList(world.app, mara, list.id, { exclusive: false })
  expect(await home()).toContain('jun')
})
