import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sharp } from 'sharp'
import { scene } from '../../../../tests/media/pictures.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import { accountView, setPicture } from '#server/domain/accounts/index.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { deskQueue, setHabits } from '#server/domain/cases/index.ts'
import { addToOwnBank, matchesOf } from '#server/domain/hashes/index.ts'
import { changeSettings } from '#server/domain/instance/index.ts'
import { acceptUpload, mediaViews, whoMayFetch } from '#server/domain/media/index.ts'
import { decide } from '#server/domain/moderation/index.ts'
import { createPost, maySeePost, seePost } from '#server/domain/posts/index.ts'
import type { PostId } from '#server/domain/posts/index.ts'
import { clearWaiting, selectMediaOwner } from './queries-hits.ts'

let world: World
let mara: Account, ines: Account, tomas: Account, reader: Account
/** stand-ins: a picture that the Order of the Grey Triangle is known by, one of private people, one of an annoying advertiser */
let grey: Buffer, unwanted: Buffer

beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara', { role: 'owner' })
  ines = await person(world.app, 'ines', { role: 'moderator' })
  tomas = await person(world.app, 'tomas')
  reader = await person(world.app, 'reader')
  await changeSettings(world.app, mara, { readMode: 'everyone', picturePolicy: 'allowed' })
  await setHabits(world.app, mara, { hard: ['terrorism', 'child_safety', 'intimate_images'], dailyHard: 100, plainMedia: false, breakMinutes: 0 })
  grey = await jpeg(scene(900, 600, 51))
  unwanted = await jpeg(scene(900, 600, 52))
  for (const [bytes, category] of [[grey, 'terrorism'], [unwanted, 'other']] as const) {
    const id = await upload(bytes, ines)
    await world.work()
    await addToOwnBank(world.app, ines, id, { category, reason: 'for the tests' })
  }
  await world.work()
})
afterAll(() => world?.close())

const jpeg = async (picture: Promise<Sharp>, change: (picture: Sharp) => Sharp = (one) => one) => change(await picture).jpeg({ quality: 80 }).toBuffer()
const upload = async (bytes: Buffer, as: Account = tomas, purpose = 'post') => (await acceptUpload(world.app, as, Readable.from([bytes]), { name: 'picture', purpose })).id
const share = (mediaId: string, text: string) => createPost(world.app, tomas, { text, audience: 'public', mediaIds: [mediaId] })
const hiddenFrom = (viewer: Account | null, id: string) => seePost(world.app, viewer, id as PostId).then(() => false, () => true)
/** Who of these can load any file of the item. */
async function loaders(mediaId: string): Promise<string[]> {
  const { rows } = await world.app.database.pool.query<{ key: string; variants: { file: string }[]; state: string }>('select key, variants, state from media where id = $1', [mediaId])
  expect(rows[0]).toMatchObject({ state: 'ready' })
  const found = []
  for (const viewer of [null, reader, tomas, ines, mara]) {
    const files = await Promise.all(rows[0]!.variants.map((one) => whoMayFetch(world.app, { key: rows[0]!.key, file: one.file }, async () => viewer, maySeePost)))
    if (files.some(Boolean)) found.push(viewer?.username ?? 'anybody')
  }
  return found
}
const caseOf = async (text: string) => (await deskQueue(world.app, mara, { limit: 80 })).items.find((one) => one.excerpt.includes(text))

test('a picture that nothing speaks against is shown once it was looked at, not before', async () => {
  const id = await upload(await jpeg(scene(600, 400, 53)))
  const post = await share(id, 'the harbour')
  expect(post.state).toBe('processing')
  await world.work()
  expect(await hiddenFrom(null, post.id)).toBe(false)
  expect(await loaders(id)).toEqual(['anybody', 'reader', 'tomas', 'ines', 'mara'])
})

