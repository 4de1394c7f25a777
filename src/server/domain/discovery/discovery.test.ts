import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '#server/domain/accounts/index.ts'
import { boostPost, createPost, likePost } from '#server/domain/posts/index.ts'
import { block, follow, followTag, mute } from '#server/domain/relationships/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { dismissSuggestion, popularTags, recomputeTrends, suggestions, tagSummary, trendingPosts, trendingTags } from './index.ts'
import { postScore, tagScore } from './score.ts'

let world: World
const people: Account[] = []
beforeAll(async () => {
  world = await openWorld()
  for (let n = 0; n < 12; n++) people.push(await person(world.app, `person${String.fromCharCode(97 + n)}`))
})
afterAll(() => world.close())

const aDay = (people: number, day = 0) => Array<number>(people).fill(12 + day * 24)

test('a tag that everybody uses every day scores less than one that bursts', () => {
  const daily = tagScore([...aDay(20), ...aDay(20, 1), ...aDay(20, 2)], Array<number>(11).fill(20))
  const burst = tagScore([...aDay(9), ...aDay(4, 1)], Array<number>(11).fill(1))
  expect(burst).toBeGreaterThan(daily)
  expect(Math.abs(daily)).toBeLessThan(0.001)
})

test('two people are no trend, however fresh; neither are two people and a post', () => {
  expect(tagScore([0, 0], [])).toBe(0)
  expect(postScore(2, 0)).toBe(0)
})

test('one more person never lowers a score, and waiting never raises it', () => {
  const ages = fc.array(fc.integer({ min: 0, max: 71 }), { minLength: 3, maxLength: 60 })
  const before = fc.array(fc.nat(50), { minLength: 11, maxLength: 11 })
  fc.assert(fc.property(ages, before, fc.integer({ min: 0, max: 71 }), (list, usual, age) => {
    expect(tagScore([...list, age], usual)).toBeGreaterThan(tagScore(list, usual))
    expect(tagScore(list.map((hours) => hours + 1), usual)).toBeLessThan(tagScore(list, usual))
  }))
  fc.assert(fc.property(fc.integer({ min: 3, max: 500 }), fc.nat(72), (people, hours) => {
    expect(postScore(people + 1, hours)).toBeGreaterThan(postScore(people, hours))
    expect(postScore(people, hours + 1)).toBeLessThan(postScore(people, hours))
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

test('one person on three days is one person: no trend', async () => {
  const app = world.app
  const [solo] = [await person(app, 'solo')]
  for (let n = 0; n < 3; n++) { await createPost(app, solo, { text: `Day ${n} #mydiary`, audience: 'public' }); world.later(20 * 3_600_000) }
  await recomputeTrends(app)
  expect((await trendingTags(app, 50)).map((tag) => tag.name)).not.toContain('mydiary')
  expect(await tagSummary(app, null, '#mydiary')).toMatchObject({ people: 1, posts: 3, followed: false })
  expect((await popularTags(app, 50)).map((tag) => tag.name)).toContain('mydiary')
})

test('who likes, boosts and answers a post is one person; sensitive and hidden words stay out', async () => {
  const app = world.app
  const [writer, fan, second] = [await person(app, 'writer'), await person(app, 'fan'), await person(app, 'second')]
  const alone = await createPost(app, writer, { text: 'One fan', audience: 'public' })
  for (const who of [fan, second]) { await likePost(app, who, alone.id); await boostPost(app, who, alone.id); await createPost(app, who, { text: 'Yes', audience: 'public', replyToId: alone.id }) }
  await likePost(app, writer, alone.id)
  await recomputeTrends(app)
  expect((await trendingPosts(app, fan, 20)).map((post) => post.id)).not.toContain(alone.id)
  await likePost(app, people[1]!, alone.id)
  await recomputeTrends(app)
  expect((await trendingPosts(app, fan, 20)).map((post) => post.id)).toContain(alone.id)
  await mute(app, fan, writer.id)
  expect((await trendingPosts(app, fan, 20)).map((post) => post.id)).not.toContain(alone.id)
})

test('a newcomer who follows nobody is shown who runs the place, never who hides from suggestions', async () => {
  const app = world.app
  const owner = await person(app, 'ownerone', { role: 'owner' })
  const shy = await person(app, 'shyone', { role: 'admin' })
  await app.database.queries.updateTable('accounts').set({ discoverable: false }).where('id', '=', shy.id).execute()
  world.later(301_000)
  const made = await suggestions(app, await person(app, 'newone'), 5)
  expect(made[0]).toMatchObject({ account: { username: owner.username }, reason: { kind: 'staff' } })
  expect(made.map((one) => one.account.username)).not.toContain('shyone')
})
