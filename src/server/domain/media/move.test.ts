import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBucket } from '../../../../tests/bucket.ts'
import type { Bucket } from '../../../../tests/bucket.ts'
import { photo } from '../../../../tests/media/samples.ts'
import { storedBytes } from '../../../../tests/media/stored.ts'
import { person } from '../../../../tests/people.ts'
import { openWorld } from '../../../../tests/world.ts'
import type { World } from '../../../../tests/world.ts'
import type { Account } from '#server/domain/accounts/index.ts'
import { unavailable } from '#server/platform/errors.ts'
import type { Files } from '#server/platform/files/index.ts'
import { verifyCommunity } from '#server/verify/index.ts'
import * as media from './index.ts'

let bucket: Bucket
let world: World
let mara: Account
beforeAll(async () => {
  bucket = await openBucket()
  world = await openWorld(bucket.environment)
  mara = await person(world.app, 'mara')
})
afterAll(async () => {
  await world.close()
  await bucket.close()
})

async function upload(width: number): Promise<media.MediaView> {
  const { id } = await media.acceptUpload(world.app, mara, Readable.from([await photo(width, 120)]), {})
  await world.work()
  return (await media.mediaViews(world.app, [id])).get(id)!
}
const filesIn = async (files: Files) => { let count = 0; for await (const name of files.list('by-hash')) if (name) count++; return count }
const shows = async (view: media.MediaView) => expect((await storedBytes(world.app, view.preview!.url)).subarray(8, 12).toString()).toBe('WEBP')
const agrees = async () => expect((await verifyCommunity(world.app, () => {}, true)).differences).toEqual([])

test('media moves to a bucket while members look at it and send more; broken off, it goes on; then it moves back', async () => {
  const { disk, s3 } = world.app.places
  const views = [await upload(200), await upload(210), await upload(220)]
  const all = await filesIn(disk)
  expect(await filesIn(s3!)).toBe(0)

  // The connection goes after four files.
  const { put } = s3!
  let left = 4
  s3!.put = async (name, content) => { if (left-- <= 0) throw new Error('cable cut'); return put(name, content) }
  await expect(media.moveMedia(world.app, 's3')).rejects.toThrow('cable cut')
  s3!.put = put
  for (const view of views) await shows(view)
  const arrived = await filesIn(s3!)
  expect(arrived).toBeGreaterThan(0)
  await agrees()

  const steps: number[] = []
  const begun = Promise.withResolvers<void>()
  const moving = media.moveMedia(world.app, 's3', { onProgress: (bytes, total) => { steps.push(bytes / total); begun.resolve() } })
  await begun.promise
  await expect(media.moveMedia(world.app, 'disk')).rejects.toMatchObject({ code: 'moveRuns' })
  const late = upload(230)
  while (await Promise.race([moving.then(() => false), shows(views[0]!).then(() => true)])) await shows(views[1]!)
  const moved = await moving
  await late
  expect(moved).toMatchObject({ broken: [] })
  expect(moved.before).toBeGreaterThanOrEqual(arrived)
  expect(steps.at(-1)).toBe(1)
  views.push(await late, await upload(240))
  expect(await filesIn(disk)).toBe(0)
  expect(await filesIn(s3!)).toBeGreaterThan(all)
  for (const view of views) await shows(view)
  await agrees()

  await media.moveMedia(world.app, 'disk')
  expect(await filesIn(s3!)).toBe(0)
  for (const view of views) await shows(view)
  await agrees()
})

test('a file whose bytes changed is not moved, told, and stays where it is', async () => {
  await upload(250)
  const bytes = randomBytes(900)
  const sha256 = createHash('sha256').update(bytes).digest()
  await world.app.database.pool.query('insert into files (sha256, bytes, wanted_at) values ($1, 900, now())', [sha256])
  await world.app.places.disk.put(media.blobName(sha256), Buffer.alloc(900))
  const { broken } = await media.moveMedia(world.app, 's3')
  expect(broken).toEqual([{ name: media.blobName(sha256), reason: 'its bytes are not those it was stored with' }])
  expect(await world.app.places.disk.stat(media.blobName(sha256))).toBeDefined()
  expect(await world.app.places.s3!.stat(media.blobName(sha256))).toBeUndefined()
})

test('without settings for a bucket there is nowhere to move to', async () => {
  const plain = await openWorld()
  await expect(media.moveMedia(plain.app, 's3')).rejects.toMatchObject({ code: 'placeUnknown' })
  await plain.close()
})

test('while the bucket is away readers hear that, and find everything when it is back', async () => {
  const { files, places, database } = world.app
  const view = await upload(260)
  await media.moveMedia(world.app, 's3')
  const { read } = places.s3!
  places.s3!.read = async () => { throw unavailable('storageAway', 10) }
  const [key = '', file = ''] = view.preview!.url.split('/').slice(-2)
  const { rows } = await database.pool.query<{ id: string }>('select id from media where key = $1', [key])
  const name = await media.nameInStorage(world.app, { id: rows[0]!.id, key }, file)
  await expect(files.read(name)).rejects.toMatchObject({ code: 'storageAway', status: 503, retryAfter: 10 })
  places.s3!.read = read
  await shows(view)
})
