import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { heic } from '../../../../tests/media/heic.ts'
import * as given from '../../../../tests/media/pictures.ts'
import * as samples from '../../../../tests/media/samples.ts'
import { storedBytes } from '../../../../tests/media/stored.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { fingerprintFrame, pdqDistance } from '#server/platform/fingerprint/index.ts'
import * as media from './index.ts'

let world: World
let mara: Account
let folder: string
beforeAll(async () => {
  world = await openWorld()
  mara = await person(world.app, 'mara')
  folder = await mkdtemp(join(tmpdir(), 'hearth-pictures-'))
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

const pieces = (content: Buffer) => Array.from({ length: Math.ceil(content.length / 65_536) }, (_, at) => content.subarray(at * 65_536, (at + 1) * 65_536))
const accept = (content: Buffer, purpose = 'post') => media.acceptUpload(world.app, mara, Readable.from(pieces(content)), { name: 'a', purpose })
async function ready(content: Buffer, purpose?: string): Promise<media.MediaView> {
  const { id } = await accept(content, purpose)
  await world.work()
  return (await media.mediaViews(world.app, [id])).get(id)!
}
const fileOf = (url: string) => storedBytes(world.app, url)
const printOf = async (id: string) => (await media.fingerprintsOf(world.app, [id])).get(id)!
const phone = () => heic(folder, { tiles: [['red', 'lime'], ['blue', 'white']], width: 240, height: 200, turn: 3 })

test('a photo comes from an iPhone as it is, whatever it is called', async () => {
  const view = await ready(await phone())
  expect(view).toMatchObject({ kind: 'image', state: 'ready', error: null, width: 200, height: 240 })
  expect(view.sources.map((one) => one.mime)).toEqual(['image/avif', 'image/webp'])
  expect(await ready(await phone(), 'avatar')).toMatchObject({ state: 'ready', width: 200, height: 200 })
})

test('a photo with a long story before its size is read to the end of it, within reason', async () => {
  expect(await ready(await given.deepJpeg(3_000_000))).toMatchObject({ state: 'ready', width: 400, height: 300 })
  await expect(accept(await given.deepJpeg(9_000_000))).rejects.toMatchObject({ code: 'imageBroken' })
})

test('a picture whose header promises too much is refused before it is kept', async () => {
  const tooMany = [given.claiming(await phone(), 20_000, 20_000), given.claiming(await given.talkativeAvif(), 20_000, 20_000), given.claimingJpeg(await given.talkativeJpeg(), 65_000, 65_000), given.webpBomb(16_000, 16_000), samples.bomb(60_000, 60_000)]
  for (const content of tooMany) await expect(accept(content)).rejects.toMatchObject({ code: 'tooManyPixels', status: 413 })
})

test('a picture that means harm fails by itself, with its reason', async () => {
  const frames = await accept(given.gifOf(5000))
  const wall = await accept(given.gifOf(200, 2000, 2000))
  const liar = await accept(given.claiming(await phone(), 6000, 6000))
  const cut = await accept((await phone()).subarray(0, 900))
  await world.work()
  const views = await media.mediaViews(world.app, [frames.id, wall.id, liar.id, cut.id])
  expect([frames, wall, liar, cut].map(({ id }) => views.get(id)!.error)).toEqual(['tooManyFrames', 'tooManyPixels', 'imageBroken', 'imageBroken'])
})

test('an animated PNG is an animation', async () => {
  const view = await ready(await given.apng(['#f00', '#0f0', '#00f']))
  expect(view).toMatchObject({ kind: 'animation', state: 'ready', sources: [{ mime: 'image/webp' }] })
  expect((await sharp(await fileOf(view.sources[0]!.url)).metadata()).pages).toBe(3)
})

test('a picture can be known again: by its bytes, and by what it looks like', async () => {
  const content = await (await given.scene(1200, 800)).jpeg().toBuffer()
  const print = await printOf((await ready(content)).id)
  expect(print.sha256).toEqual(createHash('sha256').update(content).digest())
  expect(print.md5).toEqual(createHash('md5').update(content).digest())
  expect(print.sha1).toEqual(createHash('sha1').update(content).digest())
  expect(print.frames).toMatchObject([{ frameAt: 0, quality: 100 }])
  expect(print.frames[0]!.hashes.map((hash) => hash.length)).toEqual([32, 32, 32, 32, 32, 32, 32, 32])
  const again = await printOf((await ready(await (await given.scene(1200, 800)).resize(700).webp({ quality: 50 }).toBuffer())).id)
  expect(pdqDistance(print.frames[0]!.hashes[0]!, again.frames[0]!.hashes[0]!)).toBeLessThanOrEqual(31)
})

test('a profile picture is known by all of it, not by the part that is shown', async () => {
  const content = await (await given.scene(1200, 500, 5)).png().toBuffer()
  const { frames } = await printOf((await ready(content, 'avatar')).id)
  expect(pdqDistance(frames[0]!.hashes[0]!, (await fingerprintFrame(content)).hashes.subarray(0, 32))).toBeLessThanOrEqual(4)
})

test('a film is known by pictures of it', async () => {
  const { id } = await ready(await samples.make(folder, { format: 'mp4', file: 'f.mp4', video: 'libx264' }))
  expect((await printOf(id)).frames.length).toBeGreaterThan(0)
})

test('what was stored before fingerprints were kept gets them later, once', async () => {
  const content = await (await given.scene(500, 400, 9)).png().toBuffer()
  const { id } = await ready(content)
  const before = await printOf(id)
  await world.app.database.pool.query('delete from media_fingerprints where media_id = $1', [id])
  await world.app.database.pool.query('update media set md5 = null, sha1 = null where id = $1', [id])
  expect(await printOf(id)).toMatchObject({ md5: null, sha1: null, frames: [] })
  const told: string[] = []
  expect(await media.fingerprintStored(world.app, (done, all) => told.push(`${done}/${all}`))).toEqual({ done: 1, failed: 0 })
  expect(told).toEqual(['1/1'])
  const after = await printOf(id)
  expect([after.md5, after.sha1]).toEqual([before.md5, before.sha1])
  expect(pdqDistance(after.frames[0]!.hashes[0]!, before.frames[0]!.hashes[0]!)).toBeLessThanOrEqual(4)
  expect(await media.fingerprintStored(world.app)).toEqual({ done: 0, failed: 0 })
})

test('everything that is stored can be looked through, in order', async () => {
  const seen: string[] = []
  for await (const print of media.eachFingerprint(world.app)) seen.push(print.mediaId)
  expect(seen.length).toBeGreaterThan(5)
  expect(seen).toEqual([...seen].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)))
  const later: string[] = []
  for await (const print of media.eachFingerprint(world.app, seen[2])) later.push(print.mediaId)
  expect(later).toEqual(seen.slice(3))
})
