import { Readable } from 'node:stream'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptUpload } from '#server/domain/media/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { addEmoji, allEmojis, customEmojis, setEmojiDisabled } from './index.ts'

let world: World
let mara: Account
let tomas: Account
let mediaId: string
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara', { role: 'owner' })
  tomas = await person(world.app, 'tomas')
  const picture = await sharp({ create: { width: 64, height: 64, channels: 4, background: '#c2410c' } }).png().toBuffer()
  mediaId = (await acceptUpload(world.app, mara, Readable.from([picture]), { name: 'loaf.png', purpose: 'instance' })).id
  await world.work()
})
afterAll(() => world.close())
const codeOf = (work: Promise<unknown>) => work.then(() => 'done', (error: { code?: string; problems?: { message: string }[] }) => error.problems?.[0]?.message ?? error.code)

test('an emoji that an admin adds shows in what members write from then on', async () => {
  await addEmoji(world.app, mara, { shortcode: ':Loaf:', mediaId, category: 'Bakery' })
  expect((await customEmojis(world.app)).map((one) => [one.shortcode, one.category])).toEqual([['loaf', 'Bakery']])
  const post = await createPost(world.app, tomas, { text: 'Fresh :loaf: today, no :cake:', audience: 'members' })
  expect(post.html).toMatch(/<img src="\/media\/files\/[^"]+" alt=":loaf:"/)
  expect(post.html).toContain(':cake:')
})

test('members can not add one, a bad or taken name is refused, and so is somebody else’s file', async () => {
  expect(await codeOf(addEmoji(world.app, tomas, { shortcode: 'mine', mediaId }))).toBe('notAllowed')
  expect(await codeOf(addEmoji(world.app, mara, { shortcode: 'no spaces', mediaId }))).toBe('error.badShortcode')
  expect(await codeOf(addEmoji(world.app, mara, { shortcode: 'loaf', mediaId }))).toBe('shortcodeTaken')
  expect(await codeOf(addEmoji(world.app, mara, { shortcode: 'other', mediaId: '12345' }))).toBe('error.emojiNeedsPicture')
})

test('an emoji out of use is no longer offered, and can come back', async () => {
  const [loaf] = await allEmojis(world.app, mara)
  await setEmojiDisabled(world.app, mara, loaf!.id, true)
  expect(await customEmojis(world.app)).toEqual([])
  await setEmojiDisabled(world.app, mara, loaf!.id, false)
  expect((await customEmojis(world.app)).map((one) => one.shortcode)).toEqual(['loaf'])
})
