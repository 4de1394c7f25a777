import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askedBy } from '../../../../tests/asked.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { block, follow } from '#server/domain/relationships/index.ts'
import * as posts from './index.ts'
import type { Audience } from './index.ts'

let world: World
let mara: Account
let jun: Account
let lina: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  lina = await person(world.app, 'lina')
  await follow(world.app, jun, mara.id)
})
afterAll(() => world.close())

const write = (author: Account, text: string, audience: Audience = 'public', more = {}) => posts.createPost(world.app, author, { text, audience, ...more })
const count = async (id: string) => (await world.app.database.pool.query('select posts_count as n from accounts where id = $1', [id])).rows[0].n

test('mara writes a post that names jun and a tag', async () => {
  const before = await count(mara.id)
  const post = await write(mara, 'Hello **@jun**, see #Garden at https://example.com')
  expect(post).toMatchObject({ audience: 'public', state: 'published', mentions: [{ username: 'jun' }], tags: ['Garden'], url: `/@mara/${post.id}` })
  expect(post.html).toContain('href="/@jun"')
  expect(await count(mara.id)).toBe(before + 1)
  expect((await posts.seePost(world.app, null, post.id)).viewer.mine).toBe(false)
})

test('the same key makes one post, even at once, whatever is in it', async () => {
  for (const text of ['once', 'once, @jun, see #Garden']) {
    const before = await count(mara.id)
    const made = await Promise.all([1, 2, 3].map(() => write(mara, text, 'public', { idempotencyKey: text })))
    made.push(await write(mara, text, 'public', { idempotencyKey: text }))
    expect(new Set(made.map((post) => post.id)).size).toBe(1)
    expect(await count(mara.id)).toBe(before + 1)
  }
  // Somebody else's key is another.
  expect((await write(lina, 'once', 'public', { idempotencyKey: 'once' })).author.id).toBe(lina.id)
})

test('what an author is shown of a post just written is what they see when they ask for it', async () => {
  const piece = fc.constantFrom('**', '_', '> ', '- ', '\n', '`', 'https://a.example/b', ':cat:', '<b>', '&', 'العربية', '日本', '👩‍👩‍👧‍👦', ' ', '@jun', '#tag')
  const text = fc.array(fc.oneof(piece, fc.string({ unit: 'grapheme', maxLength: 8 })), { minLength: 1, maxLength: 12 }).map((parts) => `x${parts.join('')}`)
  const draft = fc.record({
    text, audience: fc.constantFrom<Audience>('public', 'members', 'followers'),
  }, { requiredKeys: ['text', 'audience'] }).chain((must) => fc.record({
    warning: fc.string({ maxLength: 20 }), sensitive: fc.boolean(), language: fc.constantFrom('en', 'ar', 'pt-BR', 'no language'), quotePolicy: fc.constantFrom(...posts.quotePolicies), replyPolicy: fc.constantFrom(...posts.replyPolicies),
    idempotencyKey: fc.uuid(), appName: fc.constant('An app'),
  }, { requiredKeys: [] }).map((may) => ({ ...must, ...may })))
  let simple = 0
  const writer = { ...jun, preferences: { ...jun.preferences, quotePolicy: 'followers' as const } }
  await fc.assert(fc.asyncProperty(draft, fc.constantFrom(mara, writer), async (wish, author) => {
    const made = await posts.createPost(world.app, author, wish)
    if (made.mentions.length + made.tags.length === 0) simple++
    expect(made).toEqual(await posts.seePost(world.app, author, made.id))
  }), { numRuns: 60 })
  expect(simple).toBeGreaterThan(10)
})

test('what is empty, too long or in no circle is refused, and nothing is stored', async () => {
  const before = await count(mara.id)
  await expect(write(mara, ' \u0000\n ')).rejects.toMatchObject({ problems: [{ field: 'text', message: 'error.emptyPost' }] })
  await expect(write(mara, '👩‍👩‍👧‍👦'.repeat(5001))).rejects.toMatchObject({ problems: [{ field: 'text' }] })
  await expect(write(mara, 'x', 'world' as Audience)).rejects.toMatchObject({ code: 'badAudience' })
  await expect(write(mara, 'x', 'public', { poll: { options: ['a', 'a'], multiple: false, hideTotals: false, seconds: 600 } })).rejects.toMatchObject({ problems: [{ message: 'error.pollTwice' }] })
  expect((await write(mara, '👩‍👩‍👧‍👦'.repeat(5000))).state).toBe('published')
  expect(await count(mara.id)).toBe(before + 1)
})

