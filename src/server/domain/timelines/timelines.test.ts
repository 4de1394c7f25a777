import { afterAll, beforeAll, expect, test } from 'vitest'
import { askedBy } from '../../../../tests/asked.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Audience, Page, PostView } from '#server/domain/posts/index.ts'
import { bookmarkPost, boostPost, createPost, likePost, pinPost, removePost } from '#server/domain/posts/index.ts'
import { createFilter, filtersOf, removeFilter } from '#server/domain/filters/index.ts'
import { block, follow, followTag, mute, unblock, unmute } from '#server/domain/relationships/index.ts'
import { accountTimeline, bookmarkedPosts, communityTimeline, homeTimeline, likedPosts, newerCount, pinnedPosts, tagTimeline } from './index.ts'

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
  await follow(world.app, mara, jun.id)
  await follow(world.app, mara, lina.id)
})
afterAll(() => world.close())

const write = (author: Account, text: string, audience: Audience = 'public', more = {}) => createPost(world.app, author, { text, audience, ...more })
const texts = (page: Page<PostView>) => page.items.map((post) => post.boostOf ? `boost: ${post.boostOf.text}` : post.text)
const home = async () => texts(await homeTimeline(world.app, mara))

test('home holds what mara and the people she follows say, and not what others say', async () => {
  await write(omar, 'a stranger speaks')
  const strange = await write(omar, 'a stranger worth boosting')
  const start = await write(jun, 'jun begins', 'followers')
  await write(jun, 'jun answers a stranger', 'public', { replyToId: strange.id })
  await write(jun, 'jun answers himself', 'public', { replyToId: start.id })
  await write(lina, 'lina answers jun', 'members', { replyToId: (await write(jun, 'for lina')).id })
  await write(jun, 'whispered to nobody', 'mentioned')
  await write(jun, 'whispered to @mara', 'mentioned')
  await write(mara, 'mara herself')
  await boostPost(world.app, jun, strange.id)
  await boostPost(world.app, lina, strange.id)
  expect(await home()).toEqual(['boost: a stranger worth boosting', 'mara herself', 'whispered to @mara', 'lina answers jun', 'for lina', 'jun answers himself', 'jun begins'])
})

test('home leaves out the muted, the blocked, unwanted boosts and hidden words', async () => {
  await mute(world.app, mara, omar.id)
  expect(await home()).not.toContain('boost: a stranger worth boosting')
  await unmute(world.app, mara, omar.id)
  await follow(world.app, mara, jun.id, { showBoosts: false })
  await follow(world.app, mara, lina.id, { showBoosts: false })
  expect(await home()).not.toContain('boost: a stranger worth boosting')
  await follow(world.app, mara, jun.id, { showBoosts: true })
  await createFilter(world.app, mara, { title: 'Worth', contexts: ['home'], action: 'hide', keywords: [{ keyword: 'worth' }] })
  expect(await home()).not.toContain('boost: a stranger worth boosting')
  for (const filter of await filtersOf(world.app, mara)) await removeFilter(world.app, mara, filter.id)
  await createFilter(world.app, mara, { title: 'Begins', contexts: ['home'], keywords: [{ keyword: 'begins' }] })
  expect((await homeTimeline(world.app, mara)).items.find((post) => post.text === 'jun begins')?.filtered).toMatchObject([{ title: 'Begins', action: 'warn', keywordMatches: ['begins'] }])
  // For apps nothing is left out, whatever the place; they read what matched.
  await createFilter(world.app, mara, { title: 'Strangers', contexts: ['public'], action: 'hide', keywords: [{ keyword: 'worth' }] })
  expect(await home()).toContain('boost: a stranger worth boosting')
  expect(texts(await communityTimeline(world.app, jun))).toContain('a stranger worth boosting')
  expect(texts(await communityTimeline(world.app, mara))).not.toContain('a stranger worth boosting')
  const annotated = (await communityTimeline(world.app, mara, { annotate: true })).items.find((post) => post.text === 'a stranger worth boosting')
  expect(annotated?.filtered).toMatchObject([{ title: 'Strangers', action: 'hide', contexts: ['public'] }])
  for (const filter of await filtersOf(world.app, mara)) await removeFilter(world.app, mara, filter.id)
  await block(world.app, omar, mara.id)
  expect(await home()).not.toContain('boost: a stranger worth boosting')
  expect(texts(await communityTimeline(world.app, mara))).not.toContain('a stranger speaks')
  await unblock(world.app, omar, mara.id)
  expect(await home()).toContain('boost: a stranger worth boosting')
})