test('what is on one of the gravest lists is never seen by anybody: quarantined with its post, on the desk with its source, evidence kept', async () => {
  const id = await upload(await jpeg(scene(900, 600, 51), (one) => one.resize(450, 300)))
  const post = await share(id, 'look at this mark')
  await world.work()
  expect(await hiddenFrom(null, post.id) && await hiddenFrom(reader, post.id)).toBe(true)
  expect((await seePost(world.app, tomas, post.id)).state).toBe('held')
  expect(await loaders(id)).toEqual([])
  expect((await mediaViews(world.app, [id], mara.id)).get(id)).toMatchObject({ state: 'processing', sources: [], preview: null })
  const line = (await caseOf('look at this mark'))!
  expect(line).toMatchObject({ kind: 'hold', source: 'screening', category: 'terrorism', hard: true, summary: expect.stringContaining('quarantined by rule') })
  const { rows } = await world.app.database.pool.query('select count(*)::int as files from evidence_files where case_id = $1', [line.id])
  expect(rows[0].files).toBeGreaterThan(0)
})

test('known by its bytes already, it is held before it is even made ready; two at once are one case each', async () => {
  const id = await upload(grey)
  const post = await share(id, 'the very same file')
  expect(post.state).toBe('held')
  await world.work()
  expect(await loaders(id)).toEqual([])
  expect(await caseOf('the very same file')).toMatchObject({ reports: 1, category: 'terrorism' })
})

test('a false alarm is let go: everything is shown, the match and the rule were wrong, and it isn’t stopped again', async () => {
  const id = await upload(unwanted)
  const post = await share(id, 'only an advertisement')
  await world.work()
  expect(await hiddenFrom(reader, post.id)).toBe(true)
  await decide(world.app, mara, { caseId: (await caseOf('only an advertisement'))!.id }, { act: 'dismiss' })
  await world.work()
  expect(await hiddenFrom(null, post.id)).toBe(false)
  expect(await loaders(id)).toContain('anybody')
  expect(await matchesOf(world.app, [id])).toEqual(new Map())
})

test('what is stored already goes away when a list grows', async () => {
  const id = await upload(await jpeg(scene(700, 500, 54)))
  const post = await share(id, 'posted long ago')
  await world.work()
  expect(await hiddenFrom(null, post.id)).toBe(false)
  await addToOwnBank(world.app, ines, id, { category: 'intimate_images', reason: 'asked for by who is in it' })
  await world.work()
  expect(await hiddenFrom(null, post.id)).toBe(true)
  expect(await loaders(id)).toEqual([])
  expect(await caseOf('posted long ago')).toMatchObject({ category: 'intimate_images', kind: 'hold' })
})

test('a profile picture and a cover that are listed are not shown', async () => {
  for (const which of ['avatar', 'cover'] as const) {
    const id = await upload(unwanted, tomas, which)
    await setPicture(world.app, tomas, which, id)
    await world.work()
    expect(await loaders(id)).toEqual([])
  }
  expect(await accountView(world.app, tomas.id)).toMatchObject({ avatarUrl: '/avatars/tomas.svg', coverUrl: null })
  expect((await deskQueue(world.app, mara, { limit: 80 })).items.filter((one) => one.kind === 'hold' && one.posts === 0 && one.account?.id === tomas.id)).toHaveLength(2)
})

test('where posts don’t wait for their files, the file still does', async () => {
  await changeSettings(world.app, mara, { publishWhileProcessing: true })
  const id = await upload(await jpeg(scene(900, 600, 51), (one) => one.resize(300, 200)))
  const post = await share(id, 'published at once')
  expect(post.state).toBe('published')
  await world.work()
  expect(await hiddenFrom(reader, post.id)).toBe(true)
  expect(await loaders(id)).toEqual([])
})

test('what was changed since it was looked at, or is still being made, is not let out by the old look', async () => {
  const { app } = world
  const id = await upload(await jpeg(scene(300, 200, 61)))
  await world.work()
  const put = (set: string) => app.database.pool.query(`update media set ${set} where id = $1`, [id])
  const letOut = (look: string) => app.database.inTransaction((tx) => clearWaiting(tx, { id, look }))
  await put("screening = 'waiting'")
  const { look } = (await selectMediaOwner(app.database.queries, id))!
  await put("state = 'processing'")
  expect(await letOut(look)).toBe(false)
  await put("state = 'ready', variants = variants || '[]'::jsonb || jsonb_build_array(variants->0)")
  expect(await letOut(look)).toBe(false)
  expect(await letOut((await selectMediaOwner(app.database.queries, id))!.look)).toBe(true)
  await put("screening = 'held'")
  expect(await letOut((await selectMediaOwner(app.database.queries, id))!.look)).toBe(false)
})
