import { Readable } from 'node:stream'
import { photo } from '../../../../tests/media/samples.ts'
import { acceptUpload, describeMedia } from '#server/domain/media/index.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import type { Audience } from '#server/domain/posts/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { block } from '#server/domain/relationships/index.ts'
import { search, suggestPeople, suggestTags } from './index.ts'

let world: World
let mara: Account
let jose: Account
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara', { displayName: 'Mara Lindqvist' })
  jose = await person(world.app, 'jose_g', { displayName: 'José García' })
  await person(world.app, 'layla', { displayName: 'ليلى أحمد' })
  await person(world.app, 'gone', { displayName: 'José Gone', state: 'suspended' })
  const write = (text: string, audience: Audience = 'public') => createPost(world.app, jose, { text, audience })
  await write('The café by the river #Coffee')
  await write('زرت مكتبة المدينة اليوم #قهوة')
  await write('今日は東京でコーヒーを飲みました')
  await write('secret café', 'followers')
  await write('100% sure_thing')
})
afterAll(() => world.close())

const people = async (q: string, viewer: Account | null = mara) => (await search(world.app, viewer, { q, kind: 'people' })).people.map((one) => one.username)
const posts = async (q: string, viewer: Account | null = mara) => (await search(world.app, viewer, { q, kind: 'posts' })).posts.items.map((post) => post.text)

test('people are found without accents, with a slip, in their own script, never when suspended', async () => {
  expect(await people('jose garcia')).toEqual(['jose_g'])
  expect(await people('@JOSE_G')).toEqual(['jose_g'])
  expect(await people('Lindqvest')).toEqual(['mara'])
  expect(await people('ليلى')).toEqual(['layla'])
  expect(await people('gone')).toEqual([])
})

test('posts are found by words, Arabic spellings and parts of scripts without spaces', async () => {
  expect(await posts('cafe river')).toEqual(['The café by the river #Coffee'])
  expect(await posts('مكتبه')).toEqual(['زرت مكتبة المدينة اليوم #قهوة'])
  expect(await posts('東京')).toEqual(['今日は東京でコーヒーを飲みました'])
  expect(await posts('caf')).toEqual(['The café by the river #Coffee'])
  expect(await posts('%')).toEqual([])
  expect(await posts('café', jose)).toHaveLength(2)
})

test('tags are found, and suggested while one writes', async () => {
  expect((await search(world.app, null, { q: '#cof', kind: 'tags' })).tags).toEqual([{ name: 'coffee', displayName: 'Coffee', posts: 1 }])
  expect((await suggestTags(world.app, 'قهو')).map((tag) => tag.displayName)).toEqual(['قهوة'])
  expect((await suggestPeople(world.app, mara, 'gar')).map((one) => one.username)).toEqual(['jose_g'])
  expect((await suggestPeople(world.app, mara, '@jo')).map((one) => one.username)).toEqual(['jose_g'])
})

test('what somebody wrote about a picture is found like the post, by those who may see it', async () => {
  const pixels = await photo()
  const upload = async (description: string) => {
    const media = await acceptUpload(world.app, jose, Readable.from([pixels]), { name: 'a.jpg' })
    await describeMedia(world.app, jose, media.id, { description })
    return media.id
  }
  await createPost(world.app, jose, { text: 'this morning', audience: 'public', mediaIds: [await upload('A heron on the weathervane')] })
  await createPost(world.app, jose, { text: 'not for all', audience: 'mentioned', mediaIds: [await upload('A heron on the church')] })
  await upload('A heron that nobody posted')
  await world.work()
  expect(await posts('heron')).toEqual(['this morning'])
  expect(await posts('heron', jose)).toEqual(['not for all', 'this morning'])
  expect(await posts('weathervane')).toEqual(['this morning'])
})

test('nothing strange breaks it, and a block hides people', async () => {
  for (const q of ['', ' ', '\u0000', '"', '((', '\\', '!&|:*', '\ud800', 'x'.repeat(5000), '-', "'"]) await search(world.app, mara, { q })
  await block(world.app, jose, mara.id)
  expect(await people('jose')).toEqual([])
  expect(await posts('cafe')).toEqual([])
})

test('who searches without end is asked to wait, others are not', async () => {
  const slow = await openWorld({ HEARTH_RATE_LIMIT_SCALE: '0.05' })
  try {
    for (let n = 0; n < 3; n++) await search(slow.app, null, { q: 'bread', address: '192.0.2.1' })
    await expect(search(slow.app, null, { q: 'bread', address: '192.0.2.1' })).rejects.toMatchObject({ code: 'tooMany' })
    await search(slow.app, null, { q: 'bread', address: '192.0.2.2' })
  } finally { await slow.close() }
})

test('in a large community words are found page after page, newest first, whether many use them, few, or only inside of others', async () => {
  const { app } = world
  const reader = await person(app, 'reader')
  const first = BigInt(app.newId()) + 1000n
  const textAt = (n: number) => [`note ${n}`, ...(n % 100 === 0 ? ['harbour'] : []), ...([7, 17, 3117, 4093].includes(n) ? ['lanterns'] : []), ...(n < 4000 && n % 1000 === 33 ? ['breakwater'] : [])].join(' ')
  const texts = Array.from({ length: 4400 }, (_, n) => textAt(n))
  await app.database.pool.query(`insert into posts (id, author_id, audience, text, html, state, created_at) select $1::bigint + at, $2, (case when at % 400 = 1 then 'followers' else 'public' end)::audience, text, '', 'published', now()
    from unnest($3::text[]) with ordinality as x (text, at)`, [first, jose.id, texts])
  // What is for followers isn't among what others find: those at every 400th place.
  const expected = (word: string) => texts.filter((text, at) => text.includes(word) && at % 400 !== 0).toReversed()
  const walk = async (q: string) => {
    const found: string[] = []
    for (let before: string | undefined, more = true; more;) {
      const page = (await search(app, reader, { q, kind: 'posts' }, { before, limit: 10 })).posts
      found.push(...page.items.map((post) => post.text))
      before = page.older ?? undefined
      more = page.older !== null
    }
    return found
  }
  expect(expected('harbour')).toHaveLength(33)
  for (const word of ['harbour', 'lanterns', 'breakwater']) expect(await walk(word)).toEqual(expected(word))
  // Inside of other words, since nobody uses it by itself.
  expect(await walk('eakwat')).toEqual(expected('breakwater'))
  // Upwards from below.
  const { items } = (await search(app, reader, { q: 'harbour', kind: 'posts' }, { after: String(first), limit: 10 })).posts
  expect(items.map((post) => post.text)).toEqual(expected('harbour').slice(-10))
  await app.database.pool.query('delete from posts where id > $1', [first])
})
