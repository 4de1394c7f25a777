import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { make } from '../../../../tests/media/samples.ts'
import { storedBytes } from '../../../../tests/media/stored.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { addToOwnBank } from '#server/domain/hashes/index.ts'
import { changeSettings } from '#server/domain/instance/index.ts'
import { acceptUpload, keepPoster, mediaOfPosts, processMedia, storedName, whoMayFetch } from '#server/domain/media/index.ts'
import { createPost, maySeePost, seePost } from '#server/domain/posts/index.ts'
import type { Audience } from '#server/domain/posts/index.ts'
import { earlyPoster } from '#server/platform/av/early.ts'

let world: World
let mara: Account, ines: Account, tomas: Account, reader: Account
let folder: string
let film: Buffer, seldom: Buffer, listed: Buffer, again: Buffer, still: Buffer, stillAgain: Buffer

beforeAll(async () => {
  world = await openWorld()
  folder = await mkdtemp(join(tmpdir(), 'hearth-poster-'))
  mara = await person(world.app, 'mara', { role: 'owner' })
  ines = await person(world.app, 'ines', { role: 'moderator' })
  tomas = await person(world.app, 'tomas')
  reader = await person(world.app, 'reader')
  await changeSettings(world.app, mara, { readMode: 'everyone', publishWhileProcessing: true })
  film = await make(folder, { format: 'mp4', file: 'film.mp4', video: 'libx264', seconds: 1 })
  seldom = await make(folder, { format: 'matroska', file: 'seldom.mkv', video: 'libx264', seconds: 1, look: 'negate' })
  listed = await make(folder, { format: 'mp4', file: 'listed.mp4', video: 'libx264', seconds: 1, look: 'hue=h=150,vflip' })
  const stands = 'crop=200:150:60:40,scale=320:240,select=eq(n\\,0),loop=loop=24:size=1:start=0,setpts=N/25/TB'
  still = await make(folder, { format: 'mp4', file: 'still.mp4', video: 'libx264', seconds: 1, look: stands })
  stillAgain = await make(folder, { format: 'matroska', file: 'still.mkv', video: 'mpeg4', seconds: 1, look: stands })
  again = await make(folder, { format: 'matroska', file: 'again.mkv', video: 'mpeg4', seconds: 1, look: 'hue=h=150,vflip' })
})
afterAll(async () => {
  await world?.close()
  await rm(folder, { recursive: true, force: true })
})

/** A film in a post, at the moment when its making has told of its first picture and goes on. */
async function half(content: Buffer, audience: Audience = 'public') {
  const { id } = await acceptUpload(world.app, tomas, Readable.from([content]), { name: 'film' })
  const post = await createPost(world.app, tomas, { text: `A film, number ${id}`, audience, mediaIds: [id] })
  await world.app.database.pool.query("update media set state = 'processing' where id = $1", [id])
  await world.app.database.pool.query('delete from graphile_worker._private_jobs where payload ->> $1 = $2', ['mediaId', id])
  const { key, original_mime: mime } = (await world.app.database.pool.query<{ key: string; original_mime: string }>('select key, original_mime from media where id = $1', [id])).rows[0]!
  const to = await mkdtemp(join(folder, 'early-'))
  const input = await world.app.files.localPath(storedName(key, 'original'), to)
  const made = await earlyPoster({ input, demuxer: mime === 'video/mp4' ? 'mov' : 'matroska', folder: to, limits: { duration: 100, pixels: 40_000_000 } })
  await keepPoster(world.app, { id }, to, made!)
  return { id, post, view: async (viewer: Account | null = reader) => (await mediaOfPosts(world.app, [post.id], viewer?.id ?? null)).get(post.id)![0]! }
}
const fetches = async (key: string, file: string, viewer: Account | null) => Boolean(await whoMayFetch(world.app, { key, file }, async () => viewer, maySeePost))
const posterOf = async (id: string) => (await world.app.database.pool.query<{ key: string; file: string | null; files: number }>("select key, poster ->> 'file' as file, (select count(*)::int from media_files where media_id = media.id and name like 'early-%') as files from media where id = $1", [id])).rows[0]!
const finish = async (id: string) => { await processMedia(world.app, id, true); await world.work() }

