import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as samples from '../../../../tests/media/samples.ts'
import { scene } from '../../../../tests/media/pictures.ts'
import { storedBytes } from '../../../../tests/media/stored.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { createPost } from '#server/domain/posts/index.ts'
import { pdqDistance, fingerprintFrame } from '#server/platform/fingerprint/index.ts'
import * as media from './index.ts'

let world: World
let mara: Account
let jun: Account
let folder: string
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  jun = await person(world.app, 'jun')
  folder = await mkdtemp(join(tmpdir(), 'hearth-cover-'))
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

const accept = (content: Buffer) => media.acceptUpload(world.app, mara, Readable.from([content]), { name: 'file' })
const given = (id: string, picture: Buffer, owner = mara) => media.setCover(world.app, owner, id, Readable.from([picture]))
const cover = async (id: string, picture: Buffer, owner = mara) => { await given(id, picture, owner); await world.work(); return see(id) }
const see = (id: string) => media.seeMedia(world.app, mara, id)
const song = (file: string, seconds = 1) => samples.make(folder, { format: 'mp3', file, audio: 'libmp3lame', seconds, metadata: { title: 'Ember' } })
const made = async (content: Buffer) => { const { id } = await accept(content); await world.work(); return see(id) }
const plain = (url: string) => url.replace(/^.*\/media\/files\/(?:~[^/]*\/)?/, '')
const bytesOf = (url: string) => storedBytes(world.app, url)
const filesOf = async (id: string) => (await world.app.database.pool.query('select name from media_files where media_id = $1 order by name', [id])).rows.map((row: { name: string }) => row.name)

test('a song gets the picture its owner chooses: small, upright, and without the place it was taken', async () => {
  const before = await made(await song('a.mp3'))
  expect(before).toMatchObject({ preview: null, ownCover: false, width: null })
  const view = await cover(before.id, await samples.photo(1500, 900))
  expect(view).toMatchObject({ state: 'ready', ownCover: true, width: 900, height: 1500, music: { title: 'Ember' } })
  expect(view.thumbhash).toBeTruthy()
  expect(view.preview!.srcset.match(/ \d+w/g)).toEqual([' 320w', ' 640w', ' 900w'])
  for (const url of view.preview!.srcset.split(', ').map((one) => one.split(' ')[0]!)) {
    const content = await bytesOf(url)
    const facts = await sharp(content).metadata()
    expect(facts.exif ?? facts.xmp ?? facts.iptc).toBeUndefined()
    expect(content.includes('SecretCam')).toBe(false)
  }
  expect(view.sources).toMatchObject([{ mime: 'audio/mp4' }])
  // What was sent is not kept: only what was made of it.
  expect((await filesOf(view.id)).filter((name) => name.startsWith('cover-'))).toHaveLength(6)
})

test('another picture takes the place of the first, whose files are swept; without any the song shows none', async () => {
  const { id } = await made(await song('b.mp3'))
  const first = await cover(id, await (await scene(500, 500, 1)).png().toBuffer())
  const second = await cover(id, await (await scene(500, 500, 2)).webp().toBuffer())
  expect(plain(second.preview!.url)).not.toBe(plain(first.preview!.url))
  expect((await filesOf(id)).filter((name) => name.startsWith('cover-'))).toHaveLength(4)
  expect(await media.removeCover(world.app, mara, id)).toMatchObject({ preview: null, ownCover: false, thumbhash: null, width: null })
  expect((await filesOf(id)).filter((name) => name.startsWith('cover-'))).toEqual([])
  world.later(7 * 3_600_000)
  await media.sweepFiles(world.app)
  for (const view of [first, second]) await expect(bytesOf(view.preview!.url)).rejects.toThrow()
  expect(await see(id)).toMatchObject({ state: 'ready', sources: [{ mime: 'audio/mp4' }] })
})

test('a picture chosen while the song is being made ready stays, and is kept when it is made anew', async () => {
  const content = await song('c.mp3', 2)
  const { id } = await accept(content)
  expect(await given(id, await (await scene(400, 400, 3)).png().toBuffer())).toMatchObject({ state: 'queued', preview: null })
  await world.work()
  const early = await see(id)
  expect(early).toMatchObject({ state: 'ready', ownCover: true, width: 400, sources: [{ mime: 'audio/mp4' }] })
  await world.app.database.pool.query("update media set state = 'queued' where id = $1", [id])
  await media.processMedia(world.app, id, true)
  const again = await see(id)
  expect(again).toMatchObject({ state: 'ready', ownCover: true, width: 400 })
  expect(plain(again.preview!.url)).toBe(plain(early.preview!.url))
  expect((await bytesOf(again.preview!.url)).length).toBeGreaterThan(100)
})