test('a followed tag brings strangers home', async () => {
  await write(omar, 'tomatoes #Gärten', 'members')
  await write(omar, 'secret #garten', 'followers')
  await followTag(world.app, mara, 'garten')
  expect(await home()).toContain('tomatoes #Gärten')
  expect(await home()).not.toContain('secret #garten')
  expect(texts(await tagTimeline(world.app, mara, '#GARTEN'))).toEqual(['tomatoes #Gärten'])
  expect(texts(await tagTimeline(world.app, null, 'garten'))).toEqual([])
})

test('pages lead older and newer over the same posts, without gaps', async () => {
  for (let at = 0; at < 12; at++) await write(at % 2 ? jun : lina, `number ${at}`)
  for (const list of [(ask: object) => homeTimeline(world.app, mara, ask), (ask: object) => communityTimeline(world.app, mara, ask), (ask: object) => accountTimeline(world.app, mara, jun.id, 'posts', ask)]) {
    const down: string[][] = []
    let page = await list({ limit: 4 })
    expect(page.newer).toBeNull()
    for (;;) {
      down.push(page.items.map((post) => post.id))
      if (!page.older) break
      page = await list({ limit: 4, before: page.older })
    }
    const all = (await list({ limit: 80 })).items.map((post) => post.id)
    expect(down.flat()).toEqual(all)
    let up = page
    for (let at = down.length - 2; at >= 0; at--) {
      up = await list({ limit: 4, after: up.newer! })
      expect(up.items.length).toBe(4)
    }
  }
})

test('the pill counts what others wrote since', async () => {
  const last = (await homeTimeline(world.app, mara)).items[0]!
  expect(await newerCount(world.app, mara, last.id)).toBe(0)
  await write(jun, 'new one')
  await write(mara, 'own one')
  await write(omar, 'not here')
  expect(await newerCount(world.app, mara, last.id)).toBe(1)
})

test('who is signed out reads what is public', async () => {
  await write(jun, 'for members', 'members')
  await write(jun, 'for all')
  const community = texts(await communityTimeline(world.app, null))
  expect(community).toContain('for all')
  expect(community).not.toContain('for members')
  expect(texts(await accountTimeline(world.app, null, jun.id, 'posts'))).not.toContain('for members')
})

test('a profile has posts, replies and pins; likes and bookmarks are kept in order', async () => {
  const one = await write(lina, 'first kept')
  const two = await write(lina, 'second kept')
  await likePost(world.app, mara, two.id)
  await likePost(world.app, mara, one.id)
  await bookmarkPost(world.app, mara, two.id)
  await pinPost(world.app, lina, two.id)
  expect(texts(await likedPosts(world.app, mara))).toEqual(['first kept', 'second kept'])
  expect(texts(await bookmarkedPosts(world.app, mara))).toEqual(['second kept'])
  expect((await pinnedPosts(world.app, null, lina.id)).map((post) => post.text)).toEqual(['second kept'])
  expect(texts(await accountTimeline(world.app, mara, lina.id, 'replies'))).toEqual(['lina answers jun'])
  expect(texts(await accountTimeline(world.app, mara, lina.id, 'media'))).toEqual([])
  await removePost(world.app, lina, one.id)
  expect(texts(await likedPosts(world.app, mara))).toEqual(['second kept'])
})

test('a tag that many write with is read at once, however busy, and nothing between its posts is missing', async () => {
  const reader = await person(world.app, 'reader')
  await follow(world.app, reader, lina.id)
  for (let n = 0; n < 30; n++) {
    await write(omar, `word ${n} of the #busiest`)
    if (n % 10 === 5) await write(lina, `lina between ${n}`)
  }
  await followTag(world.app, reader, 'busiest')
  const asked = await askedBy(async () => {
    const page = await homeTimeline(world.app, reader, { limit: 20 })
    expect(texts(page)).toEqual(Array.from({ length: 30 }, (_, n) => [`word ${n} of the #busiest`, ...n % 10 === 5 ? [`lina between ${n}`] : []]).flat().toReversed().slice(0, 20))
  })
  expect(asked.filter((text) => text.includes('followed as materialized'))).toHaveLength(1)
})
