import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { notificationList } from '#server/domain/notifications/index.ts'
import { createPost, editPost, muteThread, removePost, unmuteThread } from '#server/domain/posts/index.ts'
import type { PostView } from '#server/domain/posts/index.ts'
import { block, mute, unblock, unmute } from '#server/domain/relationships/index.ts'
import { directTimeline } from '#server/domain/timelines/index.ts'
import type { Signal } from '#server/platform/bus/index.ts'
import * as talk from './index.ts'

let world: World
let mara: Account
let jun: Account
let lina: Account
let first: PostView
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  lina = await person(world.app, 'lina')
})
afterAll(() => world.close())
const write = async (who: Account, text: string, replyTo?: PostView) => {
  const post = await createPost(world.app, who, { text, audience: 'mentioned', replyToId: replyTo?.id })
  await world.work()
  return post
}
const of = async (who: Account) => (await talk.conversationsOf(world.app, who)).items.map((one) => `${one.accounts.map((account) => account.username).join('+')}: ${one.lastPost.text}${one.unread ? ' (new)' : ''}`)

test('what is said among named people is one conversation for each of them', async () => {
  const heard: Signal[] = []
  const end = world.app.bus.subscribe((signal) => { if (signal.type === 'conversation') heard.push(signal) })
  first = await write(mara, '@jun hello')
  expect(await of(mara)).toEqual(['jun: @jun hello'])
  expect(await of(jun)).toEqual(['mara: @jun hello (new)'])
  expect(await talk.unreadConversations(world.app, jun)).toBe(1)
  const answer = await write(jun, '@mara hi', first)
  expect(await of(mara)).toEqual(['jun: @mara hi (new)'])
  await write(mara, '@jun @lina all three', answer)
  expect(await of(mara)).toEqual(['jun+lina: @jun @lina all three', 'jun: @mara hi (new)'])
  expect(await of(lina)).toEqual(['mara+jun: @jun @lina all three (new)'])
  await createPost(world.app, mara, { text: '@jun in public', audience: 'public' })
  await world.work()
  expect(await of(jun)).toHaveLength(2)
  expect((await directTimeline(world.app, jun)).items.map((post) => post.text)).toEqual(['@jun @lina all three', '@mara hi', '@jun hello'])
  expect((await directTimeline(world.app, lina)).items).toHaveLength(1)
  await expect.poll(() => heard.length).toBe(7)
  end()
})

test('what happened is noted once: read stays read, removed stays removed until more is said', async () => {
  const [conversation] = (await talk.conversationsOf(world.app, lina)).items
  await talk.readConversation(world.app, lina, conversation!.id)
  await talk.noteConversation(world.app, conversation!.lastPost.id)
  expect(await of(lina)).toEqual(['mara+jun: @jun @lina all three'])
  await talk.removeConversation(world.app, lina, conversation!.id)
  await talk.noteConversation(world.app, conversation!.lastPost.id)
  expect(await of(lina)).toEqual([])
  await expect(talk.removeConversation(world.app, lina, conversation!.id)).rejects.toMatchObject({ code: 'notFound' })
  await expect(talk.readConversation(world.app, mara, conversation!.id)).rejects.toMatchObject({ code: 'notFound' })
  await write(jun, '@mara @lina still here?', conversation!.lastPost)
  expect(await of(lina)).toEqual(['mara+jun: @mara @lina still here? (new)'])
})

test('a post that is taken away leaves the one before; an edit that names more moves the talk', async () => {
  const before = await of(mara)
  const more = await write(jun, '@mara one more thing', first)
  expect((await of(mara))[0]).toBe('jun: @mara one more thing (new)')
  await removePost(world.app, jun, more.id)
  await world.work()
  expect(await of(mara)).toEqual(before.map((line) => line.replace('jun: @mara hi (new)', 'jun: @mara hi')))
  const alone = await write(lina, '@mara secret')
  await editPost(world.app, lina, alone.id, { text: '@mara @jun secret' })
  await world.work()
  expect((await of(mara))[0]).toBe('jun+lina: @mara @jun secret (new)')
  expect((await of(lina)).filter((line) => line.includes('secret'))).toEqual(['mara+jun: @mara @jun secret'])
})

test('a blocked or muted person doesn’t make it new, and nothing is told of a muted thread', async () => {
  await mute(world.app, mara, jun.id)
  const quiet = await write(jun, '@mara psst')
  expect(await of(mara)).toContain('jun: @mara psst')
  await unmute(world.app, mara, jun.id)
  const told = async () => (await notificationList(world.app, mara)).items.filter((one) => one.post?.text.includes('thread')).length
  await muteThread(world.app, mara, quiet.id)
  const reply = await write(jun, '@mara in the muted thread', quiet)
  expect([await told(), (await of(mara)).includes('jun: @mara in the muted thread')]).toEqual([0, true])
  expect((await muteThread(world.app, mara, reply.id)).viewer.mutedThread).toBe(true)
  await unmuteThread(world.app, mara, reply.id)
  await write(jun, '@mara the thread again', quiet)
  expect(await told()).toBe(1)
  await block(world.app, jun, mara.id)
  expect((await of(mara)).filter((line) => line.startsWith('jun:'))).toEqual([])
  await unblock(world.app, jun, mara.id)
})
