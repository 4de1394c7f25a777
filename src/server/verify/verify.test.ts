import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../tests/people.ts'
import { openWorld } from '../../../tests/world.ts'
import type { World } from '../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { recomputeTrends } from '#server/domain/discovery/index.ts'
import { acceptUpload, blobName } from '#server/domain/media/index.ts'
import { boostPost, createPost, likePost, removePost, unlikePost, votePoll } from '#server/domain/posts/index.ts'
import { follow, unfollow } from '#server/domain/relationships/index.ts'
import sharp from 'sharp'
import { verifyCommunity } from './index.ts'

let world: World
let mara: Account
let jun: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
})
afterAll(() => world.close())

const wrong = async () => (await verifyCommunity(world.app)).differences.map(({ what }) => what)
const change = (statement: string) => world.app.database.pool.query(statement)

test('after members wrote, answered, liked, boosted, voted and took things back, everything agrees', async () => {
  const { app } = world
  await follow(app, mara, jun.id)
  await follow(app, jun, mara.id)
  await unfollow(app, jun, mara.id)
  const first = await createPost(app, jun, { text: 'The swallows are back. #birds', audience: 'public' })
  for (const name of ['ana', 'bo', 'cem']) await createPost(app, await person(app, name), { text: 'I saw them too! #birds', audience: 'public' })
  const answer = await createPost(app, mara, { text: 'Here too.', audience: 'public', replyToId: first.id })
  const sorry = await createPost(app, mara, { text: 'No, a bat.', audience: 'public', replyToId: answer.id })
  await createPost(app, jun, { text: 'Which?', audience: 'public', poll: { options: ['Bird', 'Bat'], multiple: true, hideTotals: false, seconds: 3600 } }).then((poll) => votePoll(app, mara, poll.id, [0, 1]))
  await likePost(app, mara, first.id)
  await boostPost(app, mara, first.id)
  await likePost(app, jun, answer.id)
  await unlikePost(app, jun, answer.id)
  await removePost(app, mara, sorry.id)
  const picture = await acceptUpload(app, mara, Readable.from([await sharp({ create: { width: 60, height: 40, channels: 3, background: '#2a6' } }).png().toBuffer()]), {})
  await createPost(app, mara, { text: '', audience: 'public', mediaIds: [picture.id] })
  await world.work()
  await recomputeTrends(app)
  const { checked, differences } = await verifyCommunity(app)
  expect(differences).toEqual([])
  expect(checked.find(({ name }) => name === 'posts.likes_count')?.rows).toBe(9)
})

test.each([
  ['accounts.posts_count', 'update accounts set posts_count = posts_count + $ where username = \'jun\''],
  ['accounts.followers_count', 'update accounts set followers_count = followers_count + $ where username = \'jun\''],
  ['accounts.following_count', 'update accounts set following_count = following_count + $ where username = \'mara\''],
  ['posts.likes_count', 'update posts set likes_count = likes_count + $ where reply_to_id is null and likes_count in (1, 2)'],
  ['posts.boosts_count', 'update posts set boosts_count = boosts_count + $ where boosts_count in (1, 2)'],
  ['posts.replies_count', 'update posts set replies_count = replies_count + $ where replies_count in (1, 2) and reply_to_id is null'],
  ['posts.media_count', 'update posts set media_count = media_count + $ where media_count in (1, 2)'],
  ['poll_options.votes_count', 'update poll_options set votes_count = votes_count + $'],
  ['polls.voters_count', 'update polls set voters_count = voters_count + $'],
  ['tag_days', 'update tag_days set posts = posts + $'],
])('a wrong %s is found', async (what, statement) => {
  await change(statement.replace('$', '1'))
  const found = await wrong()
  await change(statement.replace('$', '-1'))
  expect([...new Set(found)]).toEqual([what])
  expect(await wrong()).toEqual([])
})

test('an answer that lost its thread, a file that is gone, a file that nobody owns and a dead job are found', async () => {
  await change('update posts set thread_id = id where reply_to_id is not null')
  expect(await wrong()).toEqual(['posts.thread_id'])
  await change('update posts p set thread_id = r.thread_id from posts r where r.id = p.reply_to_id')

  const { rows: [media] } = await world.app.database.pool.query<{ sha256: Buffer }>('select sha256 from media_files where name <> \'original\'')
  const name = blobName(media!.sha256)
  const bytes = await buffer((await world.app.files.read(name))!)
  await world.app.files.remove(name)
  expect(await wrong()).toEqual(['media files'])
  await world.app.files.put(name, Buffer.from('shorter'))
  expect(await wrong()).toEqual(['media files'])
  await world.app.files.put(name, Buffer.alloc(bytes.length))
  expect(await wrong()).toEqual([])
  expect((await verifyCommunity(world.app, () => {}, true)).differences).toMatchObject([{ what: 'media files', found: 'other bytes of the same length' }])
  await world.app.files.put(name, bytes)
  expect((await verifyCommunity(world.app, () => {}, true)).differences).toEqual([])

  await world.app.files.put('zz/zznobody/still.webp', Buffer.from('lost'))
  expect(await wrong()).toEqual([])
  world.later(2 * 3_600_000)
  expect(await wrong()).toEqual(['files without a row'])
  await world.app.files.remove('zz/zznobody')
  const stray = blobName(Buffer.alloc(32, 7))
  await world.app.files.put(stray, Buffer.from('lost'))
  world.later(4 * 3_600_000)
  expect(await wrong()).toEqual(['files without a row'])
  await world.app.files.remove(stray)

  await world.app.database.inTransaction((tx) => world.app.jobs.add(tx, 'noSuchTask', {}, { maxAttempts: 1 }))
  await change('update graphile_worker._private_jobs set attempts = max_attempts where max_attempts = 1')
  expect(await wrong()).toEqual(['graphile_worker._private_jobs given up'])
})
