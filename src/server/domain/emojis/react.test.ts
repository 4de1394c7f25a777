import { afterAll, beforeAll, expect, test } from 'vitest'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { currentAnnouncements, dismissAnnouncement, publishAnnouncement } from '#server/domain/instance/index.ts'
import { forgetReactionsTo, reactionsTo, reactToAnnouncement, unreactToAnnouncement } from './index.ts'

let world: World
let mara: Account
let jun: Account
let id: string
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara', { role: 'owner' })
  jun = await person(world.app, 'jun')
  id = await publishAnnouncement(world.app, mara, { text: 'The harbour opens' })
})
afterAll(() => world.close())
const shown = async (viewer: Account | null) => ((await reactionsTo(world.app, viewer, [id])).get(id) ?? []).map((one) => `${one.name} ${one.count}${one.me ? ' me' : ''}`)

test('announcements are answered with emoji, once each', async () => {
  await reactToAnnouncement(world.app, mara, id, '🎉')
  await Promise.all([1, 2].map(() => reactToAnnouncement(world.app, jun, id, '🎉')))
  await reactToAnnouncement(world.app, jun, id, '👩🏽‍🚀')
  expect(await shown(mara)).toEqual(['🎉 2 me', '👩🏽‍🚀 1'])
  expect(await shown(null)).toEqual(['🎉 2', '👩🏽‍🚀 1'])
  await unreactToAnnouncement(world.app, jun, id, '🎉')
  await unreactToAnnouncement(world.app, jun, id, '🎉')
  expect(await shown(jun)).toEqual(['🎉 1', '👩🏽‍🚀 1 me'])
  for (const name of ['x', '', '🎉🎉', 'unknown_one', 'a'.repeat(300), '\u0000']) await expect(reactToAnnouncement(world.app, jun, id, name)).rejects.toMatchObject({ code: 'badEmoji' })
  await expect(reactToAnnouncement(world.app, jun, '12', '🎉')).rejects.toMatchObject({ code: 'notFound' })
})

test('eight different ones are enough; who leaves takes theirs along', async () => {
  const made = await Promise.allSettled([...'🍏🍐🍊🍋🍌🍉🍇🍓'].map((name) => reactToAnnouncement(world.app, jun, id, name)))
  expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(6)
  await forgetReactionsTo(world.app, jun.id)
  expect(await shown(mara)).toEqual(['🎉 1 me'])
})

test('one of the community’s own can be used until it is taken away', async () => {
  const { queries } = world.app.database
  const media = world.app.newId()
  await queries.insertInto('media').values({ id: media, account_id: mara.id, kind: 'image', purpose: 'instance', state: 'ready', key: 'anchor', original_mime: 'image/png', variants: JSON.stringify([{ name: 'still-64', mime: 'image/webp', width: 64, height: 64, bytes: 1, file: 'a.webp' }]) }).execute()
  await queries.insertInto('custom_emojis').values({ id: world.app.newId(), shortcode: 'anchor', media_id: media }).execute()
  world.later(60_000)
  await reactToAnnouncement(world.app, jun, id, ':anchor:')
  expect((await reactionsTo(world.app, jun, [id])).get(id)).toMatchObject([{ name: '🎉' }, { name: 'anchor', me: true, url: expect.stringContaining('a.webp') }])
  await queries.updateTable('custom_emojis').set({ disabled_at: new Date() }).execute()
  world.later(60_000)
  expect(await shown(jun)).toEqual(['🎉 1'])
})

test('what was dismissed can be asked for too', async () => {
  await dismissAnnouncement(world.app, jun, id)
  expect(await currentAnnouncements(world.app, jun)).toEqual([])
  expect(await currentAnnouncements(world.app, jun, 'en', { dismissed: true })).toMatchObject([{ id, read: true }])
})