test('a film’s first picture is shown once it was looked at, to those who may see the post, until the film is there', async () => {
  const { id, post, view } = await half(film, 'followers')
  const { key, file } = await posterOf(id)
  expect(await view()).toMatchObject({ state: 'processing', preview: null })
  expect(await fetches(key, file!, tomas)).toBe(false)
  await world.work()
  expect(await view(tomas)).toMatchObject({ state: 'processing', width: 320, height: 240, sources: [], preview: { url: expect.stringContaining('early-'), srcset: '' }, thumbhash: expect.any(String) })
  expect([await fetches(key, file!, tomas), await fetches(key, file!, reader), await fetches(key, file!, null), await fetches(key, 'play.mp4', tomas)]).toEqual([true, false, false, false])
  const picture = await storedBytes(world.app, (await view(tomas)).preview!.url)
  expect(await sharp(picture).metadata()).toMatchObject({ format: 'webp', width: 320, height: 240 })
  expect((await sharp(picture).metadata()).exif).toBeUndefined()
  await finish(id)
  expect(await view(tomas)).toMatchObject({ state: 'ready', preview: { url: expect.stringContaining('still-') }, sources: [expect.anything()] })
  expect(await posterOf(id)).toMatchObject({ file: null, files: 0 })
  expect(await fetches(key, file!, tomas)).toBe(false)
  expect((await seePost(world.app, tomas, post.id)).state).toBe('published')
})

test('the real making tells of it before the rest, and a film that fails afterwards shows nothing', async () => {
  const { id, view } = await half(seldom)
  await world.work()
  expect((await view()).preview).not.toBeNull()
  await world.app.database.pool.query("update media set poster = null, poster_state = null where id = $1", [id])
  const making = processMedia(world.app, id, true)
  await expect.poll(async () => (await posterOf(id)).file, { timeout: 20_000, interval: 20 }).toMatch(/^early-/)
  expect((await world.app.database.pool.query('select state from media where id = $1', [id])).rows).toEqual([{ state: 'processing' }])
  await making
  await world.work()
  expect((await view()).state).toBe('ready')
  const broken = await half(film)
  await world.work()
  await world.app.database.pool.query("update media set state = 'failed', error = 'videoBroken' where id = $1", [broken.id])
  expect(await broken.view()).toMatchObject({ state: 'failed', preview: null })
  const { key, file } = await posterOf(broken.id)
  expect(await fetches(key, file!, reader)).toBe(false)
})

test('a picture of the film that its member chose goes before it, and a stopped film loses what was shown', async () => {
  const { id, view } = await half(film)
  await world.work()
  expect((await view()).preview).not.toBeNull()
  await world.app.database.pool.query("update media set cover = '{\"width\": 10, \"height\": 10}'::jsonb where id = $1", [id])
  expect((await view()).preview).toBeNull()
  await world.app.database.pool.query("update media set cover = null, screening = 'held' where id = $1", [id])
  expect((await view()).preview).toBeNull()
})

const known = async (content: Buffer) => {
  const { id } = await acceptUpload(world.app, ines, Readable.from([content]), { name: 'known' })
  await world.work()
  await addToOwnBank(world.app, ines, id, { category: 'terrorism', reason: 'for the tests' })
  await world.work()
}
const seenByNobody = async (id: string) => {
  const { key, file } = await posterOf(id)
  for (const viewer of [reader, tomas, ines, mara, null]) expect(await fetches(key, file!, viewer)).toBe(false)
}

test('a listed film is stopped by its first pictures: nobody sees it, its post is held, and its files are evidence when they are there', async () => {
  await known(still)
  const { id, post, view } = await half(stillAgain)
  expect((await seePost(world.app, reader, post.id)).state).toBe('published')
  await world.work()
  await seenByNobody(id)
  expect((await view(tomas)).preview).toBeNull()
  expect((await seePost(world.app, tomas, post.id)).state).toBe('held')
  await expect(seePost(world.app, reader, post.id)).rejects.toMatchObject({ status: 404 })
  await finish(id)
  expect(await view(tomas)).toMatchObject({ state: 'processing', preview: null, sources: [] })
  const kept = await world.app.database.pool.query('select name from evidence_files where media_id = $1', [id])
  expect(kept.rows.map((row) => row.name)).toEqual(expect.arrayContaining(['original', 'play.mp4']))
})

test('one picture of a listed film is enough to show no picture, but not to hold the post before the whole film is known', async () => {
  await known(listed)
  const { id, post, view } = await half(again)
  await world.work()
  await seenByNobody(id)
  expect((await view()).preview).toBeNull()
  expect((await seePost(world.app, reader, post.id)).state).toBe('published')
  await finish(id)
  await expect(seePost(world.app, reader, post.id)).rejects.toMatchObject({ status: 404 })
  expect(await view(tomas)).toMatchObject({ state: 'processing', preview: null, sources: [] })
})