test('each circle sees its posts, nobody else does', async () => {
  const sees = async (viewer: Account | null, id: string) => posts.seePost(world.app, viewer, id).then(() => true, () => false)
  const made = await Promise.all((['public', 'members', 'followers', 'mentioned'] as const).map((audience) => write(mara, 'to @lina', audience)))
  const plain = await write(mara, 'secret of followers', 'followers')
  expect(await Promise.all(made.map((post) => sees(null, post.id)))).toEqual([true, false, false, false])
  expect(await Promise.all(made.map((post) => sees(jun, post.id)))).toEqual([true, true, true, false])
  expect(await Promise.all(made.map((post) => sees(lina, post.id)))).toEqual([true, true, true, true])
  expect(await sees(lina, plain.id)).toBe(false)
  const enemy = await person(world.app, 'enemy')
  await block(world.app, mara, enemy.id)
  expect(await sees(enemy, made[0]!.id)).toBe(false)
  const waiting = await person(world.app, 'waiting', { state: 'pending' })
  expect(await Promise.all(made.map((post) => sees(waiting, post.id)))).toEqual([true, false, false, false])
})

test('an answer is never wider than what it answers, and whoever is answered can read it', async () => {
  const post = await write(mara, 'for followers', 'followers')
  const answer = await write(jun, 'me too', 'public', { replyToId: post.id })
  expect(answer).toMatchObject({ audience: 'followers', replyTo: { id: post.id } })
  expect((await posts.seePost(world.app, mara, answer.id)).text).toBe('me too')
  expect((await posts.seePost(world.app, mara, post.id)).repliesCount).toBe(1)
  await expect(write(lina, 'sneaky', 'public', { replyToId: post.id })).rejects.toMatchObject({ code: 'notFound' })
  await posts.removePost(world.app, jun, answer.id)
  expect((await posts.seePost(world.app, mara, post.id)).repliesCount).toBe(0)
})

test('likes, boosts and bookmarks count once and go away again', async () => {
  const post = await write(mara, 'likeable')
  await Promise.all([1, 2, 3].map(() => posts.likePost(world.app, jun, post.id)))
  await Promise.all([1, 2, 3].map(() => posts.boostPost(world.app, jun, post.id)))
  await posts.bookmarkPost(world.app, jun, post.id)
  expect(await posts.seePost(world.app, jun, post.id)).toMatchObject({ likesCount: 1, boostsCount: 1, viewer: { liked: true, boosted: true, bookmarked: true } })
  expect((await posts.likersOf(world.app, null, post.id)).items.map((one) => one.username)).toEqual(['jun'])
  expect((await posts.boostersOf(world.app, null, post.id)).items.map((one) => one.username)).toEqual(['jun'])
  await posts.unlikePost(world.app, jun, post.id)
  await posts.unboostPost(world.app, jun, post.id)
  await posts.unboostPost(world.app, jun, post.id)
  await posts.unbookmarkPost(world.app, jun, post.id)
  expect(await posts.seePost(world.app, jun, post.id)).toMatchObject({ likesCount: 0, boostsCount: 0, viewer: { liked: false, boosted: false, bookmarked: false } })
})

test('a post for followers is boosted by its author only, one for named people by nobody', async () => {
  const close = await write(mara, 'close', 'followers')
  await expect(posts.boostPost(world.app, jun, close.id)).rejects.toMatchObject({ code: 'cantBoost' })
  expect((await posts.boostPost(world.app, mara, close.id)).boostsCount).toBe(1)
  const secret = await write(mara, '@jun only', 'mentioned')
  await expect(posts.boostPost(world.app, mara, secret.id)).rejects.toMatchObject({ code: 'cantBoost' })
})

test('an edited post keeps what it said, from the first version', async () => {
  const post = await write(mara, 'frist #one')
  const edited = await posts.editPost(world.app, mara, post.id, { text: 'first #two' })
  expect(edited).toMatchObject({ text: 'first #two', tags: ['two'] })
  expect(edited.editedAt).not.toBeNull()
  expect((await posts.editsOf(world.app, jun, post.id)).map((edit) => edit.text)).toEqual(['frist #one', 'first #two'])
  await expect(posts.editPost(world.app, jun, post.id, { text: 'mine now' })).rejects.toMatchObject({ code: 'notFound' })
})

test('a removed post is gone with its boosts, and a moderator can hold and restore one', async () => {
  const post = await write(mara, 'to be removed')
  await posts.boostPost(world.app, jun, post.id)
  const before = await count(mara.id)
  await posts.setPostState(world.app, post.id, 'removed')
  await expect(posts.seePost(world.app, mara, post.id)).rejects.toMatchObject({ code: 'notFound' })
  expect(await count(mara.id)).toBe(before - 1)
  await posts.setPostState(world.app, post.id, 'published')
  expect((await posts.seePost(world.app, null, post.id)).boostsCount).toBe(1)
  await posts.removePost(world.app, mara, post.id)
  await expect(posts.seePost(world.app, mara, post.id)).rejects.toMatchObject({ code: 'notFound' })
  await expect(posts.moderatorPostViews(world.app, mara, [post.id])).rejects.toMatchObject({ kind: 'notAllowed' })
})

