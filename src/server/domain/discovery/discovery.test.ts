import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '#server/domain/accounts/index.ts'
import { boostPost, createPost, likePost } from '#server/domain/posts/index.ts'
import { block, follow, followTag, mute } from '#server/domain/relationships/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { dismissSuggestion, recomputeTrends, suggestions, tagScore, tagSummary, trendingPosts, trendingTags } from './index.ts'

let world: World
const people: Account[] = []
beforeAll(async () => {
  world = await openWorld()
  for (let n = 0; n < 12; n++) people.push(await person(world.app, `person${String.fromCharCode(97 + n)}`))
})
afterAll(() => world.close())

test('a tag that everybody uses every day scores less than one that bursts', () => {
  const daily = Array<number>(14).fill(20)
  const burst = [...Array<number>(12).fill(1), 4, 9]
  expect(tagScore(burst)).toBeGreaterThan(tagScore(daily))
  expect(tagScore(Array<number>(14).fill(0))).toBe(0)
})

test('more people today never lower a tag’s score', () => {
  fc.assert(fc.property(fc.array(fc.nat(500), { minLength: 14, maxLength: 14 }), fc.nat(500), (days, more) => {
    expect(tagScore([...days.slice(0, 13), days[13]! + more])).toBeGreaterThanOrEqual(tagScore(days))
  }))
})

test('trends count people, not posts: one person writing ten times is one', async () => {
  for (let n = 0; n < 10; n++) await createPost(world.app, people[0]!, { text: `Look, number ${n} #loud`, audience: 'public' })
  for (const who of people.slice(0, 4)) await createPost(world.app, who, { text: 'Snow at last #firstsnow', audience: 'members' })
  for (const who of people.slice(0, 4)) await createPost(world.app, who, { text: 'Just us #secret', audience: 'followers' })
  await recomputeTrends(world.app)
  const tags = await trendingTags(world.app)
  expect(tags.map((tag) => [tag.name, tag.people])).toEqual([['firstsnow', 4]])
  expect(tags[0]!.days.at(-1)).toBe(4)
  expect(await tagSummary(world.app, people[0]!, 'FirstSnow')).toMatchObject({ followed: false })
  await followTag(world.app, people[0]!, 'firstsnow')
  expect(await tagSummary(world.app, people[0]!, 'firstsnow')).toMatchObject({ followed: true })
})

test('popular posts are those that several people answered to, and a blocked reader does not see them', async () => {
  const post = await createPost(world.app, people[5]!, { text: 'The heron is back', audience: 'public' })
  for (const who of people.slice(0, 4)) await likePost(world.app, who, post.id)
  await boostPost(world.app, people[1]!, post.id)
  await recomputeTrends(world.app)
  expect((await trendingPosts(world.app, people[2]!)).map((one) => one.id)).toEqual([post.id])
  await block(world.app, people[5]!, people[2]!.id)
  expect(await trendingPosts(world.app, people[2]!)).toEqual([])
})

test('suggestions say why, and never show who is followed, muted, blocked, dismissed or oneself', async () => {
  const [me, a, b, known, muted, dismissed] = [people[6]!, people[7]!, people[8]!, people[9]!, people[10]!, people[11]!]
  await follow(world.app, me, a.id)
  await follow(world.app, me, b.id)
  for (const target of [known, muted, dismissed]) for (const by of [a, b]) await follow(world.app, by, target.id)
  await mute(world.app, me, muted.id)
  await dismissSuggestion(world.app, me, dismissed.id)
  await block(world.app, people[0]!, me.id)
  const made = await suggestions(world.app, me, 20)
  const names = made.map((one) => one.account.username)
  expect(made[0]).toMatchObject({ account: { username: known.username }, reason: { kind: 'friends', count: 2 } })
  for (const one of [me, a, b, muted, dismissed, people[0]!]) expect(names).not.toContain(one.username)
  expect(new Set(names).size).toBe(names.length)
})
