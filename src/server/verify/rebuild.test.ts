import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../tests/people.ts'
import { openWorld } from '../../../tests/world.ts'
import type { World } from '../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { recomputeTrends } from '#server/domain/discovery/index.ts'
import { boostPost, createPost, likePost, votePoll } from '#server/domain/posts/index.ts'
import { follow } from '#server/domain/relationships/index.ts'
import { search } from '#server/domain/search/index.ts'
import { rebuild, verifyCommunity } from './index.ts'

let world: World
let mara: Account, jun: Account
let first: string
beforeAll(async () => {
  world = await openWorld()
  const { app } = world
  ;[mara, jun] = [await person(app, 'mara'), await person(app, 'jun')]
  await follow(app, mara, jun.id)
  const post = await createPost(app, jun, { text: 'The swallows are back. #birds', audience: 'public' })
  first = post.id
  const answer = await createPost(app, mara, { text: 'Here too. #birds', audience: 'public', replyToId: post.id })
  await createPost(app, jun, { text: 'How many?', audience: 'public', replyToId: answer.id })
  const poll = await createPost(app, jun, { text: 'Which?', audience: 'public', poll: { options: ['Bird', 'Bat'], multiple: false, hideTotals: false, seconds: 3600 } })
  await votePoll(app, mara, poll.id, [0])
  await likePost(app, mara, post.id)
  await boostPost(app, mara, post.id)
  await world.work()
  await recomputeTrends(app)
})
afterAll(() => world?.close())

const wrong = async () => [...new Set((await verifyCommunity(world.app, undefined, true)).differences.map(({ what }) => what))].toSorted()
const change = (statement: string) => world.app.database.pool.query(statement)

test('spoiled counters are named, set right, and nothing is wrong afterwards', async () => {
  await change('update accounts set posts_count = posts_count + 7, followers_count = 9, following_count = 9')
  await change('update posts set likes_count = 40, boosts_count = 40, replies_count = 40, media_count = 4')
  await change('update poll_options set votes_count = 12')
  await change('update polls set voters_count = 12')
  expect(await wrong()).toEqual(['accounts.followers_count', 'accounts.following_count', 'accounts.posts_count', 'poll_options.votes_count', 'polls.voters_count', 'posts.boosts_count', 'posts.likes_count', 'posts.media_count', 'posts.replies_count'])
  const steps: string[] = []
  expect(await rebuild(world.app, 'counts', (what) => steps.push(what))).toMatchObject({ 'accounts.posts_count': 2, 'posts.likes_count': 5, 'poll_options.votes_count': 2 })
  expect(steps).toContain('posts.likes_count')
  expect(await wrong()).toEqual([])
  expect(await rebuild(world.app, 'counts')).toEqual({})
})

test('while they are set right, who likes is not forgotten', async () => {
  const { app } = world
  const fans = await Promise.all(Array.from({ length: 12 }, (_, n) => person(app, `fan${n}`)))
  await change(`update posts set likes_count = 500 where id = ${first}`)
  await Promise.all([rebuild(app, 'counts'), ...fans.map((fan) => likePost(app, fan, first)), rebuild(app, 'counts')])
  await rebuild(app, 'counts')
  expect(await wrong()).toEqual([])
  expect((await change(`select likes_count from posts where id = ${first}`)).rows[0].likes_count).toBe(13)
})

test('answers that lost their thread find back, and kept answers go', async () => {
  await change('update posts set thread_id = id, reply_to_author_id = null where reply_to_id is not null')
  await change("update accounts set last_post_at = null where username = 'jun'")
  expect(await wrong()).toEqual(['accounts.last_post_at', 'posts.reply_to_author_id', 'posts.thread_id'])
  const keeper = world.app.changes.keeper<string>(10_000)
  keeper.keep('x', 'old', { words: new Set(['p1']), until: Infinity }, { bytes: 3, since: keeper.mark() })
  await rebuild(world.app, 'timelines')
  expect(await world.app.changes.settled()).toBe(true)
  expect(keeper.get('x', 0)).toBeUndefined()
  expect(await wrong()).toEqual([])
})

test('trends that went wrong are counted anew', async () => {
  await recomputeTrends(world.app)
  await change('update tag_days set posts = posts + 3, people = people + 1')
  expect(await wrong()).toEqual(['tag_days'])
  await rebuild(world.app, 'trends')
  expect(await wrong()).toEqual([])
})

test('words by which search would no longer find a post are made anew', async () => {
  const found = async () => (await search(world.app, mara, { q: 'swallows' })).posts.items.length
  const { rows: [{ code }] } = await change("select pg_get_functiondef('search_fold(text)'::regprocedure) as code")
  // As after a change of how words are folded: what was written before is known by other words.
  await change("create or replace function search_fold(value text) returns text language sql immutable parallel safe strict as $$ select 'lost' $$")
  await change(`update posts set text = text where id = ${first}`)
  await change(code)
  expect(await wrong()).toEqual(['posts.search'])
  await rebuild(world.app, 'search')
  expect([await found(), await wrong()]).toEqual([1, []])
})