test('a poll is voted once, ends, and is told of once', async () => {
  const post = await write(mara, 'tea?', 'public', { poll: { options: ['yes', 'no', ''], multiple: false, hideTotals: true, seconds: 600 } })
  await expect(posts.votePoll(world.app, jun, post.id, [0, 1])).rejects.toMatchObject({ problems: [{ message: 'error.pollChoice' }] })
  const voted = await posts.votePoll(world.app, jun, post.id, [1])
  expect(voted.poll).toMatchObject({ voters: 1, ownVotes: [1], options: [{ votes: null }, { votes: null }] })
  await expect(posts.votePoll(world.app, jun, post.id, [0])).rejects.toMatchObject({ code: 'alreadyVoted' })
  world.later(601_000)
  await posts.endPolls(world.app)
  await posts.endPolls(world.app)
  expect((await posts.seePost(world.app, jun, post.id)).poll).toMatchObject({ ended: true, options: [{ votes: 0 }, { votes: 1 }] })
  await expect(posts.votePoll(world.app, lina, post.id, [0])).rejects.toMatchObject({ code: 'pollEnded' })
  const { rows } = await world.app.database.pool.query("select count(*)::int as n from graphile_worker._private_jobs where payload->>'type' = 'poll.ended'")
  expect(rows[0].n).toBe(1)
})

test('five posts can be pinned, a sixth not', async () => {
  const author = await person(world.app, 'pinner')
  for (let at = 0; at < 5; at++) await posts.pinPost(world.app, author, (await write(author, `pin ${at}`)).id)
  await expect(posts.pinPost(world.app, author, (await write(author, 'sixth')).id)).rejects.toMatchObject({ code: 'tooManyPins' })
})

test('a thread reads in order, with depth, in pages', async () => {
  const top = await write(mara, 'top')
  const a = await write(jun, 'a', 'public', { replyToId: top.id })
  const b = await write(lina, 'b', 'public', { replyToId: top.id })
  const aa = await write(mara, 'aa', 'public', { replyToId: a.id })
  const aaa = await write(jun, 'aaa', 'public', { replyToId: aa.id })
  const thread = await posts.threadOf(world.app, null, top.id)
  expect(thread.replies.map(({ post, depth }) => [post.text, depth])).toEqual([['a', 1], ['aa', 2], ['aaa', 3], ['b', 1]])
  const middle = await posts.threadOf(world.app, null, aa.id)
  expect([middle.ancestors.map((post) => post.text), middle.replies.map(({ post }) => post.id)]).toEqual([['top', 'a'], [aaa.id]])
  const first = await posts.threadOf(world.app, null, top.id, { limit: 3 })
  expect(first.moreReplies).toBe(aaa.id)
  expect((await posts.threadOf(world.app, null, top.id, { limit: 3, after: first.moreReplies! })).replies.map(({ post }) => post.id)).toEqual([b.id])
})

test('a post waits for its media, and only its author sees it meanwhile', async () => {
  const mediaId = world.app.newId<'media'>()
  await world.app.database.queries.insertInto('media').values({ id: mediaId, account_id: mara.id, kind: 'video', state: 'processing', key: `key-${mediaId}`, original_mime: 'video/mp4' }).execute()
  const post = await write(mara, 'film', 'public', { mediaIds: [mediaId] })
  expect(post.state).toBe('processing')
  await expect(posts.seePost(world.app, jun, post.id)).rejects.toMatchObject({ code: 'notFound' })
  await posts.publishPostOfMedia(world.app, mediaId)
  expect((await posts.seePost(world.app, mara, post.id)).state).toBe('processing')
  await world.app.database.pool.query("update media set state = 'ready' where id = $1", [mediaId])
  await posts.publishPostOfMedia(world.app, mediaId)
  await posts.publishPostOfMedia(world.app, mediaId)
  expect((await posts.seePost(world.app, jun, post.id)).state).toBe('published')
})

test('many posts are shown in a constant, small number of queries', async () => {
  for (let at = 0; at < 12; at++) await write(jun, `number ${at} @mara #tag${at}`, 'public', at % 3 ? {} : { poll: { options: ['a', 'b'], multiple: false, hideTotals: false, seconds: 600 } })
  const { rows } = await world.app.database.pool.query('select id from posts order by id desc')
  const ids = rows.map((row: { id: string }) => row.id)
  await posts.postViews(world.app, mara, ids.slice(0, 1))
  const asked = (await askedBy(async () => { expect((await posts.postViews(world.app, mara, ids)).length).toBeGreaterThan(12) })).length
  expect(asked).toBeGreaterThan(0)
  expect(asked).toBeLessThanOrEqual(8)
})

test('what is screened out is refused or held', async () => {
  posts.useScreen(world.app, async (_app, { text }) => text.includes('spam') ? { act: 'refuse', code: 'badTag' } : text.includes('odd') ? { act: 'hold' } : { act: 'pass' })
  await expect(write(mara, 'spam')).rejects.toMatchObject({ code: 'badTag' })
  const held = await write(mara, 'odd')
  expect(held.state).toBe('held')
  await expect(posts.seePost(world.app, jun, held.id)).rejects.toMatchObject({ code: 'notFound' })
  await posts.setPostState(world.app, held.id, 'published')
  expect((await posts.seePost(world.app, jun, held.id)).state).toBe('published')
})