test('a film gets another poster and keeps its shape; without it, its own comes back', async () => {
  const before = await made(await samples.make(folder, { format: 'mp4', file: 'f.mp4', video: 'libx264', seconds: 1 }))
  const view = await cover(before.id, await (await scene(300, 300, 4)).jpeg().toBuffer())
  expect(view).toMatchObject({ kind: 'video', ownCover: true, width: 320, height: 240, sources: [{ mime: 'video/mp4' }] })
  expect((await sharp(await bytesOf(view.preview!.url)).metadata()).width).toBe(300)
  const back = await media.removeCover(world.app, mara, before.id)
  expect({ ...back, preview: plain(back.preview!.url), thumbhash: back.thumbhash }).toMatchObject({ ownCover: false, preview: plain(before.preview!.url), thumbhash: before.thumbhash })
  expect(await media.removeCover(world.app, mara, before.id)).toMatchObject({ ownCover: false, preview: {} })
})

test('a chosen picture is known by what it looks like, before all that is in the film', async () => {
  const { id } = await made(await samples.make(folder, { format: 'mp4', file: 'g.mp4', video: 'libx264', seconds: 1 }))
  const frames = async () => (await media.fingerprintsOf(world.app, [id])).get(id)!.frames
  const count = (await frames()).length
  const picture = await (await scene(600, 400, 6)).png().toBuffer()
  await cover(id, picture)
  expect(await frames()).toHaveLength(count + 1)
  expect(pdqDistance((await frames())[0]!.hashes[0]!, (await fingerprintFrame(picture)).hashes.subarray(0, 32))).toBeLessThanOrEqual(10)
  await media.removeCover(world.app, mara, id)
  expect(await frames()).toHaveLength(count)
})

test('a cover is for the owner to choose, for songs and films only, and a picture within the limits', async () => {
  const { id } = await made(await song('d.mp3'))
  const picture = await samples.photo(100, 100)
  await expect(cover(id, picture, jun)).rejects.toMatchObject({ code: 'uploadGone', status: 404 })
  await expect(media.removeCover(world.app, jun, id)).rejects.toMatchObject({ status: 404 })
  await expect(cover((await made(picture)).id, picture)).rejects.toMatchObject({ code: 'coverUnfit' })
  await expect(cover(id, Buffer.alloc(0))).rejects.toMatchObject({ code: 'fileEmpty' })
  await expect(cover(id, await song('e.mp3'))).rejects.toMatchObject({ code: 'fileTypeUnknown' })
  await expect(cover(id, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).rejects.toMatchObject({ code: 'fileTypeUnknown' })
  await expect(cover(id, picture.subarray(0, 300))).rejects.toMatchObject({ code: 'imageBroken' })
  await expect(cover(id, samples.bomb(60_000, 60_000))).rejects.toMatchObject({ code: expect.stringMatching(/tooManyPixels|imageBroken/) })
  await expect(cover(id, Buffer.concat([picture, Buffer.alloc(media.mostCoverBytes)]))).rejects.toMatchObject({ code: 'imageTooLarge', status: 413 })
  expect(await see(id)).toMatchObject({ preview: null, ownCover: false })
})

test('who has the post open hears of a new cover', async () => {
  const { id } = await made(await song('h.mp3'))
  const post = await createPost(world.app, mara, { text: 'A song', audience: 'public', mediaIds: [id] })
  await world.work()
  const heard: string[] = []
  const stop = world.app.bus.subscribe((signal) => { heard.push(signal.type) })
  await cover(id, await samples.photo(200, 200))
  await world.work()
  await expect.poll(() => heard).toEqual(expect.arrayContaining(['media', 'post.edited']))
  stop()
  expect((await media.mediaOfPosts(world.app, [post.id])).get(post.id)![0]).toMatchObject({ ownCover: true })
})

test('nobody sees a new picture before it was looked at, and what was stopped can’t be changed', async () => {
  const { id } = await made(await song('i.mp3'))
  const given = await media.setCover(world.app, mara, id, Readable.from([await samples.photo(200, 200)]))
  expect(given).toMatchObject({ state: 'processing', preview: null, sources: [] })
  await world.work()
  const shown = await see(id)
  expect(shown).toMatchObject({ state: 'ready', ownCover: true, sources: [{ mime: 'audio/mp4' }] })
  for (const state of ['held', 'sealed']) {
    await world.app.database.pool.query('update media set screening = $2 where id = $1', [id, state])
    await expect(cover(id, await samples.photo(200, 200))).rejects.toMatchObject({ code: 'screenedMedia' })
    await expect(media.removeCover(world.app, mara, id)).rejects.toMatchObject({ code: 'screenedMedia' })
  }
  expect((await filesOf(id)).filter((name) => name.startsWith('cover-')).length).toBeGreaterThan(0)
})
