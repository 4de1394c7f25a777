import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account, Viewer } from '#server/domain/accounts/index.ts'
import { notificationList } from '#server/domain/notifications/index.ts'
import { block, follow, mute, unblock, unmute } from '#server/domain/relationships/index.ts'
import * as posts from './index.ts'
import type { Audience, Draft, PostView } from './index.ts'

let world: World
let mara: Account
let jun: Account
let lina: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  lina = await person(world.app, 'lina')
  await follow(world.app, lina, mara.id)
})
afterAll(() => world.close())
const write = async (who: Account, text: string, audience: Audience = 'members', more: Partial<Draft> = {}) => {
  const post = await posts.createPost(world.app, who, { text, audience, ...more })
  await world.work()
  return post
}
const quote = (who: Account, quoted: PostView, more: Partial<Draft> = {}) => write(who, 'as she says', 'public', { quotedId: quoted.id, ...more })
const seen = async (viewer: Viewer, id: string) => { const { quote } = await posts.seePost(world.app, viewer, id); return [quote?.state, quote?.post?.text ?? null] }
const counted = async (post: PostView) => (await posts.seePost(world.app, mara, post.id)).quotesCount
const told = async (who: Account) => (await notificationList(world.app, who, { kinds: ['quote', 'quoted_update'] })).items.map((one) => `${one.kind} ${one.from?.username}: ${one.post?.text}`)

test('a quote shows what it quotes to those who may see it, and to nobody else', async () => {
  const original = await write(mara, 'for members')
  const made = await quote(jun, original)
  expect(made.quote).toMatchObject({ state: 'accepted', postId: original.id, post: { text: 'for members', quote: null } })
  expect(await seen(lina, made.id)).toEqual(['accepted', 'for members'])
  expect(await seen(null, made.id)).toEqual(['unauthorized', null])
  await block(world.app, mara, lina.id)
  expect(await seen(lina, made.id)).toEqual(['unauthorized', null])
  await unblock(world.app, mara, lina.id)
  await mute(world.app, lina, mara.id)
  expect(await seen(lina, made.id)).toEqual(['muted_account', 'for members'])
  await unmute(world.app, lina, mara.id)
  // A quote of a quote names it, without the post within.
  const chain = await quote(lina, made)
  expect(chain.quote?.post?.quote).toMatchObject({ state: 'accepted', postId: original.id, post: null })
  const boost = await posts.boostPost(world.app, lina, made.id).then(() => posts.ownBoostOf(world.app, lina, made.id))
  expect(boost.boostOf?.quote?.post?.text).toBe('for members')
})

test('its author hears of it, and who quotes hears of edits; counts follow', async () => {
  const original = await write(mara, 'count me')
  const made = await quote(jun, original)
  expect(await counted(original)).toBe(1)
  expect((await told(mara))[0]).toBe('quote jun: as she says')
  await posts.editPost(world.app, mara, original.id, { text: 'count me again' })
  await world.work()
  expect(await told(jun)).toEqual(['quote lina: as she says', 'quoted_update mara: as she says'].toReversed())
  expect((await posts.quotesOf(world.app, lina, original.id)).items.map((post) => post.id)).toEqual([made.id])
  await posts.removePost(world.app, jun, made.id)
  await world.work()
  expect([await counted(original), (await posts.quotesOf(world.app, lina, original.id)).items.length]).toEqual([0, 0])
  const next = await quote(jun, original)
  await posts.removePost(world.app, mara, original.id)
  expect(await seen(jun, next.id)).toEqual(['deleted', null])
  await posts.purgeDeletedPosts(world.app)
  world.later(31 * 86_400_000)
  await posts.purgeDeletedPosts(world.app)
  expect(await seen(jun, next.id)).toEqual(['deleted', null])
})

test('the author’s rule says who may quote; their own posts they may always', async () => {
  await follow(world.app, lina, mara.id)
  const may = async (viewer: Viewer, post: PostView) => (await posts.seePost(world.app, viewer, post.id)).viewer.canQuote
  const nobody = await write(mara, 'nobody', 'members', { quotePolicy: 'nobody' })
  await expect(quote(lina, nobody)).rejects.toMatchObject({ code: 'cantQuote' })
  expect((await quote(mara, nobody)).quote?.state).toBe('accepted')
  const followers = await posts.changeQuotePolicy(world.app, mara, nobody.id, 'followers')
  expect([followers.quotePolicy, await may(lina, followers), await may(jun, followers)]).toEqual(['followers', 'yes', 'no'])
  for (const audience of ['followers', 'mentioned'] as const) await expect(quote(lina, await write(mara, 'for @lina', audience))).rejects.toMatchObject({ code: 'cantQuote' })
  await expect(quote(jun, await write(mara, 'hidden', 'followers'))).rejects.toMatchObject({ code: 'notFound' })
  await expect(posts.changeQuotePolicy(world.app, jun, nobody.id, 'public')).rejects.toMatchObject({ code: 'notFound' })
  const careful = { ...mara, preferences: { quotePolicy: 'nobody' as const } }
  expect((await write(careful, 'as always')).quotePolicy).toBe('nobody')
  expect((await write(careful, 'for once', 'members', { quotePolicy: 'public' })).quotePolicy).toBe('public')
})

test('an asked author agrees, refuses, and takes back', async () => {
  const original = await write(mara, 'ask me', 'members', { quotePolicy: 'ask' })
  const made = await quote(lina, original)
  expect([await seen(jun, made.id), await counted(original)]).toEqual([['pending', null], 0])
  expect((await told(mara))[0]).toBe('quote lina: as she says')
  expect((await posts.quotesOf(world.app, mara, original.id, { waiting: true })).items.map((post) => post.id)).toEqual([made.id])
  await expect(posts.quotesOf(world.app, jun, original.id, { waiting: true })).rejects.toMatchObject({ code: 'notFound' })
  await expect(posts.acceptQuote(world.app, jun, made.id)).rejects.toMatchObject({ code: 'notFound' })
  await posts.acceptQuote(world.app, mara, made.id)
  expect([await seen(jun, made.id), await counted(original)]).toEqual([['accepted', 'ask me'], 1])
  await expect(posts.revokeQuote(world.app, mara, made.id, made.id)).rejects.toMatchObject({ code: 'notFound' })
  await posts.revokeQuote(world.app, mara, made.id, original.id)
  await posts.revokeQuote(world.app, mara, made.id)
  expect([await seen(jun, made.id), await counted(original)]).toEqual([['revoked', null], 0])
  await expect(posts.acceptQuote(world.app, mara, made.id)).rejects.toMatchObject({ code: 'quoteRefused' })
  const other = await quote(jun, original)
  await posts.revokeQuote(world.app, mara, other.id)
  expect(await seen(lina, other.id)).toEqual(['rejected', null])
})
